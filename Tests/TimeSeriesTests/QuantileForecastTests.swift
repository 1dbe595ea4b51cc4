// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing
import TimeSeries

@Suite("Quantile forecast")
struct QuantileForecastTests {
  private let issued = instant("2026-03-02T06:00:00Z")

  private func grid(_ count: Int) -> TimeGrid {
    TimeGrid(start: issued, stepSeconds: 900, count: count)
  }

  @Test("quantiles that cross are sorted, step by step; the mean stays")
  func sorting() {
    let forecast = QuantileForecast<Watts>(
      issuedAt: issued, grid: grid(3), p10: [Watts(5), Watts(1), Watts(3)],
      p50: [Watts(4), Watts(2), Watts(1)], p90: [Watts(6), Watts(3), Watts(2)],
      mean: [Watts(9), Watts(8), Watts(7)])
    #expect(forecast.p10 == [Watts(4), Watts(1), Watts(1)])
    #expect(forecast.p50 == [Watts(5), Watts(2), Watts(2)])
    #expect(forecast.p90 == [Watts(6), Watts(3), Watts(3)])
    #expect(forecast.mean == [Watts(9), Watts(8), Watts(7)])
  }

  @Test("sorting never makes a pinball loss worse", arguments: 0..<50)
  func pinball(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    func pinball(_ level: Double, _ forecast: Double, _ actual: Double) -> Double {
      max(level * (actual - forecast), (level - 1) * (actual - forecast))
    }
    let raw = (0..<3).map { _ in Double.random(in: 0...10, using: &random) }
    let actual = Double.random(in: 0...10, using: &random)
    let forecast = QuantileForecast<Watts>(
      issuedAt: issued, grid: grid(1), p10: [Watts(raw[0])], p50: [Watts(raw[1])],
      p90: [Watts(raw[2])], mean: [Watts(raw[1])])
    let sorted = [forecast.p10, forecast.p50, forecast.p90].map { $0[0].rawValue }
    func loss(_ values: [Double]) -> Double {
      zip([0.1, 0.5, 0.9], values).reduce(0) { $0 + pinball($1.0, $1.1, actual) }
    }
    #expect(loss(sorted) <= loss(raw) + 1e-12)
  }

  @Test("a certain forecast has one value everywhere")
  func certain() {
    let values = [Celsius(1), Celsius(-2)]
    let forecast = QuantileForecast(issuedAt: issued, grid: grid(2), certain: values)
    #expect(forecast.p10 == values && forecast.p50 == values && forecast.p90 == values)
    #expect(forecast.expected.values == [Celsius(1), Celsius(-2)])
  }
}
