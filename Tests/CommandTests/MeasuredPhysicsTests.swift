// SPDX-License-Identifier: MIT
import Foundation
import Household
import Physics
import TestSupport
import Testing
import TimeSeries

@testable import pems

@Suite("What physics makes of measured weather, kept between plans")
struct MeasuredPhysicsTests {
  private let start = instant("2025-02-10T07:00:00Z")
  private let plant = PVPlant(
    location: Location(latitude: Degrees(49.2), longitude: Degrees(16.6), altitude: Metres(240)),
    arrays: [
      PVArray(
        name: "roof", peakPower: Watts(5_000), tilt: Degrees(35), azimuth: Degrees(200),
        temperatureCoefficientPerKelvin: -0.004, losses: Fraction(0.1))
    ],
    inverter: Inverter(ratedPower: Watts(4_600), efficiency: Fraction(0.96)))

  /// Ninety days with changing clouds and some hours missing: three blocks and a part of a fourth.
  private func weather() -> (sun: Series<WattsPerSquareMetre>, air: Series<Celsius>) {
    var generator = SplitMix64(seed: 3)
    let grid = TimeGrid(start: start, stepSeconds: 3_600, count: 90 * 24)
    return (
      Series(
        grid: grid,
        values: grid.indices.map { index in
          let height = max(0, sin(Double((index + 7) % 24 - 6) / 12 * .pi))
          let value = WattsPerSquareMetre(
            700 * height * Double.random(in: 0.1...1, using: &generator))
          return index % 37 == 5 ? nil : value
        }),
      Series(
        grid: grid,
        values: grid.indices.map { Celsius(8 + 6 * sin(Double($0) / 24 * 2 * .pi)) })
    )
  }

  private func until<Value>(_ hours: Int, _ series: Series<Value>) -> Series<Value> {
    series.slice(series.grid.start..<series.grid.date(at: hours))
  }

  @Test("hour by hour it is to the last bit what it is all at once")
  func bits() {
    let (sun, air) = weather()
    var atOnce = MeasuredPhysics(plant: plant)
    atOnce.follow(sun, air, known: .distantPast)
    var grown = MeasuredPhysics(plant: plant)
    var known = Date.distantPast
    for hours in stride(from: 800, through: sun.grid.count, by: 19) + [sun.grid.count] {
      grown.follow(until(hours, sun), until(hours, air), known: known)
      known = sun.grid.date(at: hours)
    }
    #expect(grown.power(on: sun.grid) == atOnce.power(on: sun.grid))
    // From wherever it is asked.
    let part = sun.grid[1_000..<1_100]
    #expect(grown.power(on: part) == atOnce.power(on: sun.grid).slice(part.range))
  }

  /// The interpolation of the sun between days rounds differently from another first day.
  @Test("it is what the plant gives in the whole weather")
  func whole() throws {
    let (sun, air) = weather()
    var kept = MeasuredPhysics(plant: plant)
    kept.follow(sun, air, known: .distantPast)
    let whole = plant.power(
      in: Weather(issuedAt: start, globalHorizontalIrradiance: sun, temperature: air)
    ).total
    let power = kept.power(on: sun.grid)
    #expect(power.values.map { $0 == nil } == whole.values.map { $0 == nil })
    #expect(power.values.contains { $0 == nil })
    let difference = zip(power.values, whole.values).map {
      abs(($0?.rawValue ?? 0) - ($1?.rawValue ?? 0))
    }
    #expect((difference.max() ?? 1) < 1e-6)
    #expect((whole.values.compactMap { $0?.rawValue }.max() ?? 0) > 2_000)
  }

  @Test("a reading that comes some hours late is taken in")
  func late() throws {
    let (sun, air) = weather()
    var incomplete = sun
    let noon = 80 * 24 + 5
    incomplete[noon] = nil
    var kept = MeasuredPhysics(plant: plant)
    kept.follow(until(noon + 3, incomplete), until(noon + 3, air), known: .distantPast)
    #expect(kept.power(on: sun.grid)[noon] == nil)
    kept.follow(until(noon + 4, sun), until(noon + 4, air), known: sun.grid.date(at: noon + 3))
    var atOnce = MeasuredPhysics(plant: plant)
    atOnce.follow(sun, air, known: .distantPast)
    let value = try #require(kept.power(on: sun.grid)[noon])
    #expect(value == atOnce.power(on: sun.grid)[noon] && value.rawValue > 100)
  }
}
