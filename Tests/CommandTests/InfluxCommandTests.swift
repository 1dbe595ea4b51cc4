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
      if head.contains("PV1InputPower") {
        return LoopbackServer.answer(
          head.contains("application/json") ? #"{"results":[{"statement_id":0}]}"# : "")
      }
      let rows = (0..<10).map { "solar,,\((start + $0 * 300) * 1_000_000),\($0 + 1)" }
      return LoopbackServer.answer("name,tags,time,v\n" + rows.joined(separator: "\n") + "\n")
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
