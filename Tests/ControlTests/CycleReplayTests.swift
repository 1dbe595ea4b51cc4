// SPDX-License-Identifier: MIT
import Control
import Forecasting
import Foundation
import Household
import Planning
import TestSupport
import Testing
import TimeSeries

@Suite("Replay of journalled decisions")
struct CycleReplayTests {
  private let start = instant("2026-01-12T00:00:00Z")

  private func cycle(heatLoss: Double = 50) throws -> ControlCycle {
    ControlCycle(
      model: try HomeModel(
        home: controlHome(rooms: [controlRoom("kitchen", heatLoss: heatLoss)]),
        settings: ControlSettings(planStepCount: 96)),
      strategy: .rules)
  }

  /// Lines of decisions on readings drawn from a seed.
  func journal(_ count: Int) throws -> [String] {
    let cycle = try cycle()
    var random = SplitMix64(seed: 3)
    var memory = ControlCycle.Memory()
    var lines: [String] = []
    for index in 0..<count {
      let time = start.addingTimeInterval(
        300 * Double(index) + Double.random(in: 0...1, using: &random))
      var snapshot = Snapshot(time: time)
      snapshot.roomTemperatures["kitchen"] = Reading(
        Celsius(Double.random(in: 19...23, using: &random)), at: time)
      snapshot.gridPower = Reading(
        Watts(Double.random(in: 0...9_000, using: &random) / 3), at: time)
      let grid = cycle.planGrid(at: time)
      let none = TimeGrid(start: grid.start, stepSeconds: 900, count: 0)
      let input = ControlCycle.Input(
        snapshot: snapshot,
        known: ForecastInputs(
          issuedAt: time, grid: grid, weather: nil,
          outdoorTemperature: Celsius(Double.random(in: -5...5, using: &random)),
          publishedSpotPrice: Series(grid: grid, constant: nil),
          pastSpotPrice: Series(grid: none, values: []),
          baseLoadHistory: Series(grid: none, values: []), pvHistory: nil, vehicles: [:]))
      let result = cycle.step(input, memory: memory)
      lines.append(
        try CycleRecord(
          result, input: input, memory: memory, isFirst: index == 0, version: "1",
          configuration: "x", planner: .thorough
        ).line())
      memory = result.memory
    }
    return lines
  }

  @Test("100 decisions come out of their lines the same to the last bit")
  func identical() throws {
    var replay = CycleReplay(cycle: try cycle())
    for line in try journal(100) {
      let comparison = replay.replay(try CycleRecord(line: line))
      #expect(comparison.wasReplayed && comparison.differences.isEmpty)
    }
  }

  @Test("a changed configuration shows in what differs")
  func changed() throws {
    var replay = CycleReplay(cycle: try cycle(heatLoss: 400))
    let different = try journal(20).map { replay.replay(try CycleRecord(line: $0)) }
      .filter { !$0.differences.isEmpty }
    #expect(!different.isEmpty)
  }
}
