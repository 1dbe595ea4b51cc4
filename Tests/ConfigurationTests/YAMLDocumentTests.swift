// SPDX-License-Identifier: MIT
import Configuration
import Foundation
import TestSupport
import Testing
import TimeSeries

private struct Mapping: Decodable, Equatable {
  struct Column: Decodable, Equatable {
    let signal: String
    let factor: Double?
    let kind: Kind?
  }

  enum Kind: String, Decodable, CaseIterable { case power, counter }

  let version: Int
  let columns: [String: Column]
  let skip: [String]?
  let header: Bool?
}

/// The text of the error that decoding throws; empty when it throws none.
private func failure(_ text: String, environment: [String: String]? = nil) -> String {
  do throws(ConfigurationError) {
    _ = try YAMLDocument(text: text, file: "map.yaml", environment: environment)
      .decode(Mapping.self)
    return ""
  } catch {
    return error.description
  }
}

@Suite("YAML documents")
struct YAMLDocumentTests {
  @Test("decodes maps, lists, numbers, booleans, quoted text and aliases")
  func decodes() throws {
    let text = """
      # a mapping
      version: 0x1
      header: true
      skip: [a, "2", 'it''s']
      columns:
        Watt: &power {signal: pv_power_w, factor: 1.5e3, kind: power}
        Again: *power
        Plain:
          signal: NO
      """
    let mapping = try YAMLDocument(text: text, file: "map.yaml").decode(Mapping.self)
    let power = Mapping.Column(signal: "pv_power_w", factor: 1_500, kind: .power)
    #expect(mapping.version == 1)
    #expect(mapping.header == true)
    #expect(mapping.skip == ["a", "2", "it's"])
    #expect(mapping.columns["Watt"] == power)
    #expect(mapping.columns["Again"] == power)
    #expect(mapping.columns["Plain"] == Mapping.Column(signal: "NO", factor: nil, kind: nil))
  }

  @Test("a time of day without quotes is text and no number in base 60")
  func unquotedTime() throws {
    #expect(try YAMLDocument(text: "22:00", file: "t").decode(String.self) == "22:00")
  }

  @Test(
    "every mistake is told with file, line and key",
    arguments: [
      ("version: one\ncolumns: {}", "map.yaml:1: version: 'one' is not a whole number"),
      (
        "version: \"1\"\ncolumns: {}",
        "map.yaml:1: version: \"1\" is not a whole number; write it without quotes"
      ),
      ("version: 1.5\ncolumns: {}", "map.yaml:1: version: '1.5' is not a whole number"),
      ("version: 1\n\n", "map.yaml:1: columns: is missing"),
      (
        "version: 1\ncolums: {}",
        "map.yaml:2: colums: is not a key here; did you mean 'columns'?"
      ),
      (
        "version: 1\ncolumns:\n  A: {signal: x, factr: 2}",
        "map.yaml:3: columns.A.factr: is not a key here; did you mean 'factor'?"
      ),
      (
        "version: 1\ncolumns: {}\nzebra: 1",
        "map.yaml:3: zebra: is not a key here; allowed: columns, header, skip, version"
      ),
      (
        "version: 1\ncolumns:\n  A: {signal: x, factor: \"0,5\"}",
        "map.yaml:3: columns.A.factor: \"0,5\" is not a number"
      ),
      (
        "version: 1\ncolumns:\n  A:\n    signal: x\n    factor: 0,5",
        "map.yaml:5: columns.A.factor: '0,5' is not a number; write 0.5 with a point"
      ),
      (
        "version: 1\ncolumns:\n  A:\n    signal: x\n    factor: 5 kW",
        "map.yaml:5: columns.A.factor: '5 kW' is not a number;"
          + " write 5 alone, the unit is in the key"
      ),
      (
        "version: 1\ncolumns:\n  A: {signal: x, factor: .inf}",
        "map.yaml:3: columns.A.factor: '.inf' is not a number"
      ),
      (
        "version: 1\ncolumns:\n  A: {signal: 12}",
        "map.yaml:3: columns.A.signal: '12' is not text;"
          + " write \"12\" in quotes if it is meant as text"
      ),
      (
        "version: 1\ncolumns:\n  A: {signal: x, kind: energy}",
        "map.yaml:3: columns.A.kind: 'energy' is not one of power, counter"
      ),
      ("version: 1\nheader: yes\ncolumns: {}", "map.yaml:2: header: 'yes' is not true or false"),
      ("version: 1\ncolumns: [1]", "map.yaml:2: columns: a list is not a map of keys"),
      ("version: 1\ncolumns: {}\nskip: {a: 1}", "map.yaml:3: skip: a map of keys is not a list"),
      (
        "version: 1\ncolumns: {}\nskip:\n  - a\n  - 7",
        "map.yaml:5: skip[1]: '7' is not text; write \"7\" in quotes if it is meant as text"
      ),
    ])
  func mistakes(text: String, expected: String) {
    #expect(failure(text) == expected)
  }

  @Test(
    "text that is no YAML is told with its line",
    arguments: [
      ("", "map.yaml:1: the file is empty"),
      ("# only this\n", "map.yaml:1: the file is empty"),
      (
        "version: 1\nversion: 2",
        "map.yaml:2: the key 'version' stands here again, first on line 1"
      ),
      (
        "version: 1\ncolumns:\n\tA: 1",
        "map.yaml:3: a tab stands in the indentation; write spaces"
      ),
      (
        "version: 1\n---\nversion: 2",
        "map.yaml:2: a second document begins here; a file holds only one"
      ),
      ("version: *one", "map.yaml:1: the alias *one has no anchor &one before it"),
      ("? [a, b]\n: 1", "map.yaml:1: a key must be a single word"),
    ])
  func noYAML(text: String, expected: String) {
    #expect(failure(text) == expected)
  }

  @Test("a tag is refused with the way to write a secret")
  func tag() {
    #expect(failure("version: !secret one").contains("map.yaml:1: the tag '!secret' is not known"))
    #expect(failure("version: !secret one").contains("${NAME}"))
  }

  @Test("broken quoting is told with libyaml's words and a line")
  func brokenQuotes() {
    #expect(failure("version: 1\ncolumns: \"a").hasPrefix("map.yaml:2: found unexpected end"))
  }

  @Test("an alias bomb is refused before it unfolds")
  func aliasBomb() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...12 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    #expect(failure(text).contains("more than 200000 values"))
  }

  @Test("nesting without end is refused")
  func depth() {
    let text = "a: " + String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
    #expect(failure(text).contains("nested deeper than 64 levels"))
  }

  @Test("an error holds file, line, column, key and message apart")
  func parts() throws {
    let error = try #require(throws: ConfigurationError.self) {
      try YAMLDocument(text: "version: 1\ncolumns:\n  A: {signal: 4}", file: "m.yaml")
        .decode(Mapping.self)
    }
    let problem = try #require(error.problems.first)
    #expect(error.problems.count == 1)
    #expect(problem.file == "m.yaml")
    #expect(problem.line == 3)
    #expect(problem.column == 15)
    #expect(problem.keyPath == "columns.A.signal")
    #expect(problem.message.hasPrefix("'4' is not text"))
  }

  @Test("all unknown keys are told at once, in the order of the lines")
  func manyUnknown() throws {
    let error = try #require(throws: ConfigurationError.self) {
      try YAMLDocument(text: "one: 1\nversion: 1\ncolumns: {}\ntwo: 2", file: "m")
        .decode(Mapping.self)
    }
    #expect(error.problems.map(\.keyPath) == ["one", "two"])
  }

  @Test("parsing stops neither by trap nor by loop on any cut or changed text", arguments: 0..<300)
  func fuzz(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let text =
      "version: 1\ncolumns:\n  A: &x {signal: \"a\", factor: 1.5}\n  B: *x\nskip: [a, 'b']\n"
    var bytes = Array(text.utf8)
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let position = Int.random(in: bytes.indices, using: &random)
      bytes[position] = UInt8.random(in: 9...126, using: &random)
    }
    bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
    let message = failure(String(decoding: bytes, as: UTF8.self))
    #expect(message.isEmpty || message.hasPrefix("map.yaml:"))
  }
}
