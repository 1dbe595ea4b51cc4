// SPDX-License-Identifier: MIT

/// `benchmarks [NAME …]` runs the named benchmarks, or all of them.
@main
enum Benchmarks {
  static let all: [(name: String, run: @Sendable () throws -> Void)] = [
    ("history", HistoryBenchmark.run),
    ("influx", InfluxBenchmark.run),
    ("learning", LearningBenchmark.run),
    ("planner", PlannerBenchmark.run),
    ("planner-scaling", PlannerScalingBenchmark.run),
    ("planner-scenarios", PlannerBenchmark.runScenarios),
    ("planner-whole-house", PlannerBenchmark.runWholeHouse),
    ("rooms", RoomsBenchmark.run),
    ("sun", SunBenchmark.run),
    ("sun-calibration", SunCalibrationBenchmark.run),
  ]

  static func main() throws {
    let wanted = CommandLine.arguments.dropFirst()
    for name in wanted where !all.contains(where: { $0.name == name }) {
      print("unknown benchmark '\(name)'; there are: \(all.map(\.name).joined(separator: ", "))")
    }
    for benchmark in all where wanted.isEmpty || wanted.contains(benchmark.name) {
      print("== \(benchmark.name)")
      try benchmark.run()
    }
  }
}
