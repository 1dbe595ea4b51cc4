// SPDX-License-Identifier: MIT
import Foundation
import History
import Household
import TimeSeries

/// Three years of minutes into the store, out of it, onto a grid, and through a CSV file.
enum HistoryBenchmark {
  static let count = 1_500_000

  static func run() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "pems-history-benchmark")
    try? FileManager.default.removeItem(at: folder)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func path(_ name: String) -> String { folder.appending(path: name).path }
    let store = try SQLiteHistory(file: path("store.db"), access: .writing)
    let always = Date.distantPast..<Date.distantFuture
    let samples = samples()
    try report("store", count) { try store.store(samples, for: .pvPower) }
    try report("store what is known already", count) { try store.store(samples, for: .pvPower) }
    try report("read", count) {
      guard try store.samples(of: .pvPower, in: always) == samples else { return }
    }
    let grid = TimeGrid(start: samples[0].time, stepSeconds: 900, count: count / 15)
    try report("quarter-hour means", count) {
      let _: Series<Watts> = try store.series(of: .pvPower, on: grid, resampling: .mean)
    }
    try report("1000 days", 1_440_000) {
      for day in 0..<1_000 {
        let start = samples[0].time.addingTimeInterval(Double(day) * 86_400)
        _ = try store.samples(of: .pvPower, in: start..<start.addingTimeInterval(86_400))
      }
    }
    for name in ["file.csv", "file.csv.gz"] {
      try report("export \(name)", count) {
        _ = try SeriesExporter(signals: [.pvPower], times: always).run(from: store, to: path(name))
      }
      let copy = try SQLiteHistory(file: path(name + ".db"), access: .writing)
      try report("import \(name)", count) {
        _ = try SeriesImporter(mapping: nil).run(file: path(name), into: copy)
      }
    }
  }

  private static func samples() -> [Sample] {
    var random = SplitMix64(seed: 1)
    return (0..<count).map {
      Sample(
        time: Date(timeIntervalSince1970: 1_700_000_000 + Double($0) * 60),
        value: (Double.random(in: 0...5_000, using: &random) * 10).rounded() / 10)
    }
  }

  private static func report(_ name: String, _ count: Int, _ body: () throws -> Void) rethrows {
    let before = clock()
    let time = try ContinuousClock().measure(body)
    let processor = Double(clock() - before) / Double(CLOCKS_PER_SEC)
    let seconds = time / .seconds(1)
    print(
      name + ": "
        + String(
          format: "%.2f s, %.2f s of a processor, %.2f million readings a processor second",
          seconds, processor, Double(count) / processor / 1e6))
  }
}
