// SPDX-License-Identifier: MIT
import Foundation
import History
import Household
import TestSupport
import Testing
import TimeSeries

@Suite("Copying another store into the embedded one")
struct SQLiteCopyingTests {
  private let start = instant("2025-01-01T00:00:00Z")

  /// A source in memory that fails on a given read.
  private struct Source: HistoryReading {
    struct Broken: Error {}
    let readings: [SignalName: [Sample]]
    var failsAfter: Date?

    func signals() throws(Broken) -> [SignalSummary] { [] }

    func samples(of signal: SignalName, in range: Range<Date>) throws(Broken) -> [Sample] {
      if let failsAfter, range.upperBound > failsAfter { throw Broken() }
      return (readings[signal] ?? []).filter { range.contains($0.time) }
    }
  }

  private func year() -> [Sample] {
    (0..<8_760).map {
      Sample(time: start.addingTimeInterval(Double($0) * 3_600), value: Double($0))
    }
  }

  private func copy(
    _ source: Source, to path: String, from first: Date? = nil, until last: Date? = nil
  ) -> HistoryExtraction.Outcome {
    let end = last ?? start.addingTimeInterval(366 * 86_400)
    return HistoryExtraction(
      groups: [[.pvPower]], range: (first ?? start)..<end, sourceName: "memory"
    ).run(
      from: { source }, to: { try SQLiteHistory(file: path, access: .writing) }, progress: { _ in }
    )[0]
  }

  @Test("goes on where it broke off: every reading once")
  func resumes() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("house.db")
    let half = start.addingTimeInterval(180 * 86_400)
    let broken = copy(Source(readings: [.pvPower: year()], failsAfter: half), to: path)
    #expect(broken.failure != nil)
    #expect((3_000..<4_400).contains(broken.copied))
    let rest = copy(Source(readings: [.pvPower: year()]), to: path)
    #expect(rest.failure == nil)
    #expect(broken.added + rest.added == 8_760)
    let store = try SQLiteHistory(file: path, access: .reading)
    #expect(try store.samples(of: .pvPower, in: .distantPast..<Date.distantFuture) == year())
    #expect(copy(Source(readings: [.pvPower: year()]), to: path).copied == 1)
  }

  @Test("takes the years before readings that came live")
  func liveReadings() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("house.db")
    let live = Sample(time: start.addingTimeInterval(364 * 86_400 + 1), value: 7)
    try SQLiteHistory(file: path, access: .writing).store([live], for: .pvPower)
    let outcome = copy(Source(readings: [.pvPower: year()]), to: path)
    #expect(outcome.added == 8_760)
  }

  @Test("begins anew when an earlier time is asked for, and adds only what is missing")
  func earlier() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("house.db")
    let source = Source(readings: [.pvPower: year()])
    #expect(copy(source, to: path, from: start.addingTimeInterval(300 * 86_400)).added == 65 * 24)
    #expect(copy(source, to: path).added == 300 * 24)
  }

  @Test("a clock far ahead loses nothing: only readings that were seen count as copied")
  func clockAhead() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("house.db")
    let known = Array(year().prefix(1_000))
    let ahead = start.addingTimeInterval(10 * 366 * 86_400)
    #expect(copy(Source(readings: [.pvPower: known]), to: path, until: ahead).added == 1_000)
    let behind = start.addingTimeInterval(86_400)
    #expect(copy(Source(readings: [.pvPower: year()]), to: path, until: behind).copied == 0)
    #expect(copy(Source(readings: [.pvPower: year()]), to: path).added == 7_760)
  }
}
