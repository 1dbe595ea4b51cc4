// SPDX-License-Identifier: MIT
import Foundation
import History
import Household
import TestSupport
import Testing
import TimeSeries

/// A year of a house; slow, so only where PEMS_SLOW_TESTS is set. Prints what it measured.
@Suite(
  "A year in a real InfluxDB", .serialized,
  .enabled(
    if: InfluxServerProcess.isPresent
      && ProcessInfo.processInfo.environment["PEMS_SLOW_TESTS"] != nil,
    "skipped: needs influxd and PEMS_SLOW_TESTS"))
struct InfluxYearTests {
  @Test("60 signals of five minutes are written and read back identical")
  func year() async throws {
    let folder = try TemporaryFolder()
    let influx = try InfluxServerProcess(in: folder.url)
    try await influx.execute("CREATE DATABASE home")
    let signals = (0..<60).compactMap { SignalName("room_\($0)_c") }
    let start = instant("2025-01-01T00:00:00Z")
    let count = 105_120
    let store = InfluxHistory(
      influx.server(database: "home"), mapping: .own(signals),
      patience: .init(attempts: 3) { Thread.sleep(forTimeInterval: $0) })
    func year(_ seed: Int) -> [Sample] {
      var random = SplitMix64(seed: UInt64(seed))
      return (0..<count).map {
        Sample(
          time: start.addingTimeInterval(Double($0) * 300),
          value: (Double.random(in: -20...40, using: &random) * 100).rounded() / 100)
      }
    }
    let clock = ContinuousClock()
    var (writing, reading) = (Duration.zero, Duration.zero)
    // Ten signals at a time, as pems export and pems import do.
    let groups = stride(from: 0, to: signals.count, by: 10).map { Array($0..<$0 + 10) }
    for group in groups {
      let columns = group.map { (signal: signals[$0], samples: year($0)) }
      writing += try clock.measure { try store.store(columns) }
    }
    let all = start..<start.addingTimeInterval(Double(count) * 300)
    for group in groups {
      var found: [[Sample]] = []
      reading += try clock.measure {
        found = try store.samples(of: group.map { signals[$0] }, in: all)
      }
      #expect(zip(group, found).allSatisfy { year($0) == $1 })
    }
    let points = Double(count * signals.count)
    let memory =
      try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
      .split(separator: "\n").first { $0.hasPrefix("VmHWM") } ?? ""
    print(
      "\(Int(points)) points: written \(Int(points / writing.seconds))/s, "
        + "read \(Int(points / reading.seconds))/s, \(memory)")
  }
}
