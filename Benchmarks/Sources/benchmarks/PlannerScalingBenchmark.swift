// SPDX-License-Identifier: MIT
import Foundation
import Planning

/// Time against rooms and steps, re-planning from a warm state, and memory.
enum PlannerScalingBenchmark {
  static func run() throws {
    guard let judge = PlanJudge() else { return print("../shared/milp is not beside the project") }
    let winter = try judge.problem("winter_1000")
    print("rooms × steps   processor s   wall s   above the bound")
    for (rooms, steps) in [(5, 192), (10, 192), (17, 192), (40, 192), (17, 288)] {
      let problem = resized(winter, rooms: rooms, steps: steps)
      let start = Stopwatch.processor()
      let outcome = try PlannerBenchmark.planned(problem)
      print(
        String(
          format: "%5d × %-5d   %11.2f   %6.2f   %.2f %%", rooms, steps,
          Stopwatch.processor() - start, outcome.seconds, 100 * (outcome.gap ?? .nan)))
    }
    try replan(judge)
    try repeatSolves()
  }

  /// Sun and load change, the plan does not wait: one sweep at the last prices, with fuse repair.
  private static func replan(_ judge: PlanJudge) throws {
    for name in judge.names {
      let problem = try judge.problem(name)
      let plan = try PlannerBenchmark.planned(problem)
      var disturbed = problem
      for step in 0..<8 {
        disturbed.pvKilowatts[step] *= 0.3
        disturbed.baseLoadKilowatts[step] *= 1.5
      }
      let start = Stopwatch.processor()
      let outcome = try PlannerBenchmark.planned(disturbed, memory: plan.memory) {
        $0.effort = .sweep
      }
      let processor = Stopwatch.processor() - start
      let full = try PlannerBenchmark.planned(disturbed, memory: plan.memory)
      let violations = PlanCheck(disturbed).verdict(outcome.schedule.controls).violations
      print(
        String(
          format: "re-plan of %@: %.0f ms of the processor, %.0f of the wall, %+.2f dearer than %@",
          name, processor * 1000, outcome.seconds * 1000,
          outcome.schedule.objective.total - full.schedule.objective.total,
          violations.isEmpty ? "the full plan" : "BREAKS A LIMIT"))
    }
  }

  /// Ten thousand plans in one process.
  private static func repeatSolves() throws {
    guard let judge = PlanJudge() else { return }
    let small = resized(try judge.problem("winter_1000"), rooms: 2, steps: 24)
    var after = 0.0
    for number in 1...10_000 {
      _ = try PlannerBenchmark.planned(small) {
        $0.effort = .first
        $0.threads = 1
      }
      if number == 1000 { after = Stopwatch.residentMegabytes }
    }
    print(
      String(
        format: "memory after 1 000 plans %.1f MB, after 10 000 %.1f MB", after,
        Stopwatch.residentMegabytes))
  }

  /// The problem with another number of rooms, which repeat with a little difference, and of steps.
  private static func resized(
    _ problem: PlanningProblem, rooms: Int, steps: Int
  ) -> PlanningProblem {
    func repeated(_ values: [Double]) -> [Double] {
      values.isEmpty ? [] : (0..<steps).map { values[$0 % values.count] }
    }
    var grid = problem.grid
    grid.importPrices = repeated(grid.importPrices)
    grid.exportPrices = repeated(grid.exportPrices)
    grid.spotPrices = repeated(grid.spotPrices)
    grid.importLimitKilowatts *= max(1, Double(rooms) / 17)
    var result = PlanningProblem(
      name: "\(rooms) rooms, \(steps) steps", stepHours: repeated(problem.stepHours), grid: grid,
      baseLoadKilowatts: repeated(problem.baseLoadKilowatts),
      pvKilowatts: repeated(problem.pvKilowatts), outdoorCelsius: repeated(problem.outdoorCelsius),
      solarKilowattsPerSquareMetre: repeated(problem.solarKilowattsPerSquareMetre))
    result.batteries = problem.batteries
    result.chargers = problem.chargers
    for index in result.chargers.indices {
      result.chargers[index].sessions.removeAll { $0.end > steps }
    }
    result.rooms = (0..<rooms).map { index in
      var room = problem.rooms[index % problem.rooms.count]
      let round = Double(index / problem.rooms.count)
      room.name += round > 0 ? " \(Int(round) + 1)" : ""
      room.powerKilowatts *= 1 - 0.07 * round
      room.kelvinPerKilowatt *= 1 + 0.05 * round
      room.lowerCelsius = repeated(room.lowerCelsius)
      room.upperCelsius = repeated(room.upperCelsius)
      return room
    }
    return result
  }
}
