// SPDX-License-Identifier: MIT
import PlanningFixtures
import Testing
import TimeSeries

@testable import Planning

@Suite("Bound of rooms that exchange heat")
struct CoupledBoundTests {
  private func coupled(_ seed: UInt64) -> (problem: PlanningProblem, prices: [[Double]]) {
    var homes = Homes(seed: seed)
    var problem = homes.home(steps: 6, rooms: 2, batteries: 0, chargers: 0)
    for room in 0..<2 {
      let exchange = homes.number(0.002...0.02)
      problem.rooms[room].neighbours = [.init(room: 1 - room, exchange: exchange)]
    }
    let prices = (0..<2).map { _ in (0..<6).map { _ in homes.number(-0.2...1.5) } }
    return (problem, prices)
  }

  /// The cheapest of all pairs of schedules, found by trying each of them, with its temperatures.
  private func bruteForce(
    _ problem: PlanningProblem, _ prices: [[Double]]
  ) -> (cost: Double, courses: [[Double]]) {
    let simulation = PlanSimulation(problem: problem)
    let models = (0..<2).map { RoomModel(problem: problem, room: $0) }
    var best = (cost: Double.infinity, courses: [[Double]]())
    for number in 0..<(1 << 12) {
      var controls = PlanSchedule.Controls(idleFor: problem)
      controls.relays = (0..<2).map { room in (0..<6).map { number >> (6 * room + $0) & 1 == 1 } }
      guard zip(models, controls.relays).allSatisfy({ $0.allows($1) }) else { continue }
      var cost = simulation.firstStage(controls)
      for room in 0..<2 {
        for step in 0..<6 where controls.relays[room][step] { cost += prices[room][step] }
      }
      if cost < best.cost { best = (cost, simulation.temperatures(controls.relays)) }
    }
    return best
  }

  @Test(
    "lies below the cheapest of all plans, and not far", arguments: 1...12 as ClosedRange<UInt64>)
  func valid(seed: UInt64) {
    let (problem, prices) = coupled(seed)
    let best = bruteForce(problem, prices)
    let rooms = RoomSchedules(problem: problem, points: 400, threads: 1)
    rooms.recouple(courses: best.courses)
    let bound = rooms.coupledBound(prices: prices, courses: best.courses, cells: 3000)
    #expect(bound <= best.cost + 1e-9)
    #expect(bound >= best.cost - 0.2 * max(1, abs(best.cost)))
  }

  @Test("a sliding minimum is the least of each window", arguments: [0...1, -3...4, -7...0, 2...5])
  func window(range: ClosedRange<Int>) {
    var random = SplitMix64(seed: 5)
    let values = (0..<37).map { _ in Double.random(in: -1...1, using: &random) }
    let least = SlidingMinimum(of: values, over: range)
    for place in -9..<46 {
      let seen = range.map { values[min(max(place + $0, 0), values.count - 1)] }
      #expect(least[place] == seen.min())
    }
  }
}
