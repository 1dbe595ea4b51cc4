// SPDX-License-Identifier: MIT
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@testable import History

@Suite("Import of series")
struct SeriesImporterTests {
  let fixture: ImportFixture

  init() throws { fixture = try ImportFixture() }

  func failure(_ content: String) -> String {
    let error = #expect(throws: TransferError.self) { try fixture.load(content) }
    #expect((try? fixture.store.signals()) == [], "nothing is stored of a file that is refused")
    let text = error?.description ?? ""
    return text.replacingOccurrences(of: fixture.folder.path("in.csv"), with: "in.csv")
  }

  @Test("takes a column for a signal by its name, and empty fields for missing")
  func plainFile() throws {
    let report = try fixture.load(
      """
      time_utc,pv_power_w,room_kitchen_c
      2026-03-29T00:00:00Z,1200.5,20.5
      2026-03-29T00:15:00Z,,20.75
      2026-03-29T00:30:00Z,0,
      """)
    #expect(try fixture.values("pv_power_w") == [1200.5, 0])
    #expect(try fixture.values("room_kitchen_c") == [20.5, 20.75])
    #expect(
      try fixture.times("pv_power_w")
        == [instant("2026-03-29T00:00:00Z"), instant("2026-03-29T00:30:00Z")])
    #expect(report.rows == 3)
    #expect(report.stepSeconds == 900)
    #expect(report.count(.missingValue, "pv_power_w") == 1)
    #expect(report.signals.map(\.missing) == [1, 1])
  }

  @Test("changes nothing when a file comes a second time")
  func idempotent() throws {
    let content = "time_utc,pv_power_w\n2026-03-29T00:00Z,1\n2026-03-29T00:15Z,2\n"
    #expect(try fixture.load(content).signals[0].stored == MergeCounts(added: 2))
    let before = try fixture.samples("pv_power_w")
    #expect(try fixture.load(content).signals[0].stored == MergeCounts(unchanged: 2))
    #expect(try fixture.samples("pv_power_w") == before)
  }

  @Test("says what is wrong with a file, where, and what to do")
  func refusals() {
    #expect(failure("") == "in.csv: empty; a header line with the names of the columns is needed")
    #expect(failure("time_utc,pv_power_w\n").hasPrefix("in.csv: a header and nothing below it"))
    #expect(
      failure("date,pv_power_w\n").hasPrefix("in.csv:1: the first column is 'date', not 'time_utc'")
    )
    #expect(
      failure("time_utc,pv_power\n2026-03-29T00:00Z,1\n")
        .hasPrefix("in.csv:1: column 'pv_power': 'pv_power' is no signal"))
    #expect(
      failure("time_utc,pv_power_kw\n2026-03-29T00:00Z,1\n").contains("allowed are …_w_m2"))
    #expect(
      failure("time_utc,meter_wh_total\n2026-03-29T00:00Z,1\n").contains("use a mapping"))
    #expect(
      failure("time_utc,pv_power_w\n2026-03-29T00:00Z,12,5\n")
        == "in.csv:2: 3 fields, but the header has 2; is the delimiter right?")
    #expect(
      failure("time_utc,pv_power_w\n2026-03-29T00:00Z,n/a\n")
        == "in.csv:2: column 'pv_power_w': 'n/a' is not a number")
    #expect(
      failure("time_utc,pv_power_w\n2026-03-29T00:00Z,1\n2026-03-29T00:15Z,NaN\n")
        .hasPrefix("in.csv:3: column 'pv_power_w': 'NaN' is not a finite number"))
    #expect(
      failure("time_utc,pv_power_w\n29.3.2026 0:00,1\n")
        .hasPrefix("in.csv:2: column 'time_utc': '29.3.2026 0:00' is not a time"))
    #expect(
      failure("time_utc,pv_power_w\n2026-03-29 00:00:00,1\n").contains("expected a zone"))
    #expect(
      failure("time_utc,pv_power_w,pv_power_w\n2026-03-29T00:00Z,1,2\n")
        == "in.csv:1: the column 'pv_power_w' is there more than once")
    #expect(
      failure("time_utc,pv_power_w\n2026-03-29T00:15Z,1\n2026-03-29T00:00Z,1\n").hasPrefix(
        "in.csv:3: the time goes backwards, 2026-03-29T00:00:00Z after 2026-03-29T00:15:00Z"))
    #expect(
      failure("time_utc,pv_power_w\n2026-03-29T00:15Z,1\n2026-03-29T00:15Z,2\n")
        .hasPrefix("in.csv:3: the time 2026-03-29T00:15:00Z is there twice with different values"))
  }

  @Test("drops a row that repeats the one before it and reports it")
  func repetition() throws {
    let report = try fixture.load(
      "time_utc,pv_power_w\n2026-03-29T00:00Z,1\n2026-03-29T00:00Z,1\n2026-03-29T00:15Z,2\n")
    #expect(report.count(.repeatedTime, "time_utc") == 1)
    #expect(report.findings.first?.firstLine == 3)
    #expect(try fixture.values("pv_power_w") == [1, 2])
  }

  @Test("reports gaps with their place and length")
  func gaps() throws {
    let report = try fixture.load(
      """
      time_utc,pv_power_w
      2026-03-29T00:00Z,1
      2026-03-29T00:15Z,1
      2026-03-29T01:00Z,1
      2026-03-29T01:15Z,1
      2026-03-29T03:30Z,1
      """)
    let gap = report.findings.first { $0.kind == .gap }
    #expect(gap?.count == 2)
    #expect(gap?.firstLine == 4)
    #expect(gap?.firstTime == instant("2026-03-29T00:15:00Z"))
    #expect(gap?.detail == "10 steps missing, the longest gap is 2.25 h")
  }

  @Test("stores nothing of a compressed file that is cut off")
  func truncated() throws {
    let path = fixture.folder.path("in.csv.gz")
    let writer = try CSVWriter(path: path, header: ["time_utc", "pv_power_w"])
    for index in 0..<100_000 {
      writer.append(Date(milliseconds: Int64(index) * 60_000))
      writer.append(Double(index * 7919 % 1_000))
      try writer.endLine()
    }
    try writer.finish()
    let whole = try Data(contentsOf: URL(filePath: path))
    try whole.prefix(whole.count - 9).write(to: URL(filePath: path))
    let error = #expect(throws: TransferError.self) {
      try SeriesImporter(mapping: nil).run(file: path, into: fixture.store)
    }
    #expect(error?.description.contains("damaged or cut off (unexpected end of file)") == true)
    #expect(try fixture.store.signals() == [])
    try whole.write(to: URL(filePath: path))
    let report = try SeriesImporter(mapping: nil).run(file: path, into: fixture.store)
    #expect(report.signals[0].stored.added == 100_000)
  }

  /// An empty store has five pages; it may grow by one, two, three …, so that each write fails once.
  @Test("stores all of a file or nothing whichever page the disk is full at")
  func fullDisk() throws {
    let lines = (0..<4_000).map { index in
      "\(Date(milliseconds: Int64(index) * 900_000).formatted(.iso8601)),\(index),\(index % 30)"
    }
    let content = "time_utc,pv_power_w,room_kitchen_c\n" + lines.joined(separator: "\n")
    var failures = 0
    for pages in 6...80 {
      let fixture = try ImportFixture(pageLimit: pages)
      do {
        try fixture.load(content)
        #expect(try fixture.values("pv_power_w").count == 4_000)
        #expect(failures > 20)
        return
      } catch let error as TransferError {
        #expect(error == .store(.full(file: fixture.store.file)))
        #expect(try fixture.store.signals() == [])
        failures += 1
      }
    }
    Issue.record("the store never had room")
  }

  @Test(
    "exports and imports random series to the last bit", arguments: 1...12 as ClosedRange<UInt64>)
  func roundTrip(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let names = ["pv_power_w", "room_a_c", "price_spot_czk_per_kwh"]
    for name in names {
      var time: Int64 = Int64.random(in: 0...2_000_000_000_000, using: &random)
      let samples = (0..<Int.random(in: 1...600, using: &random)).map { _ in
        time += Int64.random(in: 1...40, using: &random) * (seed % 2 == 0 ? 900_000 : 7)
        return Sample(time: Date(milliseconds: time), value: random.finiteDouble())
      }
      try fixture.store.store(samples, for: #require(SignalName(name)))
    }
    let path = fixture.folder.path(seed % 3 == 0 ? "out.csv.gz" : "out.csv")
    let exporter = SeriesExporter(
      signals: names.compactMap { SignalName($0) }, times: .distantPast ..< .distantFuture)
    _ = try exporter.run(from: fixture.store, to: path)
    let copy = try ImportFixture()
    _ = try SeriesImporter(mapping: nil).run(file: path, into: copy.store)
    for name in names {
      #expect(
        try copy.values(name).map(\.bitPattern) == fixture.values(name).map(\.bitPattern))
      #expect(try copy.times(name) == fixture.times(name))
    }
  }
}
