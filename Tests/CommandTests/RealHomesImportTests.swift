// SPDX-License-Identifier: MIT
import Configuration
import Foundation
import History
import Household
import Quality
import TestSupport
import Testing
import TimeSeries

@testable import pems

/// Real homes brought in by the example mappings alone; what their README files warn of is found.
@Suite(
  "Real homes by configuration",
  .enabled(if: ReferenceMaterial.has("data"), Comment(rawValue: ReferenceMaterial.missing("data"))))
struct RealHomesImportTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func bring(
    _ file: String, _ mapping: String, change: (String) -> String = { $0 }
  ) throws -> ImportReport {
    let path = ReferenceMaterial.package.appending(path: "Examples/mappings/\(mapping).yaml").path
    let text = change(try String(contentsOfFile: path, encoding: .utf8))
    let mapping = try YAMLDocument(text: text, file: path).decode(ImportMapping.self)
    return try SeriesImporter(mapping: mapping).run(
      file: ReferenceMaterial.url("data/\(file).csv.gz").path,
      into: SQLiteHistory(file: folder.path("house.db"), access: .writing))
  }

  private func found(_ signal: String) throws -> Set<Finding.Kind> {
    let verdicts = try verdicts(store: folder.path("house.db"), names: [signal])
    return Set(verdicts.flatMap(\.findings).map(\.kind))
  }

  /// Energy of a signal in kilowatt-hours, from means over steps of so many seconds.
  private func energy(_ signal: SignalName, step: Double) throws -> Double {
    try SQLiteHistory(file: folder.path("house.db"), access: .reading)
      .samples(of: signal, in: .distantPast..<Date.distantFuture)
      .reduce(0) { $0 + $1.value } * step / 3_600_000
  }

  @Test("Dutch meter: its silences, and the rows that carry all of them, are left out and told")
  func dutchMeter() throws {
    let report = try bring("a_nl_p1mon_home/p1mon_hourly_local_dev_2021_2022", "p1mon")
    let kinds = Set(report.findings.map(\.kind))
    #expect(kinds.isSuperset(of: [.gap, .stepOverGap, .catchUp, .frozenMeter, .repeatedHour]))
    #expect(report.findings.first { $0.kind == .gap }?.detail.contains("264 h") ?? false)
    #expect(try found("grid_power_w") == [.gap])
  }

  @Test("Enphase: a wall clock taken for UTC is found, in its own zone nothing is wrong")
  func enphase() throws {
    let file = "a_enphase_home/enphase_hourly_dev_2022-10_2023-10"
    let report = try bring(file, "enphase")
    #expect(report.findings.map(\.kind) == [.repeatedHour])
    #expect(try found("pv_power_w").isEmpty)
    try FileManager.default.removeItem(atPath: folder.path("house.db"))
    let wrong = try bring(file, "enphase") {
      $0.replacing("Europe/Amsterdam", with: "UTC").replacing(
        "signals:", with: "disorder: drop\nsignals:")
    }
    #expect(wrong.findings.contains { $0.kind == .repeatedTime })
    #expect(try found("pv_power_w").contains(.daylightSaving))
  }

  @Test("aroTHERM: the sensor in the sun is found")
  func aroTherm() throws {
    _ = try bring("c_uk_arotherm_home/arotherm_hourly_dev_2023-09_2024-09", "vaillant-rooms")
    #expect(try found("temperature_outdoor_c").isSuperset(of: [.sunlitSensor, .impossible]))
    #expect(try found("room_living_c").subtracting([.gap]).isEmpty)
  }

  @Test("aroTHERM: daily energies in whole kilowatt-hours are told, a sum of finer ones is not")
  func roundedEnergies() throws {
    _ = try bring(
      "c_uk_arotherm_home/arotherm_daily_energy_Wh_dev_2023-09_2024-09", "vaillant-energy")
    #expect(try found("heat_pump_heating_kwh").contains(.coarse))
    #expect(try found("heat_pump_hot_water_kwh").contains(.coarse))
    #expect(try !found("heat_pump_heat_kwh").contains(.coarse))
  }

  @Test("Spanish home: the silence and the change of rhythm are found, and the sign is right")
  func spanish() throws {
    for part in [
      ("pv_power", "home-assistant-pv"), ("battery_power", "home-assistant-battery"),
      ("battery_soc", "home-assistant-soc"),
    ] { _ = try bring("a_es_powerflow_home/\(part.0)", part.1) }
    #expect(try found("battery_power_w") == [.gap, .rhythmChange])
    #expect(try found("pv_power_w").contains(.rhythmChange))
  }

  @Test("charging sessions keep their energy; those without an end or with a wrong one are told")
  func sessions() throws {
    let report = try bring("e_ev_norway_apartments/sessions_dev", "charging-sessions")
    #expect(
      report.findings.map { [$0.kind.rawValue: $0.count] } == [
        ["out_of_range": 9], ["missing_value": 25],
      ])
    let garage = try #require(SignalName("charge_point_garage_w"))
    #expect(abs(try energy(garage, step: 900) - 62_943.35) < 1e-6)
    _ = try bring("e_ev_acn_california/acn_sessions_dev", "acn-sessions")
    let work = try #require(SignalName("charge_point_work_w"))
    // The sum of the file's column, by Python's csv.
    #expect(abs(try energy(work, step: 900) - 206_701.49) < 1e-6)
  }
}
