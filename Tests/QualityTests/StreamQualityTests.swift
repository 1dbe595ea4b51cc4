// SPDX-License-Identifier: MIT
import Foundation
import Household
import Quality
import TestSupport
import Testing
import TimeSeries

@Suite("Verdict on a stream")
struct StreamQualityTests {
  private let start = instant("2026-06-01T00:00:00Z")

  /// Ten days of hours of a load that moves, without a fault.
  private func load(_ seed: UInt64 = 1, hours: Int = 240) -> [Sample] {
    var random = SplitMix64(seed: seed)
    return (0..<hours).map { hour in
      Sample(
        time: start.addingTimeInterval(Double(hour) * 3_600),
        value: 300 + 200 * sin(Double(hour) / 4) + .random(in: 0...900, using: &random))
    }
  }

  private func temperature(hours: Int = 960) -> [Sample] {
    var random = SplitMix64(seed: 2)
    return (0..<hours).map { hour in
      Sample(
        time: start.addingTimeInterval(Double(hour) * 3_600),
        value: 15 + 6 * sin(Double(hour) * .pi / 12) + .random(in: -1...1, using: &random))
    }
  }

  private func kinds(_ samples: [Sample], _ signal: SignalName) -> [Finding.Kind] {
    StreamQuality.assess(samples, of: signal).findings.map(\.kind)
  }

  @Test("a clean stream has full scores and no finding")
  func clean() {
    let quality = StreamQuality.assess(load(), of: .loadPower)
    #expect(quality.findings.isEmpty)
    #expect(quality.overall == Fraction(1))
    #expect(quality.rhythmSeconds == 3_600)
  }

  @Test("a gap is found with the number of readings that are missing")
  func gap() {
    var samples = load()
    samples.removeSubrange(100..<124)
    let quality = StreamQuality.assess(samples, of: .loadPower)
    #expect(quality.findings.map(\.kind) == [.gap])
    #expect(quality.findings.first?.count == 24)
    #expect(abs(quality.completeness.rawValue - 0.9) < 1e-9)
  }

  @Test("what is missing before the first and after the last reading counts where it was expected")
  func outerGaps() {
    let quality = StreamQuality.assess(
      load(), of: .loadPower,
      expected: start.addingTimeInterval(-240 * 3_600)..<start.addingTimeInterval(240 * 3_600))
    #expect(quality.findings.map(\.kind) == [.gap])
    #expect(abs(quality.completeness.rawValue - 0.5) < 0.01)
  }

  @Test("a stuck load and a stuck thermometer are found, a resting battery is not")
  func stuck() {
    var samples = load()
    for index in 50..<70 { samples[index] = Sample(time: samples[index].time, value: 512.5) }
    #expect(kinds(samples, .loadPower) == [.stuck])
    let full = samples.map { Sample(time: $0.time, value: 100) }
    #expect(kinds(full, .batteryStateOfCharge) == [])
    let night = samples.map { Sample(time: $0.time, value: 0) }
    #expect(kinds(night, .pvPower) == [])
  }

  @Test("−40 °C in summer is an outlier, and 500 °C is impossible")
  func outliers() {
    var samples = temperature()
    samples[300] = Sample(time: samples[300].time, value: -40)
    samples[500] = Sample(time: samples[500].time, value: 500)
    #expect(kinds(samples, .outdoorTemperature) == [.outlier, .impossible])
  }

  @Test("a sensor in the sun of some afternoons is told from a warm week")
  func sunlit() {
    var samples = temperature()
    for day in [10, 12, 17] {
      for hour in 13...15 {
        let index = day * 24 + hour
        samples[index] = Sample(time: samples[index].time, value: samples[index].value + 18)
      }
    }
    let findings = StreamQuality.assess(samples, of: .outdoorTemperature).findings
    #expect(findings.count == 9)
    #expect(findings.allSatisfy { $0.kind == .sunlitSensor || $0.kind == .outlier })
    let warm = temperature().enumerated().map { index, sample in
      Sample(time: sample.time, value: sample.value + ((240..<408).contains(index) ? 8 : 0))
    }
    #expect(kinds(warm, .outdoorTemperature) == [])
  }

  @Test("duplicates and a clock that goes back are found and do not count twice")
  func order() {
    var samples = load()
    samples.insert(samples[20], at: 21)
    let later = samples.remove(at: 100)
    samples.insert(later, at: 105)
    let quality = StreamQuality.assess(samples, of: .loadPower)
    #expect(
      quality.findings.map(\.kind).sorted { $0.rawValue < $1.rawValue } == [.clockStep, .duplicate])
    #expect(quality.regularity < Fraction(1))
  }

  @Test("an hour that repeats in late October is summer time")
  func autumn() {
    let base = instant("2026-10-25T00:00:00Z")
    let hours = [0, 1, 2, 2, 3, 4].map { Double($0) }
    let minutes: [Sample] = hours.enumerated().map { position, hour in
      Sample(
        time: base.addingTimeInterval(hour * 3_600 + (position == 3 ? -1_800 : 0)),
        value: Double(position))
    }
    let back = StreamQuality.assess(
      [0, 1_800, 3_600, 5_400, 1_800, 3_600, 5_400, 7_200].enumerated().map {
        Sample(time: base.addingTimeInterval($1), value: Double($0))
      }, of: .loadPower)
    #expect(minutes.count == 6)
    #expect(back.findings.contains { $0.kind == .daylightSaving })
  }

  @Test("a reading that carries a whole gap is found")
  func catchUp() {
    var samples = load()
    samples.removeSubrange(100..<148)
    samples[100] = Sample(time: samples[100].time, value: 30_000)
    #expect(kinds(samples, .gridPower).contains(.catchUp))
  }

  @Test("days in kilowatts between days in watts are found, and so is a whole stream in kilowatts")
  func units() {
    var samples = load(hours: 480)
    for index in 240..<264 {
      samples[index] = Sample(time: samples[index].time, value: samples[index].value / 1_000)
    }
    #expect(kinds(samples, .gridPower) == [.unitMixUp])
    let kilowatts = load(hours: 480).map { Sample(time: $0.time, value: $0.value / 1_000) }
    #expect(kinds(kilowatts, .gridPower) == [.unitMixUp])
  }

  @Test("a sun whose noon jumps at the change of the clock shows a local clock")
  func sunClock() throws {
    let zone = try #require(TimeZone(identifier: "Europe/Amsterdam"))
    func year(isLocal: Bool) -> [Sample] {
      (0..<365 * 24).map { hour in
        let time = instant("2025-01-01T00:00:00Z").addingTimeInterval(Double(hour) * 3_600)
        let noon = 11.7 + (isLocal ? Double(zone.secondsFromGMT(for: time)) / 3_600 : 0)
        let ofDay = Double(hour % 24) + 0.5
        return Sample(time: time, value: max(0, 3_000 * cos((ofDay - noon) * .pi / 12)))
      }
    }
    #expect(kinds(year(isLocal: false), .pvPower) == [])
    #expect(kinds(year(isLocal: true), .pvPower) == [.daylightSaving, .daylightSaving])
  }

  @Test("a register's reset starts anew, and a jump too large for its time is kept out")
  func counter() {
    let values = [100.0, 101, 102, 0.5, 1.5, 60, 61, 59]
    let readings = values.enumerated().map {
      Sample(time: start.addingTimeInterval(Double($0) * 3_600), value: $1)
    }
    let result = CounterDifferences(readings, largestPerHour: 20)
    #expect(result.increases.map(\.value) == [1, 1, 0.5, 1, 1])
    #expect(result.findings.map(\.kind) == [.counterReset, .catchUp, .counterReset])
  }

  @Test("a turned sign is named by the energy balance, and a right one is not")
  func balance() throws {
    var random = SplitMix64(seed: 5)
    let grid = TimeGrid(start: start, stepSeconds: 900, count: 400)
    func draw(_ range: ClosedRange<Double>) -> Series<Watts> {
      Series(grid: grid, rawValues: grid.indices.map { _ in .random(in: range, using: &random) })
    }
    let (net, sun, storage) = (draw(-3_000...4_000), draw(0...6_000), draw(-2_000...2_000))
    let load = Series<Watts>(
      grid: grid,
      values: grid.indices.map { index in
        guard let a = net[index], let b = sun[index], let c = storage[index] else { return nil }
        return a + b + c
      })
    #expect(
      try #require(EnergyBalance(grid: net, pv: sun, battery: storage, load: load)).turned == nil)
    let turned = storage.map { -$0 }
    #expect(
      try #require(EnergyBalance(grid: net, pv: sun, battery: turned, load: load)).turned
        == .batteryPower)
  }

  @Test("cleaning drops what is wrong, bridges short gaps, keeps long ones, and tells all of it")
  func cleaning() {
    var samples = temperature(hours: 200)
    samples[50] = Sample(time: samples[50].time, value: -40)
    samples.removeSubrange(100..<110)
    let quality = StreamQuality.assess(samples, of: .outdoorTemperature)
    let grid = TimeGrid(start: start, stepSeconds: 3_600, count: 200)
    let cleaned = Cleaning(grid: grid).apply(to: samples, quality: quality)
    #expect(cleaned.values.count { $0 == nil } == 10)
    let between = ((cleaned.values[49] ?? 0) + (cleaned.values[51] ?? 0)) / 2
    #expect(abs((cleaned.values[50] ?? 0) - between) < 1e-9)
    #expect(
      cleaned.changes == [
        .init(action: "dropped: outlier", count: 1), .init(action: "interpolated", count: 1),
        .init(action: "left missing", count: 10),
      ])
  }

  @Test("controllable loads are taken out of consumption")
  func controllableLoads() {
    let grid = TimeGrid(start: start, stepSeconds: 900, count: 3)
    func series(_ values: [Double?]) -> Series<Watts> {
      Series(grid: grid, values: values.map { $0.map { Watts($0) } })
    }
    let rest = series([2_000, 100, 500]).subtracting(controllable: [series([1_500, 300, nil])])
    #expect(rest.values == [Watts(500), .zero, nil])
  }
}
