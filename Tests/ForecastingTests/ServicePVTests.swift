// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing
import TimeSeries

@testable import Forecasting

@Suite("Production as services forecast it")
struct ServicePVTests {
  private let grid = TimeGrid(
    start: instant("2026-06-10T10:00:00Z"), stepSeconds: 900, count: 3)

  private var own: QuantileForecast<Watts> {
    func watts(_ values: [Double]) -> [Watts] { values.map { Watts($0) } }
    return QuantileForecast(
      issuedAt: grid.start, grid: grid, p10: watts([500, 100, 0]), p50: watts([1_000, 300, 0]),
      p90: watts([1_500, 900, 0]), mean: watts([1_000, 400, 0]))
  }

  private func service(_ weight: Double, _ values: [Double?]) -> ServicePV {
    ServicePV(
      source: "s", weight: weight,
      power: Series(grid: grid, values: values.map { $0.map { Watts($0) } }))
  }

  @Test("is the weighted mean with the own forecast, whose spread stays")
  func mean() {
    let blend = own.blended(
      with: [service(1, [2_000, 400, 0]), service(2, [3_000, nil, 0])], limit: Watts(10_000))
    // (1000 + 2000 + 2 · 3000) / 4 = 2250; the second step has one service only: 400.
    #expect(blend.mean == [Watts(2_250), Watts(400), .zero])
    #expect(blend.p10 == [Watts(1_750), Watts(100), .zero])
    #expect(blend.p90 == [Watts(2_750), Watts(900), .zero])
  }

  @Test("stays between nothing and what the inverter can")
  func limits() {
    let low = own.blended(with: [service(1, [0, 0, 0])], limit: Watts(1_200))
    #expect(low.p10 == [.zero, .zero, .zero])
    #expect(low.p90 == [Watts(1_000), Watts(700), .zero])
    let high = own.blended(with: [service(1, [5_000, 400, 0])], limit: Watts(1_200))
    #expect(high.p90[0] == Watts(1_200) && high.mean[0] == Watts(1_200))
  }

  @Test("is the own forecast without a service, with a weight of 0, or on another grid")
  func nothing() {
    let other = TimeGrid(start: grid.start, stepSeconds: 3_600, count: 3)
    let elsewhere = ServicePV(
      source: "s", weight: 1, power: Series(grid: other, constant: Watts(9_000)))
    #expect(own.blended(with: [], limit: nil) == own)
    #expect(own.blended(with: [service(0, [9_000, 9_000, 9_000]), elsewhere], limit: nil) == own)
  }
}
