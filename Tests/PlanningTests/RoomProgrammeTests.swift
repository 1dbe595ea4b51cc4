// SPDX-License-Identifier: MIT
import PlanningFixtures
import Testing
import TimeSeries

@testable import Planning

@Suite("Room schedules")
struct RoomProgrammeTests {
  /// The cheapest of all schedules, found by trying each of them.
  private func bruteForce(_ model: RoomModel, _ prices: [Double]) -> Double {
    var best = Double.infinity
    let steps = model.stepCount
    for number in 0..<(1 << steps) {
      let schedule = (0..<steps).map { number >> $0 & 1 == 1 }
      guard model.allows(schedule) else { continue }
      let paid = schedule.indices.reduce(0) { $0 + (schedule[$1] ? prices[$1] : 0) }
      best = min(best, model.cost(of: schedule) + paid)
    }
    return best
  }

  private func room(_ seed: UInt64) -> (problem: PlanningProblem, prices: [Double]) {
    var homes = Homes(seed: seed)
    var problem = homes.home(steps: 12, rooms: 1, batteries: 0, chargers: 0)
    problem.rooms[0].minimumOnSteps = 1 + Int(seed % 3)
    problem.rooms[0].minimumOffSteps = 1 + Int(seed / 3 % 3)
    if seed % 5 == 0 { problem.stepHours[0] = 0.1 }
    return (problem, (0..<12).map { _ in homes.number(-0.2...1.5) })
  }

  @Test("are the cheapest of all schedules", arguments: 1...40 as ClosedRange<UInt64>)
  func optimal(seed: UInt64) {
    let (problem, prices) = room(seed)
    let model = RoomModel(problem: problem, room: 0)
    let answer = RoomProgramme(model: model, points: 800)
      .solve(prices: prices, scratch: RoomScratch())
    #expect(model.allows(answer.schedule))
    #expect(abs(model.cost(of: answer.schedule) - answer.ownCost) < 1e-9)
    let paid = answer.schedule.indices.reduce(0) {
      $0 + (answer.schedule[$1] ? prices[$1] : 0)
    }
    let best = bruteForce(model, prices)
    // 800 points leave less than a hundredth of a currency unit of interpolation error here.
    #expect(answer.ownCost + paid <= best + 0.01)
    #expect(answer.ownCost + paid >= best - 1e-9)
  }

  @Test(
    "have a lower bound below the optimum and close to it", arguments: 1...40 as ClosedRange<UInt64>
  )
  func bound(seed: UInt64) {
    let (problem, prices) = room(seed)
    let model = RoomModel(problem: problem, room: 0)
    let slopes = RoomProgramme(model: model, points: 400)
      .solve(prices: prices, scratch: RoomScratch()).slopes
    let best = bruteForce(model, prices)
    let bound = RoomBound(model: model, slopes: slopes, cells: 4000).value(prices: prices)
    #expect(bound <= best + 1e-9)
    // Half a percent of the cost of these rooms is what 4000 cells leave at worst.
    #expect(bound >= best - 0.1)
    // Any slopes give a bound.
    let careless = RoomBound(model: model, slopes: slopes.map { _ in -0.7 }, cells: 500)
    #expect(careless.value(prices: prices) <= best + 1e-9)
  }

  @Test("obey a person's order at once, even against minimum times")
  func overrides() {
    var (problem, prices) = room(4)
    problem.rooms[0].isOnInitially = true
    problem.rooms[0].stepsInState = 1
    problem.rooms[0].minimumOnSteps = 4
    problem.rooms[0].fixedRelay = [0: false, 1: false, 6: true]
    let model = RoomModel(problem: problem, room: 0)
    prices[6] = 50
    let schedule = RoomProgramme(model: model, points: 200)
      .solve(prices: prices, scratch: RoomScratch()).schedule
    #expect(!schedule[0] && !schedule[1] && schedule[6])
  }
}
