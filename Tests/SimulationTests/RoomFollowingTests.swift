// SPDX-License-Identifier: MIT
import Control
import Forecasting
import Foundation
import Household
import Physics
import Planning
import TestSupport
import Testing
import TimeSeries

@testable import Simulation

@Suite("Following rooms in a closed loop")
struct RoomFollowingTests {
  /// A home under pems, cycle by cycle, with the test between decisions.
  private struct Loop {
    let cycle: ControlCycle
    let outlook: SimulatedOutlook
    var house: SimulatedHome
    var memory = ControlCycle.Memory()

    init(faults: [ScheduledFault] = [], days: Double = 2) throws {
      let home = TestHome.home(battery: nil, vehicles: false)
      var house = try TestHome.simulated(home)
      house.faults = faults
      self.house = house
      outlook = SimulatedOutlook(
        home: house, period: house.time..<house.time.addingTimeInterval((days + 3) * 86_400))
      var options = PlannerOptions()
      options.effort = .first
      cycle = ControlCycle(
        model: try HomeModel(home: home, settings: ControlSettings(cycleSeconds: 900)),
        strategy: .optimised(options))
    }

    mutating func step() -> ControlCycle.Result {
      let now = house.time
      let snapshot = house.snapshot(at: now)
      let known = outlook.known(at: now, on: cycle.planGrid(at: now), snapshot: snapshot)
      let result = cycle.step(.init(snapshot: snapshot, known: known), memory: memory)
      memory = result.memory
      _ = house.apply(result.limited.commands, at: now)
      house.advance(to: now.addingTimeInterval(900))
      return result
    }
  }

  @Test("a frozen and a dead sensor leave sane temperatures, and plans go on")
  func faults() throws {
    let start = try TestHome.simulated().time
    let times = start.addingTimeInterval(12 * 3_600)..<start.addingTimeInterval(40 * 3_600)
    var loop = try Loop(faults: [
      ScheduledFault(.sensorStuck(room: "living"), during: times),
      ScheduledFault(.sensorDead(room: "study"), during: times),
    ])
    var (worst, told): ([Double], Set<String>) = ([0, 0], [])
    var plans = 0
    for _ in 0..<40 * 4 {
      let truth = loop.house.trueRoomTemperatures
      let result = loop.step()
      for room in 0..<2 {
        let believed = result.state.thermal.temperature(ofRoom: room).rawValue
        worst[room] = max(worst[room], abs(believed - truth[room].rawValue))
      }
      for diagnostic in result.state.diagnostics { told.insert(diagnostic.subject) }
      plans += result.replanCause != nil && result.verdict?.isFeasible == true ? 1 : 0
      #expect(result.plan != nil)
    }
    // The thermostats of the house are pems itself: what it believes is what people get.
    #expect(worst[0] < 1.2 && worst[1] < 1.2, "\(worst)")
    #expect(told.contains("living") && told.contains("study"))
    #expect(plans >= 38)
  }

  @Test("a restart goes on from the floors and walls that were believed")
  func restart() throws {
    var loop = try Loop(days: 1)
    for _ in 0..<20 { _ = loop.step() }
    let kept = try #require(RoomMemory(loop.memory))
    let written = try JSONEncoder().encode(kept)
    var again = loop
    again.memory = ControlCycle.Memory()
    try JSONDecoder().decode(RoomMemory.self, from: written).restore(&again.memory)
    var lost = loop
    lost.memory = ControlCycle.Memory()
    // The sun since the last decision is told by the forecast, which is not kept: it is night.
    let (before, after, without) = (loop.step(), again.step(), lost.step())
    #expect(after.state.belief == before.state.belief)
    #expect(without.state.belief != before.state.belief)
    #expect(after.replanCause == "first plan" && after.plan != nil)
  }

  @Test("P10 to P90 of the rooms come with each plan and hold most of what comes")
  func outlook() throws {
    var loop = try Loop()
    var issued = 0
    for _ in 0..<36 * 4 {
      let result = loop.step()
      guard result.replanCause != nil else { continue }
      issued += 1
      let living = try #require(result.roomOutlook["living"])
      #expect(living.grid.count == 192)
      #expect(zip(living.p10, living.p90).allSatisfy { $0 < $1 })
    }
    let judged = loop.memory.roomOutlook.coverage
    #expect(issued >= 36 && judged.targets > 300)
    #expect(judged.inside.rawValue > 0.6, "\(judged)")
  }
}
