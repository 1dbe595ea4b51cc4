// SPDX-License-Identifier: MIT
import Foundation
import History
import Household
import TestSupport
import Testing
import TimeSeries

@testable import pems

/// `pems import` and `pems doctor` against a server that speaks like InfluxDB 1.x.
@Suite("Import out of InfluxDB and its doctor")
struct InfluxCommandTests {
  private let folder: TemporaryFolder
  private let start = 1_767_225_600  // 2026-01-01

  init() throws { folder = try TemporaryFolder() }

  /// Ten readings of every field but SOC, which answers 500.
  private func server() throws -> LoopbackServer {
    let start = start
    return try LoopbackServer { _, request in
      let head = request.head
      if head.contains("SHOW%20MEASUREMENTS") {
        return LoopbackServer.answer(
          #"{"results":[{"series":[{"columns":["name"],"values":[["solar"]]}]}]}"#)
      }
      if head.contains("SHOW%20FIELD%20KEYS") {
        return LoopbackServer.answer(
          #"{"results":[{"series":[{"columns":["k"],"values":[["SOC"],["PV1InputPowr"]]}]}]}"#)
      }
      if head.contains("%22SOC%22") { return LoopbackServer.answer("", status: "401 No") }
      if head.contains("application/json") {
        return LoopbackServer.answer(#"{"results":[{"statement_id":0}]}"#)
      }
      let fields = Self.fields(in: head)
      guard fields != ["PV1InputPower"] else { return LoopbackServer.answer("") }
      let rows = (0..<10).map { row in
        "solar,,\((start + row * 300) * 1_000_000)"
          + fields.map { $0 == "PV1InputPower" ? "," : ",\(row + 1)" }.joined()
      }
      let header = "name,tags,time," + fields.joined(separator: ",")
      return LoopbackServer.answer(header + "\n" + rows.joined(separator: "\n") + "\n")
    }
  }

  /// The fields that a query asks for.
  private static func fields(in head: String) -> [String] {
    guard let start = head.firstRange(of: "SELECT%20")?.upperBound,
      let end = head[start...].firstRange(of: "%20FROM")?.lowerBound
    else { return [] }
    return head[start..<end].split(separator: "%2C%20").map {
      String($0.split(separator: "%22").first { !$0.contains("%2") } ?? "")
    }
  }

  private func configurationFile(_ address: String) throws -> String {
    let text = """
      version: 1
      site: {name: T, latitude: 49.2, longitude: 16.6, altitude_m: 237, time_zone: Europe/Prague,
        holidays: CZ, currency: CZK}
      grid: {main_fuse_a: 25, phases: 3, voltage_v: 230, export_limit_w: 10000}
      tariff: {import: {fixed_per_kwh: 3}, value_added_tax_percent: 21}
      history:
        store: house.db
        influx:
          address: \(address)
          database: solar
          presets: [solar]
          signals:
            - {signal: temperature_outdoor_c, measurement: solar, field: temp, tags: {at: roof}}
      """
    let path = folder.path("pems.yaml")
    try Data(text.utf8).write(to: URL(filePath: path))
    return path
  }

  @Test("brings every signal that answers and names the one that does not")
  func imports() async throws {
    let server = try server()
    let path = try configurationFile(server.address)
    let words = ["import", "--config", path, "--from", "2026-01-01", "--to", "2026-01-02"]
    #expect(await Pems.run(words) == 1)
    let store = try SQLiteHistory(file: folder.path("house.db"), access: .reading)
    let counts = try store.signals().filter { $0.count > 0 }
    #expect(
      counts.map(\.signal) == [.batteryPower, .gridPower, .loadPower, .outdoorTemperature])
    #expect(counts.allSatisfy { $0.count == 10 })
    let noon = Date(timeIntervalSince1970: Double(start))
    // import − export of one field each: 1 − 1
    #expect(try store.samples(of: .gridPower, in: noon..<noon.addingTimeInterval(1)).count == 1)
    #expect(await Pems.run(words + ["--signals", "grid_power_w"]) == 0)
    #expect(await Pems.run(words + ["--signals", "grid_powr_w"]) == 3)
    server.stop()
    #expect(await Pems.run(words + ["--signals", "grid_power_w", "--to", "2026-02-01"]) == 4)
    #expect(await Pems.run(["import", "--from", "2026-01-01"]) == 2)
  }

  /// A server that has a reading every five minutes of `hours` hours, and gives those asked for.
  private func endlessServer(hours: Int) throws -> LoopbackServer {
    let (first, count) = (start, hours * 12)
    return try LoopbackServer { _, request in
      func bound(_ mark: String) -> Int? {
        request.head.firstRange(of: mark).flatMap {
          Int(request.head[$0.upperBound...].prefix { $0.isNumber || $0 == "-" })
        }
      }
      guard let low = bound("time%20%3E%3D%20"), let high = bound("time%20%3C%20"),
        !request.head.contains("application/json")
      else { return LoopbackServer.answer(#"{"results":[{"statement_id":0}]}"#) }
      let rows = (0..<count).map { first + $0 * 300 }
        .filter { (low / 1_000_000..<high / 1_000_000).contains($0) }
        .map { "solar,,\($0 * 1_000_000),\($0 % 977)" }
      return LoopbackServer.answer(
        rows.isEmpty ? "" : "name,tags,time,v\n" + rows.joined(separator: "\n") + "\n")
    }
  }

  @Test(
    "a clock that steps by years and back loses and doubles nothing",
    .enabled(
      if: ReferenceMaterial.has("simulators/faults/libwallclock.so"),
      Comment(rawValue: ReferenceMaterial.missing("simulators/faults/libwallclock.so"))))
  func steppedClock() throws {
    let server = try endlessServer(hours: 200)
    let path = try configurationFile(server.address)
    let shim = ReferenceMaterial.url("simulators/faults/libwallclock.so").path
    let words = [
      "import", "--config", path, "--from", "2026-01-01", "--signals", "temperature_outdoor_c",
    ]
    func count() throws -> Int {
      try SQLiteHistory(file: folder.path("house.db"), access: .reading)
        .samples(of: .outdoorTemperature, in: .distantPast..<Date.distantFuture).count
    }
    // The third hour, years ahead, back to the fifth, before the beginning, and right at last.
    for (clock, expected, exitCode) in [
      (start + 3 * 3_600, 36, 0), (start + 900 * 86_400, 2_400, 0), (start + 5 * 3_600, 2_400, 0),
      (start - 86_400, 2_400, 2), (start + 300 * 3_600, 2_400, 0),
    ] {
      let run = try PemsProcess.run(
        words, environment: ["LD_PRELOAD": shim, "WALLCLOCK": "@\(clock)"])
      #expect(run.exitCode == exitCode, "\(run.errorOutput)")
      #expect(try count() == expected)
    }
    server.stop()
  }

  @Test(
    "export sends the store's signals as fields of pems; a wrong name and a lost server are told")
  func exports() async throws {
    let server = try LoopbackServer { _, request in
      if request.head.hasPrefix("POST /write") {
        return LoopbackServer.answer("", status: "204 No Content")
      }
      return LoopbackServer.answer(
        request.head.contains("application/json") ? #"{"results":[{"statement_id":0}]}"# : "")
    }
    let path = try configurationFile(server.address)
    let store = try SQLiteHistory(file: folder.path("house.db"), access: .writing)
    for (index, signal) in [SignalName.gridPower, .pvPower].enumerated() {
      let samples = (0..<3).map {
        Sample(
          time: Date(timeIntervalSince1970: Double(start + $0 * 60)), value: Double($0 + index))
      }
      try store.store(samples, for: signal)
    }
    let words = ["export", "--config", path, "--influx"]
    #expect(await Pems.run(words) == 0)
    let written = server.requests.filter { $0.head.hasPrefix("POST /write") }
    #expect(
      written.map { String(decoding: $0.body, as: UTF8.self) } == [
        (0..<3).map {
          "pems grid_power_w=\($0).0,pv_power_w=\($0 + 1).0 \(start + $0 * 60)000000\n"
        }.joined()
      ])
    #expect(await Pems.run(words + ["--signals", "pv_powr_w"]) == 1)
    #expect(await Pems.run(words + ["--workers", "0"]) == 2)
    server.stop()
    #expect(await Pems.run(words) == 4)
  }

  @Test("the doctor tells found, missing with the nearest name, and stale")
  func doctor() throws {
    let server = try server()
    let configuration = try configuration(at: configurationFile(server.address))
    func checks(at time: String) -> [String: StreamDoctor.Check] {
      let doctor = StreamDoctor(
        configuration: configuration, store: folder.path("none.db"), now: instant(time),
        staleAfterSeconds: 86_400)
      return Dictionary(
        (doctor.checkInflux() + doctor.checkStore()).map { ($0.signal, $0) },
        uniquingKeysWith: { first, _ in first })
    }
    let fresh = checks(at: "2026-01-01T01:00:00Z")
    #expect(fresh["grid_power_w"]?.status == .found)
    #expect(fresh["pv_power_w"]?.status == .missing)
    #expect(fresh["pv_power_w"]?.note.contains("did you mean 'PV1InputPowr'?") ?? false)
    #expect(fresh["battery_soc_percent"]?.status == .unknown)
    #expect(fresh["all"]?.note.contains("there is no such store") ?? false)
    #expect(checks(at: "2026-02-01T00:00:00Z")["grid_power_w"]?.status == .stale)
  }
}
