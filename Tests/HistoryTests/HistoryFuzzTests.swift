// SPDX-License-Identifier: MIT
import Configuration
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@testable import History

/// Damaged files and answers: an error with its line or true numbers, never a crash or a hang.
@Suite("Fuzzed files and answers of stores")
struct HistoryFuzzTests {
  private static let table = """
    time_utc,pv_power_w,room_kitchen_c
    2026-03-29T00:00:00Z,1200.5,20.5
    2026-03-29T00:15:00Z,,20.75
    2026-03-29T00:30:00Z,"17.25",21

    """
  private static let german = """
    Zeit;Leistung;Zähler
    29.03.2026 00:00;1,5;100,25
    29.03.2026 00:15;-;100,5

    """
  private static let mapping = """
    time: {column: Zeit, format: "%d.%m.%Y %H:%M", time_zone: Europe/Prague, step_seconds: 900}
    decimal_comma: true
    missing: ["-"]
    signals:
      - {signal: pv_power_w, column: Leistung, unit: kW}
      - {signal: grid_power_w, kind: cumulative, unit: kWh, column: Zähler, maximum: 17250}

    """
  private static let sessions = """
    in,out,kwh
    2026-03-29T00:07:00Z,2026-03-29T03:11:00Z,7.5
    2026-03-28T20:00:00Z,2026-03-29T01:00:00Z,11.25

    """
  private static let sessionMapping = """
    time: {column: in, step_seconds: 900}
    sessions: {end_column: out}
    signals: [{signal: charge_point_a_w, kind: energy_per_session, unit: kWh, column: kwh}]

    """

  private static func mapping(of text: String) throws -> ImportMapping {
    try YAMLDocument(text: text, file: "mapping.yaml").decode(ImportMapping.self)
  }

  /// A file through the whole import, into a store in memory.
  private static func importing(_ mapping: String?, zeros: Bool) throws -> (
    ([UInt8]) -> Fuzzing.Outcome
  ) {
    let folder = try TemporaryFolder()
    let importer = SeriesImporter(mapping: try mapping.map(Self.mapping))
    let store = try SQLiteHistory(file: ":memory:", access: .writing)
    let always = Date.distantPast..<Date.distantFuture
    return { input in
      let file = folder.path("file.csv")
      guard (try? Data(input).write(to: URL(filePath: file))) != nil else { return .refused }
      defer { try? store.connection.run("DELETE FROM sample; DELETE FROM signal") }
      do {
        _ = try importer.run(file: file, into: store)
        let numbers = try store.signals().flatMap { summary in
          try store.samples(of: summary.signal, in: always).map(\.value)
        }
        return .numbers(zeros ? numbers.filter { $0 != 0 } : numbers)
      } catch { return .refused }
    }
  }

  private func complaints(
    seed: UInt64, _ seeds: [String], _ parse: ([UInt8]) -> Fuzzing.Outcome
  ) -> [String] {
    complaints(seed: seed, seeds.map { Array($0.utf8) }, parse)
  }

  private func complaints(
    seed: UInt64, _ seeds: [[UInt8]], _ parse: ([UInt8]) -> Fuzzing.Outcome
  ) -> [String] {
    var random = SplitMix64(seed: seed)
    return Fuzzing(seeds: seeds).run(using: &random, parse)
  }

  @Test("damaged series files")
  func seriesFiles() throws {
    #expect(complaints(seed: 1, [Self.table], try Self.importing(nil, zeros: false)).isEmpty)
  }

  @Test("damaged compressed files")
  func compressedFiles() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "file.csv.gz")
    var output = try CompressedOutput(path: file.path)
    try output.write(Array(Self.table.utf8))
    try output.finish()
    let whole = Array(try Data(contentsOf: file))
    let parse = try Self.importing(nil, zeros: true)
    #expect(complaints(seed: 12, [whole], parse).isEmpty)
  }

  @Test("damaged histories of Home Assistant")
  func homeAssistant() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "history.json")
    let seed = """
      [[{"entity_id":"sensor.house","state":"1.5","attributes":{"unit_of_measurement":"kW"},
      "last_changed":"2026-03-29T01:59:00+01:00"},{"state":"unavailable","last_changed":
      "2026-03-29T01:00:00+00:00"},{"state":"1.25","last_changed":"2026-03-29T03:15:00.250+02:00"}],
      [{"entity_id":"switch.boiler","state":"on","last_updated":"2026-03-29T01:30:00+00:00"}]]
      """
    let found = complaints(seed: 13, [seed]) { input in
      do {
        try Data(input).write(to: file)
        let history = try HomeAssistantHistory(file: file.path)
        return .numbers(
          try history.entities.flatMap {
            try history.samples(of: $0, as: .loadPower).samples.map(\.value).filter { $0 != 0 }
          })
      } catch { return .refused }
    }
    #expect(found.isEmpty)
  }

  @Test("damaged foreign files, whose meters may stand still")
  func foreignFiles() throws {
    let parse = try Self.importing(Self.mapping, zeros: true)
    #expect(complaints(seed: 2, [Self.german], parse).isEmpty)
  }

  @Test("damaged lists of sessions, between which nothing is drawn")
  func sessionFiles() throws {
    let parse = try Self.importing(Self.sessionMapping, zeros: true)
    #expect(complaints(seed: 3, [Self.sessions], parse).isEmpty)
  }

  @Test("a session whose year was mistyped is left out, not spread over twenty years")
  func mistypedYear() throws {
    let folder = try TemporaryFolder()
    let text = Self.sessions.replacing("in,out,kwh\n2026", with: "in,out,kwh\n2006")
    let file = folder.path("sessions.csv")
    try Data(text.utf8).write(to: URL(filePath: file))
    let store = try SQLiteHistory(file: folder.path("house.db"), access: .writing)
    let report = try SeriesImporter(mapping: Self.mapping(of: Self.sessionMapping))
      .run(file: file, into: store)
    #expect(report.findings.map(\.kind) == [.outOfRange])
    #expect(report.signals.map(\.stored.added) == [20])
  }

  @Test("damaged mappings")
  func mappings() throws {
    let seeds = [Self.mapping, Self.sessionMapping]
    for seed in seeds { _ = try Self.mapping(of: seed) }
    let found = complaints(seed: 4, seeds) { input in
      do {
        _ = try Self.mapping(of: String(decoding: input, as: UTF8.self))
        return .numbers([])
      } catch { return .refused }
    }
    #expect(found.isEmpty)
  }

  @Test("damaged answers of InfluxDB, in pieces of any length")
  func influxTables() {
    let answer =
      "name,tags,time,value\nm,,1000000,1.5\nm,\"a=x,b=y\",2000000,-3\nm,,3000000,\n"
      + "\nname,tags,time,value\nm,,4000000,1e-05\nm,,5000000,0.1234567890123456789\n"
    #expect(complaints(seed: 6, [answer]) { Self.pieces(of: $0, InfluxCSV()) }.isEmpty)
    let columns =
      "name,tags,time,a,b,c\nm,,1000000,1.5,,-3\nm,\"a=x,b=y\",2000000,-3,7,1e-05\n"
      + "\nname,tags,time,a,b,c\nm,,4000000,,,true\n"
    #expect(
      complaints(seed: 10, [columns]) { Self.pieces(of: $0, InfluxCSV(columnCount: 3)) }.isEmpty)
  }

  @Test("damaged answers in Flux, in pieces of any length")
  func fluxTables() {
    let answer =
      "#datatype,string,long,long,double\r\n,result,table,_time,_value\r\n,,0,1000000,1.5\r\n"
      + "\r\n,result,table,_value,_time\r\n,_result,1,7,2000000\r\n,_result,1,,2500000\r\n\r\n"
    let failure = ",result,table,_value\r\n,_result,0,5\r\n\r\nerror,reference\r\nno,897\r\n"
    #expect(complaints(seed: 9, [answer, failure]) { Self.pieces(of: $0, FluxCSV()) }.isEmpty)
  }

  private static func pieces(of input: [UInt8], _ empty: some InfluxRows) -> Fuzzing.Outcome {
    var cut = SplitMix64(seed: UInt64(input.count))
    var (parser, numbers) = (empty, [Double]())
    var start = 0
    while start < input.count {
      let end = min(input.count, start + Int.random(in: 1...40, using: &cut))
      let goesOn = input[start..<end].withUnsafeBytes { piece in
        parser.feed(piece) { _, _, value in numbers.append(value) }
      }
      guard goesOn else { return .refused }
      start = end
    }
    parser.finish()
    return parser.problem == nil ? .numbers(numbers) : .refused
  }

  @Test("damaged complaints of InfluxDB")
  func influxErrors() {
    let seed = #"{"results":[{"statement_id":0,"error":"database not found: home"}],"error":"x"}"#
    let found = complaints(seed: 7, [seed]) { input in
      InfluxQL.failure(inJSON: input) == nil ? .refused : .numbers([])
    }
    #expect(found.isEmpty)
  }

  @Test("damaged lists of names of InfluxDB, in JSON and in Flux")
  func influxNames() {
    let json =
      #"{"results":[{"statement_id":0,"series":[{"name":"m","columns":["fieldKey","fieldType"],"#
      + #""values":[["power","float"],["room","integer"]]}]}]}"#
    let asJSON = complaints(seed: 14, [json]) { input in
      (try? InfluxCatalogue.names(inJSON: input)) == nil ? .refused : .numbers([])
    }
    #expect(asJSON.isEmpty)
    let flux = ",result,table,_value\r\n,_result,1,power\r\n,_result,1,room\r\n\r\n"
    let asFlux = complaints(seed: 15, [flux, "error,reference\r\nno bucket,897\r\n"]) { input in
      (try? InfluxCatalogue.names(inFlux: input)) == nil ? .refused : .numbers([])
    }
    #expect(asFlux.isEmpty)
  }

  @Test("damaged stores: refused as what they are, or readings that a number can be")
  func stores() throws {
    let folder = try TemporaryFolder()
    let file = folder.path("whole.db")
    do {
      let store = try SQLiteHistory(file: file, access: .writing)
      let start = Date(timeIntervalSince1970: 1_700_000_000)
      try store.store(
        (1...300).map {
          Sample(time: start.addingTimeInterval(Double($0) * 60), value: Double($0) + 0.25)
        }, for: .pvPower)
    }
    let whole = Array(try Data(contentsOf: URL(filePath: file)))
    let damaged = folder.path("damaged.db")
    let always = Date.distantPast..<Date.distantFuture
    let found = complaints(seed: 16, [whole]) { input in
      do {
        try Data(input).write(to: URL(filePath: damaged))
        let store = try SQLiteHistory(file: damaged, access: .reading)
        _ = try store.signals()
        // The bytes of a number may have become those of zero.
        return .numbers(
          try store.samples(of: .pvPower, in: always).map(\.value).filter { $0 != 0 })
      } catch { return .refused }
    }
    #expect(found.isEmpty)
  }

  @Test("damaged times: refused, or read the same after being written")
  func times() {
    let seeds = [
      "2026-03-29T01:00:00Z", "2026-03-29 03:00:00.125+02:00", "2026-03-29T01:00-0330",
      "2026-03-29",
    ]
    let found = complaints(seed: 8, seeds) { input in
      guard let time = Date(isoText: String(decoding: input, as: UTF8.self)) else {
        return .refused
      }
      return .numbers([time.timeIntervalSince1970 == 0 ? 1 : time.timeIntervalSince1970])
    }
    #expect(found.isEmpty)
  }
}
