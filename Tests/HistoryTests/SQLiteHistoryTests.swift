// SPDX-License-Identifier: MIT
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@testable import History

@Suite("SQLite store")
struct SQLiteHistoryTests {
  let folder: TemporaryFolder
  let start = instant("2026-03-29T00:00:00Z")

  init() throws { folder = try TemporaryFolder() }

  var path: String { folder.path("history.db") }

  func store() throws -> SQLiteHistory { try SQLiteHistory(file: path, access: .writing) }

  func samples(_ values: Double..., every seconds: Double = 900) -> [Sample] {
    values.enumerated().map {
      Sample(time: start.addingTimeInterval(Double($0.offset) * seconds), value: $0.element)
    }
  }

  @Test("gives back what was stored, in order and inside the half-open time")
  func roundTrip() throws {
    let store = try store()
    try store.store(samples(1, 2, 3, 4).reversed(), for: .pvPower)
    #expect(
      try store.samples(of: .pvPower, in: .distantPast ..< .distantFuture) == samples(1, 2, 3, 4))
    let middle = start.addingTimeInterval(900)..<start.addingTimeInterval(2_700)
    #expect(try store.samples(of: .pvPower, in: middle).map(\.value) == [2, 3])
    #expect(try store.samples(of: .loadPower, in: middle) == [])
  }

  @Test(
    "keeps random numbers to the bit and instants to the millisecond",
    arguments: 1...10 as ClosedRange<UInt64>)
  func exact(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var milliseconds: Int64 = Int64.random(
      in: -3_000_000_000_000...3_000_000_000_000, using: &random)
    let samples = (0..<2_000).map { _ in
      milliseconds += Int64.random(in: 1...2_000_000, using: &random)
      return Sample(time: Date(milliseconds: milliseconds), value: random.finiteDouble())
    }
    try store().store(samples.shuffled(using: &random), for: .gridPower)
    let reader = try SQLiteHistory(file: path, access: .reading)
    let found = try reader.samples(of: .gridPower, in: .distantPast ..< .distantFuture)
    #expect(found.map(\.value.bitPattern) == samples.map(\.value.bitPattern))
    #expect(found.map(\.time) == samples.map(\.time))
  }

  @Test("lists its signals by name with their number of readings and time")
  func signals() throws {
    let store = try store()
    try store.store(samples(1, 2, 3), for: .pvPower)
    try store.store(samples(20), for: .roomTemperature("kitchen"))
    try store.store([], for: .gridPower)
    #expect(
      try store.signals() == [
        SignalSummary(signal: .gridPower, count: 0, span: nil),
        SignalSummary(signal: .pvPower, count: 3, span: start...start.addingTimeInterval(1_800)),
        SignalSummary(signal: .roomTemperature("kitchen"), count: 1, span: start...start),
      ])
    #expect(try store.span(of: .pvPower) == start...start.addingTimeInterval(1_800))
    #expect(try store.span(of: .gridPower) == nil)
    #expect(try store.span(of: .loadPower) == nil)
  }

  @Test("replaces a reading at the same instant and tells what was new")
  func merge() throws {
    let store = try store()
    var counts = MergeCounts()
    counts += try store.merge(samples(1, 2, 3), for: .pvPower)
    counts += try store.merge(samples(1, 5, 3, 4), for: .pvPower)
    #expect(counts == MergeCounts(added: 4, changed: 1, unchanged: 2))
    let values = try store.samples(of: .pvPower, in: .distantPast ..< .distantFuture).map(\.value)
    #expect(values == [1, 5, 3, 4])
  }

  @Test(
    "refuses NaN and infinity and stores nothing of that call", arguments: [Double.nan, .infinity])
  func notFinite(value: Double) throws {
    let store = try store()
    let refused = SignalName.pvPower
    let error = #expect(throws: HistoryError.self) {
      try store.store(samples(1, 2, value), for: refused)
    }
    #expect(error == .notFinite(signal: refused, time: start.addingTimeInterval(1_800)))
    #expect(try store.signals() == [])
  }

  @Test("puts a signal on a grid by each rule, with readings from before the grid")
  func series() throws {
    let store = try store()
    try store.store(samples(10, 20, 60), for: .pvPower)
    let grid = TimeGrid(start: start.addingTimeInterval(900), stepSeconds: 1_800, count: 2)
    func values(_ rule: Resampling) throws -> [Double?] {
      try store.series(of: .pvPower, on: grid, resampling: rule, as: Watts.self).values.map {
        $0?.rawValue
      }
    }
    #expect(try values(.mean) == [40, nil])
    let late = TimeGrid(start: start.addingTimeInterval(1_800 + 60), stepSeconds: 60, count: 3)
    let held: Series<Watts> = try store.series(
      of: .pvPower, on: late, resampling: .hold(maximumAge: 180))
    #expect(held.values.map { $0?.rawValue } == [60, 60, nil])
    let between = TimeGrid(start: start.addingTimeInterval(300), stepSeconds: 300, count: 1)
    let line: Series<Watts> = try store.series(
      of: .pvPower, on: between, resampling: .linear(maximumGap: 900))
    #expect(line.values == [Watts(15)])
  }

  @Test("serves readers while a transaction is open, which see only what is complete")
  func readersBesideWriter() throws {
    let writer = try store()
    try writer.store(samples(1), for: .pvPower)
    let reader = try SQLiteHistory(file: path, access: .reading)
    try writer.connection.transaction(wrapping: { $0 }) { () throws(HistoryError) in
      try writer.store(samples(1, 2, 3), for: .pvPower)
      #expect(try! reader.signals().first?.count == 1)
    }
    #expect(try reader.signals().first?.count == 3)
  }
}
