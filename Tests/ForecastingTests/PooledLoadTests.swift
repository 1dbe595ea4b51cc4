// SPDX-License-Identifier: MIT
import Foundation
import Learning
import TestSupport
import Testing
import TimeSeries

@testable import Forecasting

@Suite("What other homes say of a young one")
struct PooledLoadTests {
  private func pooled(_ values: [Double?]) -> PooledLoad? {
    let grid = SyntheticHome.grid(days: values.count / 24)
    let history = SyntheticHome.loadHistory(grid, values)
    return PooledLoad(LoadPast(KnownPast(history.table, issueHour: values.count)))
  }

  @Test("a home that always draws the same is forecast by hand arithmetic")
  func flat() throws {
    let model = try #require(pooled(Array(repeating: 500, count: 72)))
    // Five means of 1, no spread, the generic 1.04 of a working day's first hour.
    let night = model.prediction(hour: 0, isOff: false)
    #expect(
      abs(night.p50 - 500 * (0.132 * 1.04 + 0.181 + 0.097 + 0.174 + 0.188 + 0.212 + 0.014)) < 1e-6)
    #expect(
      abs(night.p10 - 500 * (-0.126 * 1.04 + 0.044 + 0.083 + 0.074 + 0.115 + 0.092 + 0.213)) < 1e-6)
    let evening = model.prediction(hour: 18, isOff: true)
    #expect(evening.p50 > night.p50 && evening.p10 < evening.p50 && evening.p50 < evening.p90)
  }

  @Test("a home twice as large is forecast twice as much")
  func scales() throws {
    let values = SyntheticHome.load(SyntheticHome.grid(days: 6), seed: 41)
    let (one, two) = (try #require(pooled(values)), try #require(pooled(values.map { 2 * $0 })))
    for hour in 0..<24 {
      let (small, large) = (
        one.prediction(hour: hour, isOff: true), two.prediction(hour: hour, isOff: true)
      )
      #expect(abs(large.p50 - 2 * small.p50) < 1e-6 && abs(large.p90 - 2 * small.p90) < 1e-6)
    }
  }

  @Test("until every hour was seen once nothing is said")
  func tooYoung() {
    #expect(pooled(Array(repeating: 500, count: 23) + [nil]) == nil)
  }
}
