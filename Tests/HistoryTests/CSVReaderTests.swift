// SPDX-License-Identifier: MIT
import Foundation
import History
import TestSupport
import Testing
import TimeSeries

@Suite("Table files")
struct CSVReaderTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func file(_ content: String, _ name: String = "table.csv") throws -> String {
    let path = folder.path(name)
    try Data(content.utf8).write(to: URL(filePath: path))
    return path
  }

  func table(_ content: String) throws -> CSVTable { try CSVTable(path: file(content)) }

  func failure(_ content: String) -> CSVError.Problem? {
    #expect(throws: CSVError.self) { try table(content) }?.problem
  }

  @Test(
    "reads numbers and texts whatever the delimiter and line end",
    arguments: [
      "a,b\n1,x\n,\"y,z\"\n", "a;b\r\n1;x\r\n;\"y,z\"\r\n", "a\tb\n1\tx\n\ty,z",
      "\u{FEFF}a,b\n\n1,x\n\n,\"y,z\"\n\n", "a,b\r1,x\r,\"y,z\"",
    ])
  func reads(content: String) throws {
    let table = try table(content)
    #expect(table.header == ["a", "b"])
    #expect(try table.numbers("a") == [1, nil])
    #expect(try table.texts("b") == ["x", "y,z"])
  }

  @Test("keeps quotes, line ends and blanks inside quoted fields")
  func quotedFields() throws {
    let table = try table("a,b\n\" say \"\"so\"\" \",\"two\nlines\"\n\"\",3\n")
    #expect(try table.texts("a") == [" say \"so\" ", ""])
    #expect(try table.texts("b") == ["two\nlines", "3"])
    #expect(table.rows.map(\.line) == [2, 4])
  }

  @Test("counts lines as an editor does", arguments: ["\n", "\r\n", "\r"])
  func lineNumbers(lineEnd: String) throws {
    let lines = ["a,b", "1,2", "", "3,\"x\(lineEnd == "\r" ? "" : "\n")y\"", "5,6"]
    let table = try table(lines.joined(separator: lineEnd))
    #expect(table.rows.map(\.line) == (lineEnd == "\r" ? [2, 4, 5] : [2, 4, 6]))
  }

  @Test("tells the line, the column and the text of what is no number")
  func badNumber() throws {
    let table = try table("t,pv_power_w\n1,2\n2,1 200\n")
    let error = #expect(throws: CSVError.self) { try table.numbers("pv_power_w") }
    #expect(
      error?.description.hasSuffix("table.csv:3: column 'pv_power_w': '1 200' is not a number")
        == true)
  }

  @Test(
    "refuses what C would take for a number", arguments: ["0x10", " 1", "1f", "1,5", "--1", "1e"])
  func strictNumbers(text: String) throws {
    let table = try table("a;b\n\"\(text)\";1\n")
    #expect(throws: CSVError.self) { try table.numbers("a") }
  }

  @Test(
    "refuses NaN and infinity unless they are declared as missing",
    arguments: ["NaN", "-inf", "1e999"])
  func notFinite(text: String) throws {
    let table = try table("a\n1\n\(text)\n")
    let error = #expect(throws: CSVError.self) { try table.numbers("a") }
    #expect(error?.problem == .notFinite(text))
    #expect(try table.numbers("a", missing: [text]) == [1, nil])
  }

  @Test("reads every number to the last bit", arguments: 1...20 as ClosedRange<UInt64>)
  func exactNumbers(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let numbers = (0..<500).map { _ in random.finiteDouble() }
    let table = try table("a\n" + numbers.map { "\($0)" }.joined(separator: "\n"))
    #expect(try table.completeNumbers("a").map(\.bitPattern) == numbers.map(\.bitPattern))
  }

  @Test("reads a decimal comma where it is declared")
  func decimalComma() throws {
    let table = try table("a;b\n-3,25;1\n")
    #expect(try table.rows[0].number(0, decimalComma: true) == -3.25)
  }

  @Test("names the nearest column for one that is not there")
  func nearestColumn() throws {
    let table = try table("time_utc,pv_power_w\n")
    let error = #expect(throws: CSVError.self) { try table.numbers("pv_powr_w") }
    #expect(error?.description.contains("did you mean 'pv_power_w'?") == true)
  }

  @Test("refuses files that are no tables")
  func refusals() throws {
    #expect(failure("") == .empty)
    #expect(failure("\n\n") == .empty)
    #expect(failure("a,b\n1,2,3\n") == .fieldCount(found: 3, expected: 2))
    #expect(failure("a,b\n1,x\"y\n") == .strayQuote)
    #expect(failure("a,b\n1,\"y\n2,3\n") == .openQuote)
    #expect(failure("PAR1....") == .notText("Parquet"))
    #expect(failure("a\0b") == .notText("binary"))
    let missing = #expect(throws: CSVError.self) { try CSVTable(path: folder.path("none.csv")) }
    #expect(missing?.problem == .cannotOpen(reason: "no such file or directory"))
    let folderError = #expect(throws: CSVError.self) { try CSVTable(path: folder.url.path) }
    #expect(folderError?.problem == .cannotOpen(reason: "is a directory"))
  }

  @Test("refuses an unclosed quotation mark before it has swallowed the file")
  func runawayQuote() {
    let rest = String(repeating: "1,2\n", count: 500_000)
    #expect(failure("a,b\n1,\"\n" + rest) == .openQuote)
  }

  @Test("reads a file longer than its buffers")
  func longFile() throws {
    let lines = (0..<50_000).map { "\($0),\"quoted \($0)\",\(Double($0) / 8)" }
    let table = try table("n,text,eighth\n" + lines.joined(separator: "\n"))
    #expect(try table.completeNumbers("n") == (0..<50_000).map(Double.init))
    #expect(try table.completeNumbers("eighth") == (0..<50_000).map { Double($0) / 8 })
    #expect(try table.texts("text")[49_999] == "quoted 49999")
    #expect(table.rows.last?.line == 50_001)
  }

  @Test("writes what it reads, plain and compressed", arguments: ["out.csv", "out.csv.gz"])
  func roundTrip(name: String) throws {
    let path = folder.path(name)
    let writer = try CSVWriter(path: path, header: ["time_utc", "note", "value"])
    let notes = ["plain", "with, comma", "with \"quotes\"", "two\nlines", " padded ", ""]
    for (index, note) in notes.enumerated() {
      writer.append(instant("2026-03-29T00:59:59Z").addingTimeInterval(Double(index) * 0.25))
      writer.append(note)
      writer.append(index == 2 ? nil : Double(index) / 3)
      try writer.endLine()
    }
    #expect(!FileManager.default.fileExists(atPath: path))
    try writer.finish()
    let table = try CSVTable(path: path)
    #expect(try table.texts("note") == notes)
    #expect(try table.numbers("value") == [0, 1.0 / 3, nil, 1, 4.0 / 3, 5.0 / 3])
    #expect(try table.texts("time_utc")[4] == "2026-03-29T01:00:00Z")
    #expect(try table.instants("time_utc")[1] == instant("2026-03-29T00:59:59Z") + 0.25)
    let isCompressed = try Data(contentsOf: URL(filePath: path)).starts(with: [0x1F, 0x8B])
    #expect(isCompressed == name.hasSuffix(".gz"))
  }

  @Test("leaves nothing behind when a file is not finished")
  func unfinishedFile() throws {
    let path = try file("old\n", "kept.csv")
    do {
      let writer = try CSVWriter(path: path, header: ["a"])
      writer.append(1)
      try writer.endLine()
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["kept.csv"])
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old\n")
  }

  @Test("reports a folder that is not there and a full disk when writing")
  func cannotWrite() throws {
    let error = #expect(throws: CSVError.self) {
      try CSVWriter(path: folder.path("none/out.csv"), header: ["a"])
    }
    #expect(error?.problem == .cannotWrite(reason: "no such file or directory"))
  }

  @Test("refuses a compressed file that is cut off or damaged")
  func damagedCompression() throws {
    let path = folder.path("out.csv.gz")
    let writer = try CSVWriter(path: path, header: ["a"])
    var random = SplitMix64(seed: 7)
    for _ in 0..<5_000 {
      writer.append(random.finiteDouble())
      try writer.endLine()
    }
    try writer.finish()
    let whole = try Data(contentsOf: URL(filePath: path))
    for count in [20, 5_000, whole.count - 4] {
      try whole.prefix(count).write(to: URL(filePath: path))
      let error = #expect(throws: CSVError.self) { try CSVTable(path: path) }
      #expect(error?.problem == .damaged(reason: "unexpected end of file"), "cut to \(count) bytes")
    }
    var damaged = whole
    damaged[whole.count / 2] ^= 0xFF
    try damaged.write(to: URL(filePath: path))
    #expect(throws: CSVError.self) { try CSVTable(path: path) }
  }
}
