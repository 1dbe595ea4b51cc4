// SPDX-License-Identifier: MIT
import Control
import Forecasting
import Foundation
import Household
import Planning
import Synchronization
import TestSupport
import Testing
import TimeSeries

@Suite("Control loop")
struct ControlLoopTests {
  /// Remembers what it is told; its readings are always fresh.
  private final class House: HouseConnection {
    let applied = Mutex<[[Command]]>([])
    let released = Mutex<Set<CommandTarget>>([])

    func snapshot(at time: Date) -> Snapshot {
      var snapshot = Snapshot(time: time)
      snapshot.roomTemperatures["kitchen"] = Reading(Celsius(20.5), at: time)
      snapshot.outdoorTemperature = Reading(Celsius(2), at: time)
      snapshot.relays["kitchen"] = Reading(
        RelayState(isOn: false, since: .distantPast), at: time)
      return snapshot
    }

    func apply(_ commands: [Command], at time: Date) -> [CommandOutcome] {
      applied.withLock { $0.append(commands) }
      return commands.map { _ in .accepted }
    }

    func release(_ targets: [CommandTarget]) { released.withLock { $0.formUnion(targets) } }
    func deliver() {}
  }

  private let home = controlHome(rooms: [controlRoom("kitchen")])

  private func known(_ time: Date, _ grid: TimeGrid, _ snapshot: Snapshot) -> ForecastInputs {
    let none = TimeGrid(start: grid.start, stepSeconds: 900, count: 0)
    return ForecastInputs(
      issuedAt: time, grid: grid, weather: nil, outdoorTemperature: Celsius(2),
      publishedSpotPrice: Series(grid: grid, constant: nil),
      pastSpotPrice: Series(grid: none, values: []),
      baseLoadHistory: Series(grid: none, values: []), pvHistory: nil, vehicles: [:])
  }

  @Test("beats on while the planner hangs, and says that it is late")
  func hungPlanner() async throws {
    let house = House()
    let gaps = Mutex<[Double]>([])
    let isLate = Mutex(false)
    let release = DispatchGroup()
    release.enter()
    let loop = ControlLoop(
      model: try HomeModel(
        home: home, settings: ControlSettings(cycleSeconds: 1, planStepSeconds: 900)),
      strategy: .rules, fastPeriod: .milliseconds(100), overrides: Overrides(),
      surroundings: .init(
        house: house,
        known: { time, grid, snapshot in
          release.wait()
          return known(time, grid, snapshot)
        },
        now: { Date() }, onDecision: { _, _, _ in },
        onBeat: { beat in
          gaps.withLock { $0.append(beat.gap) }
          if beat.isPlannerLate { isLate.withLock { $0 = true } }
        }))
    loop.start()
    // Nobody lets the planner go before: all beats are beside a planner that hangs.
    let beatsOn = await eventually { gaps.withLock { $0.count } >= 10 && isLate.withLock { $0 } }
    loop.stop()
    release.leave()
    #expect(beatsOn, "\(gaps.withLock { $0.count }) beats, late: \(isLate.withLock { $0 })")
  }

  @Test("what a person wants goes out at the next beat, also when there is no plan")
  func overrideAtOnce() async throws {
    let house = House()
    let hangs = DispatchGroup()
    hangs.enter()
    let loop = ControlLoop(
      model: try HomeModel(home: home, settings: ControlSettings()), strategy: .rules,
      fastPeriod: .milliseconds(50), overrides: Overrides(),
      surroundings: .init(
        house: house,
        known: { time, grid, snapshot in
          hangs.wait()
          return known(time, grid, snapshot)
        }, now: { Date() }, onDecision: { _, _, _ in }, onBeat: { _ in }))
    loop.start()
    loop.changeOverrides {
      $0.set(
        Override(
          .action(.heat(room: "kitchen", isOn: true)), until: Date(timeIntervalSinceNow: 600),
          source: .mqtt, since: Date()))
    }
    let isHeating = await eventually {
      house.applied.withLock {
        $0.last?.map(\.action) == [.heat(room: "kitchen", isOn: true)]
      }
    }
    #expect(isHeating)
    loop.stop()
    hangs.leave()
  }
}

@Suite("Fast cycle")
struct FastCycleTests {
  private let now = instant("2026-01-12T20:00:00Z")

  private let home = controlHome(
    rooms: ["a", "b"].enumerated().map { controlRoom($1, priority: $0 + 1, watts: 3_000) })

  private func picture(_ celsius: [String: Double] = ["a": 21, "b": 21]) -> Snapshot {
    var snapshot = Snapshot(time: now)
    for (room, value) in celsius {
      snapshot.roomTemperatures[room] = Reading(Celsius(value), at: now)
      snapshot.relays[room] = Reading(
        RelayState(isOn: true, since: now.addingTimeInterval(-30)), at: now)
    }
    snapshot.gridPower = Reading(Watts(6_500), at: now)
    return snapshot
  }

  private func heat(_ room: String, _ isOn: Bool) -> Command {
    Command(.heat(room: room, isOn: isOn), expiresAt: now.addingTimeInterval(900), reason: "plan")
  }

  private func off(_ decision: FastCycle.Decision, _ room: String) -> Bool {
    decision.commands.contains { $0.action == .heat(room: room, isOn: false) }
  }

  @Test("in manual people alone decide; in safety everything is off, whatever anybody wants")
  func modes() throws {
    var overrides = Overrides()
    overrides.set(
      Override(
        .action(.heat(room: "b", isOn: true)), until: now.addingTimeInterval(600), source: .mqtt,
        since: now))
    let wanted = [heat("a", true), heat("b", false)]
    let manual = FastCycle(home: home, mode: .manual).decide(
      wanted: wanted, overrides: overrides, snapshot: picture())
    #expect(manual.commands.map(\.action) == [.heat(room: "b", isOn: true)])
    let safety = FastCycle(home: home, mode: .safety).decide(
      wanted: wanted, overrides: overrides, snapshot: picture())
    #expect(
      safety.commands.map(\.action) == [
        .heat(room: "a", isOn: false), .heat(room: "b", isOn: false),
      ]
    )
  }

  @Test("an override ends by itself and the plan counts again")
  func overrideEnds() throws {
    var overrides = Overrides()
    overrides.set(
      Override(
        .action(.heat(room: "a", isOn: false)), until: now, source: .mqtt,
        since: now.addingTimeInterval(-60)))
    let decision = FastCycle(home: home).decide(
      wanted: [heat("a", true)], overrides: overrides, snapshot: picture())
    #expect(!off(decision, "a"))
  }

  @Test("a person and the emergency stop need not wait for the rest of a relay; a plan must")
  func rest() throws {
    let cycle = FastCycle(home: home)
    let planned = cycle.decide(
      wanted: [heat("a", false)], overrides: Overrides(), snapshot: picture())
    #expect(!off(planned, "a"))
    var overrides = Overrides()
    overrides.set(
      Override(
        .action(.heat(room: "a", isOn: false)), until: now.addingTimeInterval(60), source: .mqtt,
        since: now))
    #expect(off(cycle.decide(wanted: [], overrides: overrides, snapshot: picture()), "a"))
    let stopped = cycle.decide(
      wanted: [heat("a", true)], overrides: Overrides(), snapshot: picture(), isStopped: true)
    #expect(off(stopped, "a") && off(stopped, "b"))
  }

  @Test("the fuse counts more than a person's wish, the least important room goes first")
  func fuse() throws {
    var overrides = Overrides()
    for room in ["a", "b"] {
      overrides.set(
        Override(
          .action(.heat(room: room, isOn: true)), until: now.addingTimeInterval(600),
          source: .mqtt, since: now))
    }
    var snapshot = picture()
    // 3 × 16 A × 230 V = 11 040 W; 13 500 W now, of which 6 000 W are heaters: one has to go.
    snapshot.gridPower = Reading(Watts(13_500), at: now)
    let decision = FastCycle(home: home).decide(
      wanted: [], overrides: overrides, snapshot: snapshot)
    #expect(off(decision, "a") && !off(decision, "b"))
  }

  @Test("a room without a fresh temperature is left to its thermostat, not heated blindly")
  func blind() throws {
    let decision = FastCycle(home: home).decide(
      wanted: [heat("a", true), heat("b", true)], overrides: Overrides(),
      snapshot: picture(["b": 21]))
    #expect(decision.released == [.room("a")])
    #expect(decision.commands.map(\.action) == [.heat(room: "b", isOn: true)])
  }

  @Test("hands off means that nothing is commanded")
  func handsOff() throws {
    var overrides = Overrides()
    overrides.set(
      Override(
        .handsOff(.room("a")), until: now.addingTimeInterval(600), source: .device, since: now))
    let decision = FastCycle(home: home).decide(
      wanted: [heat("a", true)], overrides: overrides, snapshot: picture())
    #expect(decision.commands.isEmpty && decision.released == [.room("a")])
  }
}

@Suite("Frozen sensors")
struct FrozenSensorsTests {
  private let start = instant("2026-01-12T00:00:00Z")

  private func picture(_ minutes: Int, _ celsius: Double, isOn: Bool) -> Snapshot {
    let time = start.addingTimeInterval(Double(minutes) * 60)
    var snapshot = Snapshot(time: time)
    snapshot.roomTemperatures["a"] = Reading(Celsius(celsius), at: time)
    snapshot.relays["a"] = Reading(RelayState(isOn: isOn, since: start), at: time)
    return snapshot
  }

  /// A minute after the picture before.
  private func isSeen(_ picture: Snapshot, by sensors: inout FrozenSensors) -> Bool {
    sensors.filter(picture, after: 60).roomTemperatures["a"] != nil
  }

  @Test("a sensor that repeats itself for four hours of heating is no sensor")
  func frozen() {
    var sensors = FrozenSensors()
    for minute in 0...239 { #expect(isSeen(picture(minute, 21, isOn: true), by: &sensors)) }
    for minute in 240...245 { _ = isSeen(picture(minute, 21, isOn: true), by: &sensors) }
    #expect(sensors.frozen == ["a"])
    #expect(isSeen(picture(246, 21.1, isOn: true), by: &sensors))
  }

  @Test("a wall clock that steps by two hours, forth and back, does not age a sensor")
  func clockSteps() {
    var sensors = FrozenSensors()
    for minute in 0..<60 {
      let stepped = minute + [0, 120, 0, -120][minute % 4]
      #expect(isSeen(picture(stepped, 21, isOn: true), by: &sensors))
    }
    #expect(sensors.frozen.isEmpty)
  }

  @Test("a quiet room may stand still for a night")
  func quiet() {
    var sensors = FrozenSensors()
    for minute in 0...600 { _ = isSeen(picture(minute, 21, isOn: false), by: &sensors) }
    #expect(sensors.frozen.isEmpty)
  }
}
