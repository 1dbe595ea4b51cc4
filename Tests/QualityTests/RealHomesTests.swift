// SPDX-License-Identifier: MIT
import Foundation
import Household
import Quality
import TestSupport
import Testing
import TimeSeries

/// Real homes whose known defects are told in their README files.
@Suite(
  "Verdict on real homes",
  .enabled(
    if: ReferenceMaterial.has("data") && ReferenceMaterial.has("baselines/series"),
    Comment(rawValue: ReferenceMaterial.missing("data"))))
struct RealHomesTests {
  /// The readings of one column; times without an offset are read as UTC on purpose.
  private func readings(_ path: String, column: String, factor: Double = 1) throws -> [Sample] {
    let text = String(decoding: try Fixture.bytes(path), as: UTF8.self)
    let lines = text.split(separator: "\n")
    let header = lines[0].split(separator: ",").map(String.init)
    let position = try #require(header.firstIndex(of: column))
    let calendar = SiteCalendar(timeZone: .gmt)
    return lines.dropFirst().compactMap { line in
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      let digits = fields[0].split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }
      guard position < fields.count, let value = Double(fields[position]), digits.count >= 5,
        let time = calendar.instant(
          on: CivilDate(year: digits[0], month: digits[1], day: digits[2]),
          minuteOfDay: digits[3] * 60 + digits[4])
      else { return nil }
      return Sample(time: time, value: value * factor)
    }
  }

  private func kinds(_ quality: StreamQuality) -> Set<Finding.Kind> {
    Set(quality.findings.map(\.kind))
  }

  @Test("Dutch meter: gaps and rows that carry a whole gap")
  func dutchMeter() throws {
    let samples = try readings(
      "data/a_nl_p1mon_home/p1mon_hourly_local_dev_2021_2022.csv.gz", column: "GELVR_KWH_X",
      factor: 1_000)
    let quality = StreamQuality.assess(samples, of: .gridPower)
    #expect(kinds(quality).isSuperset(of: [.gap, .catchUp]))
    let day = instant("2021-08-23T00:00:00Z")...instant("2021-08-24T00:00:00Z")
    #expect(quality.findings.contains { $0.kind == .catchUp && day.contains($0.span.upperBound) })
  }

  @Test("Enphase: the clock is a wall clock")
  func enphase() throws {
    let samples = try readings(
      "data/a_enphase_home/enphase_hourly_dev_2022-10_2023-10.csv.gz", column: "pv_Wh")
    let quality = StreamQuality.assess(samples, of: .pvPower)
    #expect(kinds(quality).contains(.daylightSaving))
  }

  @Test("aroTHERM: the outdoor sensor stands in the sun, and once shows −40")
  func aroTherm() throws {
    let samples = try readings(
      "data/c_uk_arotherm_home/arotherm_hourly_dev_2023-09_2024-09.csv.gz",
      column: "OutdoorTemperature")
    let quality = StreamQuality.assess(samples, of: .outdoorTemperature)
    let hot = quality.findings.filter { $0.kind == .sunlitSensor || $0.kind == .outlier }
    let summer = instant("2023-08-01T00:00:00Z")...instant("2023-09-30T00:00:00Z")
    #expect(hot.contains { summer.contains($0.span.lowerBound) })
    if let cold = samples.first(where: { $0.value == -40 }) {
      #expect(
        quality.findings.contains { $0.spoilsReadings && $0.span.contains(cold.time) })
    }
  }

  @Test("Enphase in its own zone: the drift of autumn is not taken for a clock")
  func enphaseInItsZone() throws {
    let zone = try #require(TimeZone(identifier: "Europe/Amsterdam"))
    let samples = try readings(
      "data/a_enphase_home/enphase_hourly_dev_2022-10_2023-10.csv.gz", column: "pv_Wh"
    ).map { sample in
      let first = sample.time.addingTimeInterval(-Double(zone.secondsFromGMT(for: sample.time)))
      let offset = Double(zone.secondsFromGMT(for: first))
      return Sample(time: sample.time.addingTimeInterval(-offset), value: sample.value)
    }
    #expect(!kinds(StreamQuality.assess(samples, of: .pvPower)).contains(.daylightSaving))
  }

  @Test("Spanish battery: hourly means become every change; days at rest are no kilowatts")
  func spanishBattery() throws {
    let samples = try readings(
      "data/a_es_powerflow_home/battery_power.csv.gz", column: "battery_power")
    let found = kinds(StreamQuality.assess(samples, of: .batteryPower))
    #expect(found.contains(.rhythmChange))
    #expect(found.contains(.gap))
    #expect(!found.contains(.unitMixUp))
  }

  @Test("Spanish battery: its sign is that of pems, and turned round it is found")
  func spanishSign() throws {
    let power = try readings(
      "data/a_es_powerflow_home/battery_power.csv.gz", column: "battery_power")
    let charge = try readings("data/a_es_powerflow_home/battery_soc.csv.gz", column: "battery_soc")
    let turned = power.map { Sample(time: $0.time, value: -$0.value) }
    let findings = [power, turned].map { BatterySign.finding(power: $0, charge: charge) }
    #expect(findings.compactMap(\.self).map(\.kind) == [.wrongSign])
  }

  @Test("no clean series has more than 1 % of its readings called wrong")
  func cleanSeries() throws {
    let folder = ReferenceMaterial.url("baselines/series")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    for file in files where file.hasSuffix(".csv.gz") {
      let path = "baselines/series/" + file
      let text = String(decoding: try Fixture.bytes(path), as: UTF8.self)
      let header = text.prefix { $0 != "\n" }.split(separator: ",").map(String.init)
      for column in header.dropFirst() {
        guard let signal = SignalName(column) else { continue }
        let quality = StreamQuality.assess(try readings(path, column: column), of: signal)
        #expect(!kinds(quality).contains(.coarse), "\(file) \(column)")
        #expect(
          quality.spoiltShare.rawValue <= 0.01, "\(file) \(column): \(quality.findings.prefix(3))")
      }
    }
  }
}
