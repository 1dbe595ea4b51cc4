// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing
import TimeSeries

@testable import pems

@Suite("What is told of the forecasts")
struct ForecastMessageTests {
  @Test("is the day that begins now: quarter-hours as energy, hours with their bands")
  func day() throws {
    let start = instant("2026-06-01T00:00:00Z")
    let grid = TimeGrid(start: start, stepSeconds: 900, count: 192)
    // 400 W for the first day, 4 kW for the second; half and twice as much are the band.
    let power = (0..<192).map { Watts($0 < 96 ? 400 : 4_000) }
    let pv = QuantileForecast(
      issuedAt: start, grid: grid, p10: power.map { $0 * 0.5 }, p50: power,
      p90: power.map { $0 * 2 }, mean: power)
    let load = QuantileForecast(
      issuedAt: start, grid: grid, certain: [Watts](repeating: Watts(250), count: 192))
    let six = ForecastMessage(pv: pv, baseLoad: load, at: instant("2026-06-01T06:00:00Z")).fields
    // 18 h of 0.4 kW and 6 h of 4 kW; 24 h of 0.25 kW.
    #expect(six["pv_24h_kwh"] as? Double == 31.2)
    #expect(six["base_load_24h_kwh"] as? Double == 6)
    let hours = try #require(six["hours"] as? [[String: any Sendable]])
    #expect(hours.count == 24)
    #expect(hours[0]["time"] as? String == "2026-06-01T06:00:00Z")
    #expect(hours[23]["pv_w"] as? [Double] == [2_000, 4_000, 8_000])
  }
}
