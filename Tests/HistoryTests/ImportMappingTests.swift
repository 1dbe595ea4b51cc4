// SPDX-License-Identifier: MIT
import Configuration
import Foundation
import TestSupport
import Testing

@testable import History

@Suite("Import by a mapping")
struct ImportMappingTests {
  let fixture: ImportFixture

  init() throws { fixture = try ImportFixture() }

  /// Meter readings every hour from midnight; empty text is missing.
  func meters(_ readings: String...) -> String {
    "t,m\n"
      + readings.enumerated().map {
        "2026-01-01 \($0.offset < 10 ? "0" : "")\($0.offset):00Z,\($0.element)"
      }
      .joined(separator: "\n")
  }

  func meterMapping(_ more: String = "") -> String {
    """
    time: { column: t, step_seconds: 3600 }
    signals:
      - { signal: pv_power_w, kind: cumulative, unit: Wh, column: m\(more) }
    """
  }

  @Test("makes mean power of a meter's differences, stamped with the start of the step")
  func cumulative() throws {
    try fixture.load(meters("1000", "1500", "1500", "3500.5"), meterMapping())
    #expect(try fixture.values("pv_power_w") == [500, 0, 2000.5])
    #expect(try fixture.times("pv_power_w").first == instant("2026-01-01T00:00:00Z"))
  }

  @Test("leaves out a step in which a meter counts down")
  func negativeStep() throws {
    let report = try fixture.load(meters("1000", "1500", "1400", "1900"), meterMapping())
    #expect(try fixture.values("pv_power_w") == [500, 500])
    #expect(report.count(.negativeStep, "m") == 1)
    let finding = report.findings.first { $0.kind == .negativeStep }
    #expect(finding?.firstLine == 4)
    #expect(finding?.detail == "from 1500.0 to 1400.0")
  }

  @Test("counts a daily counter from zero after it began anew")
  func counterReset() throws {
    let report = try fixture.load(
      meters("1000", "1500", "200", "700"), meterMapping(", negative_steps: reset"))
    #expect(try fixture.values("pv_power_w") == [500, 200, 500])
    #expect(report.count(.counterReset, "m") == 1)
  }

  @Test("refuses a meter that counts down where that is not allowed")
  func negativeRefused() throws {
    let error = #expect(throws: TransferError.self) {
      try fixture.load(meters("1000", "900"), meterMapping(", negative_steps: refuse"))
    }
    guard case .negativeStep(_, 3, "m", 1000, 900) = error else {
      return #expect(Bool(false), "\(String(describing: error))")
    }
  }

  @Test("leaves out a meter's catching up and the time in which it stood still before")
  func catchUp() throws {
    let report = try fixture.load(
      meters("1000", "1500", "1500", "1500", "1500", "90000", "90100", "90100", "90200"),
      meterMapping(", maximum: 5000"))
    #expect(try fixture.values("pv_power_w") == [500, 100, 0, 100])
    #expect(report.count(.catchUp, "m") == 1)
    #expect(report.count(.frozenMeter, "m") == 3)
    #expect(
      report.findings.first { $0.kind == .frozenMeter }?.firstTime
        == instant("2026-01-01T01:00:00Z"))
  }

  @Test("spreads no difference over missing readings")
  func stepOverGap() throws {
    let report = try fixture.load(meters("1000", "", "2000", "2100"), meterMapping())
    #expect(try fixture.values("pv_power_w") == [100])
    #expect(report.count(.stepOverGap, "m") == 1)
    #expect(report.count(.missingValue, "m") == 1)
  }

  @Test("adds columns with factors, and signals; a missing part makes the sum missing")
  func sums() throws {
    try fixture.load(
      """
      t;sun;imp;exp
      2026-01-01 00:00Z;0;100;50
      2026-01-01 01:00Z;2000;100;1050
      2026-01-01 02:00Z;2500;;1050
      2026-01-01 03:00Z;2500;1100;1050
      2026-01-01 04:00Z;2500;1600;1050
      """,
      """
      time: { column: t, step_seconds: 3600 }
      signals:
        - { signal: pv_power_w, kind: cumulative, unit: Wh, column: sun }
        - signal: grid_power_w
          kind: cumulative
          unit: Wh
          columns: [ { column: imp }, { column: exp, factor: -1 } ]
        - { signal: load_power_w, sum_of: [ { signal: pv_power_w }, { signal: grid_power_w } ] }
      """)
    #expect(try fixture.values("pv_power_w") == [2000, 500, 0, 0])
    #expect(try fixture.values("grid_power_w") == [-1000, 500])
    #expect(try fixture.values("load_power_w") == [1000, 500])
  }

  @Test("adds a meter and a mean of the same step", arguments: ["start", "end"])
  func mixedSum(stamp: String) throws {
    // Stamped with the start, the mean stands in the row before that of the step's last reading.
    let means = stamp == "start" ? ["3", "4", "5"] : ["", "3", "4"]
    try fixture.load(
      """
      t,meter,kw
      2026-01-01 00:00Z,1000,\(means[0])
      2026-01-01 01:00Z,1500,\(means[1])
      2026-01-01 02:00Z,2500,\(means[2])
      """,
      """
      time: { column: t, step_seconds: 3600, stamp: \(stamp) }
      signals:
        - { signal: pv_power_w, kind: cumulative, unit: Wh, column: meter }
        - { signal: grid_power_w, unit: kW, column: kw }
        - { signal: load_power_w, sum_of: [ { signal: pv_power_w }, { signal: grid_power_w } ] }
      """)
    #expect(try fixture.values("load_power_w") == [3500, 5000])
    #expect(try fixture.times("load_power_w").first == instant("2026-01-01T00:00:00Z"))
  }

  @Test(
    "converts units",
    arguments: [
      ("pv_power_w", "mean", "kW", "1.5", 1500),
      ("pv_power_w", "energy_per_step", "Wh", "250", 1000),
      ("pv_power_w", "energy_per_step", "kWh", "0.25", 1000),
      ("pv_power_w", "energy_per_step", "MJ", "0.9", 1000),
      ("pv_energy_kwh", "mean", "Wh", "1234", 1.234),
      ("pv_energy_kwh", "mean", "kWh", "0.1", 0.1), ("room_a_c", "instant", "°F", "68", 20),
      ("room_a_c", "instant", "K", "293.15", 20), ("ghi_w_m2", "mean", "kW/m2", "0.8", 800),
      ("price_spot_eur_per_kwh", "mean", "EUR/MWh", "22.34", 0.02234),
      ("battery_soc_percent", "instant", "share", "0.5", 50),
      ("wind_speed_m_s", "mean", "km/h", "36", 10),
      ("rain_mm", "mean", "cm", "0.5", 5), ("relay_a_share", "mean", "%", "25", 0.25),
    ])
  func units(signal: String, kind: String, unit: String, text: String, expected: Double) throws {
    try fixture.load(
      "t,x\n2026-01-01 00:00Z,\(text)\n2026-01-01 00:15Z,\(text)\n",
      """
      time: { column: t, step_seconds: 900 }
      signals: [ { signal: \(signal), kind: \(kind), unit: "\(unit)", column: x } ]
      """)
    #expect(try fixture.values(signal) == [expected, expected])
  }

  @Test("leaves out values outside the limits and reports them")
  func limits() throws {
    let report = try fixture.load(
      "t,x\n2026-01-01 00:00Z,21\n2026-01-01 00:15Z,-127\n2026-01-01 00:30Z,85\n",
      """
      time: { column: t }
      signals: [ { signal: room_a_c, kind: instant, column: x, minimum: -10, maximum: 50 } ]
      """)
    #expect(try fixture.values("room_a_c") == [21])
    #expect(report.count(.outOfRange, "room_a_c") == 2)
    #expect(report.signals[0].missing == 2)
  }

  @Test("reads decimal commas, marks for missing values and drops rows out of order")
  func foreignText() throws {
    let report = try fixture.load(
      "t;x\n1767225600;1,5\n1767226500;--\n1767225600;3\n1767226500;4\n1767227400;2,5\n",
      """
      time: { column: t, format: unix_seconds }
      decimal_comma: true
      missing: ["--"]
      disorder: drop
      signals: [ { signal: pv_power_w, column: x } ]
      """)
    #expect(try fixture.values("pv_power_w") == [1.5, 2.5])
    #expect(report.count(.backwardTime, "t") == 1)
    #expect(report.count(.repeatedTime, "t") == 1)
  }

  @Test("places the 25 hours of the longest day and the 23 of the shortest, in Prague")
  func summerTime() throws {
    func hours(_ day: String, _ hours: [Int]) -> String {
      hours.map { "\(day) \($0 < 10 ? "0" : "")\($0):00,\($0)" }.joined(separator: "\n")
    }
    let yaml = """
      time: { column: t, format: "%d.%m.%Y %H:%M", time_zone: Europe/Prague }
      signals: [ { signal: load_power_w, column: x } ]
      """
    let autumn = try fixture.load(
      "t,x\n" + hours("25.10.2026", [0, 1, 2, 2] + Array(3...23)), yaml)
    let times = try fixture.times("load_power_w")
    #expect(times == (0..<25).map { instant("2026-10-24T22:00:00Z") + Double($0) * 3_600 })
    #expect(autumn.count(.repeatedHour, "t") == 2)
    let spring = try fixture.load("t,x\n" + hours("29.03.2026", Array(0...23)), yaml)
    #expect(spring.count(.skippedHour, "t") == 1)
    #expect(
      try Array(fixture.times("load_power_w").prefix(23))
        == (0..<23).map { instant("2026-03-28T23:00:00Z") + Double($0) * 3_600 })
  }

  @Test(
    "tells the place of what is wrong in a mapping",
    arguments: [
      ("signals: []", "time: is missing"),
      ("time: { column: t }\nsignals: []", "2: signals: at least one signal"),
      ("time: { colum: t }\nsignals: []", "did you mean 'column'?"),
      ("time: { column: t, format: us }\nsignals: []", "1: time.format: 'us' is not known"),
      ("time: { column: t, time_zone: Europe/Prag }\nsignals: []", "is no zone of the tz database"),
      (
        "time: { column: t }\nsignals:\n  - { signal: pv_power, column: x }",
        "3: signals[0].signal: 'pv_power' is no signal"
      ),
      (
        "time: { column: t }\nsignals:\n  - { signal: pv_power_w, column: x, unit: kw }",
        "3: signals[0].unit: 'kw' is no unit"
      ),
      (
        "time: { column: t }\nsignals:\n  - { signal: pv_power_w, column: x, unit: kWh }",
        "kWh of kind mean cannot become 'pv_power_w'"
      ),
      (
        "time: { column: t }\nsignals:\n  - { signal: price_spot_czk_per_kwh, column: x, unit: EUR/MWh }",
        "cannot become"
      ),
      (
        "time: { column: t }\nsignals:\n  - { signal: pv_power_w, column: x, kind: meter }",
        "allowed: 'instant', 'mean', 'cumulative', 'energy_per_step'"
      ),
      (
        "time: { column: t }\nsignals:\n  - { signal: pv_power_w, column: x, kind: cumulative, unit: Wh }",
        "needs time.step_seconds"
      ),
      (
        "time: { column: t }\nsignals:\n  - { signal: pv_power_w, sum_of: [ { signal: load_power_w } ] }",
        "does not stand above it"
      ),
      (
        "time: { column: t }\nsignals:\n  - { signal: pv_power_w }",
        "one of 'column', 'columns' and 'sum_of'"
      ),
      (
        "time: { column: t }\nsignals:\n  - { signal: pv_power_w, column: x }\n  - { signal: pv_power_w, column: y }",
        "is there twice"
      ),
    ])
  func mappingErrors(yaml: String, expected: String) {
    let error = #expect(throws: ConfigurationError.self) { try ImportFixture.mapping(yaml) }
    #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
  }

  @Test("names the nearest column of the file for one of the mapping")
  func unknownColumn() {
    let error = #expect(throws: TransferError.self) {
      try fixture.load(
        "t,solar_Wh\n",
        meterMapping().replacingOccurrences(of: "column: m", with: "column: solar_wh"))
    }
    #expect(
      error?.description.contains(":1: no column 'solar_wh'; did you mean 'solar_Wh'?") == true)
  }
}
