// SPDX-License-Identifier: MIT
import Foundation
import Household
import Physics
import TestSupport
import Testing
import TimeSeries

@testable import Forecasting

@Suite("Courses of production that follow a weather ensemble")
struct EnsembleCoursesTests {
  private let plant = PVPlant(
    location: Location(latitude: Degrees(49), longitude: Degrees(16), altitude: Metres(200)),
    arrays: [
      PVArray(
        name: "roof", peakPower: Watts(8_000), tilt: Degrees(35), azimuth: Degrees(180),
        temperatureCoefficientPerKelvin: -0.004, losses: .percent(10))
    ], inverter: Inverter(ratedPower: Watts(8_000), efficiency: .percent(96)))
  private static let evening = "2026-06-09T18:00:00Z"

  /// Two days in quarter-hours.
  private func grid(_ start: String = evening) -> TimeGrid {
    TimeGrid(start: instant(start), stepSeconds: 900, count: 192)
  }

  private static func sun(_ date: Date) -> Double {
    let hour = date.timeIntervalSince1970.truncatingRemainder(dividingBy: 86_400) / 3_600
    return max(0, sin((hour - 4) / 14 * .pi))
  }

  /// Members whose sun is a share of a clear one, by member and hour.
  private func ensemble(
    _ count: Int = 40, from start: String = evening, _ share: (Int, Int) -> Double
  ) -> WeatherEnsemble {
    let hours = TimeGrid(start: instant(start), stepSeconds: 3_600, count: 49)
    return WeatherEnsemble(
      source: "E", issuedAt: hours.start, grid: hours,
      members: (0..<count).map { member in
        WeatherEnsemble.Member(
          irradiance: hours.indices.map {
            800 * Self.sun(hours.middle(at: $0)) * share(member, $0)
          }, temperature: hours.indices.map { _ in 15 })
      })
  }

  private func forecast(_ start: String = evening) -> QuantileForecast<Watts> {
    let grid = grid(start)
    func watts(_ peak: Double) -> [Watts] {
      grid.indices.map { Watts(peak * Self.sun(grid.middle(at: $0))) }
    }
    return QuantileForecast(
      issuedAt: grid.start, grid: grid, p10: watts(1_500), p50: watts(4_000), p90: watts(5_500),
      mean: watts(3_700))
  }

  private func energies(_ courses: [[Double]]) -> [Double] {
    courses.map { $0.reduce(0, +) / 4_000 }
  }

  @Test("every step keeps the spread of the forecast, whatever the members say", arguments: 1...5)
  func calibrated(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var drawn: [Double] = (0..<40 * 49).map { _ in Double.random(in: 0.1...1, using: &random) }
    drawn[7] = drawn[8]
    let forecast = forecast()
    let own = try #require(
      EnsembleCourses(ensemble { drawn[$0 * 49 + $1] }, plant: plant, forecast: forecast))
    // 40 ranks: four of them in the lowest and in the highest tenth.
    for step in forecast.grid.indices where forecast.p50[step].rawValue > 100 {
      let values = own.pool.map { $0[step] }
      #expect(values.count { $0 < forecast.p10[step].rawValue } == 4)
      #expect(values.count { $0 < forecast.p50[step].rawValue } == 20)
      #expect(values.count { $0 > forecast.p90[step].rawValue } == 4)
    }
    #expect(own.pool.allSatisfy { course in course.allSatisfy { (0...8_000).contains($0) } })
  }

  @Test("members bright or dark for days make poor and rich courses, showers make courses alike")
  func dependence() throws {
    let forecast = forecast()
    let others = try #require(forecast.threeCourses)
    var random = SplitMix64(seed: 4)
    let drawn = (0..<40 * 49).map { _ in Double.random(in: 0.1...1, using: &random) }
    let lasting = try #require(
      EnsembleCourses(
        ensemble { member, _ in 0.1 + 0.9 * Double(member) / 39 }, plant: plant, forecast: forecast)
    )
    let showers = try #require(
      EnsembleCourses(ensemble { drawn[$0 * 49 + $1] }, plant: plant, forecast: forecast))
    #expect(lasting.share > 0.7 && showers.share > 0.7)
    func width(_ courses: EnsembleCourses) -> Double {
      let energies = energies(courses.blended(with: others))
      return energies[2] - energies[0]
    }
    #expect(width(showers) < 0.45 * width(lasting))
    #expect(width(lasting) < 1.05 * (energies(others)[2] - energies(others)[0]))
  }

  @Test("the mean stays the forecast's, and the order of the members does not matter")
  func mean() throws {
    let forecast = forecast()
    let others = try #require(forecast.threeCourses)
    var random = SplitMix64(seed: 9)
    let drawn = (0..<40 * 49).map { _ in Double.random(in: 0.3...1, using: &random) }
    func courses(_ member: @escaping (Int) -> Int) throws -> [[Double]] {
      try #require(
        EnsembleCourses(
          ensemble { drawn[member($0) * 49 + $1] }, plant: plant, forecast: forecast)
      ).blended(with: others)
    }
    let straight = try courses { $0 }
    let turned = try courses { 39 - $0 }
    for step in forecast.grid.indices {
      let mean = zip(ThreeCourses.shares, straight).reduce(0) { $0 + $1.0 * $1.1[step] }
      #expect(abs(mean - forecast.mean[step].rawValue) < 1e-6)
      for (one, other) in zip(straight, turned) { #expect(abs(one[step] - other[step]) < 1e-6) }
    }
  }

  @Test("equal members say nothing; members that differ little move the courses little")
  func weak() throws {
    let forecast = forecast()
    let others = try #require(forecast.threeCourses)
    #expect(EnsembleCourses(ensemble { _, _ in 0.6 }, plant: plant, forecast: forecast) == nil)
    func own(_ width: Double) -> EnsembleCourses? {
      EnsembleCourses(
        ensemble { member, hour in
          0.6 + width * (Double((member * 17 + hour * 7) % 40) / 39 - 0.5)
        }, plant: plant, forecast: forecast)
    }
    let narrow = try #require(own(0.05))
    let wider = try #require(own(0.1))
    // Twice the deviations are four times the variance.
    #expect((3.6...4.4).contains(wider.share / narrow.share) && narrow.share < 0.02)
    for (moved, other) in zip(energies(narrow.blended(with: others)), energies(others)) {
      #expect(abs(moved - other) < 0.02 * energies(others)[2])
    }
  }

  @Test("a day of 23 or 25 hours has its courses; a certain forecast has none")
  func changedClocks() throws {
    for start in ["2026-03-28T18:00:00Z", "2026-10-24T18:00:00Z"] {
      let own = EnsembleCourses(
        ensemble(from: start) { member, _ in 0.2 + 0.02 * Double(member) }, plant: plant,
        forecast: forecast(start))
      #expect(own?.pool.allSatisfy { $0.count == 192 } == true)
    }
    let certain = QuantileForecast(
      issuedAt: grid().start, grid: grid(), certain: grid().indices.map { _ in Watts(1_000) })
    #expect(
      EnsembleCourses(
        ensemble { member, _ in Double(member) / 40 }, plant: plant, forecast: certain) == nil)
  }
}
