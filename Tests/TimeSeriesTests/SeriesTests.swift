// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing
import TimeSeries

@Suite("Series")
struct SeriesTests {
  private let grid = TimeGrid(
    start: instant("2026-03-02T06:00:00Z"), stepSeconds: 900, count: 4)

  @Test("a value is that of the step which holds the instant")
  func valueAt() {
    let series = Series<Watts>(grid: grid, values: [Watts(1), nil, Watts(3), Watts(4)])
    #expect(series.value(at: instant("2026-03-02T06:14:59Z")) == Watts(1))
    #expect(series.value(at: instant("2026-03-02T06:15:00Z")) == nil)
    #expect(series.value(at: instant("2026-03-02T07:00:00Z")) == nil)
  }

  @Test("a slice has the steps that lie wholly inside")
  func slice() {
    let series = Series<Watts>(grid: grid, rawValues: [1, 2, 3, 4])
    let middle = series.slice(instant("2026-03-02T06:10:00Z")..<instant("2026-03-02T06:50:00Z"))
    #expect(middle.grid.start == instant("2026-03-02T06:15:00Z"))
    #expect(middle.values == [Watts(2), Watts(3)])
    #expect(series.slice(grid.range) == series)
    let wider = series.slice(
      instant("2026-03-01T00:00:00Z")..<instant("2026-03-03T00:00:00Z"))
    #expect(wider == series)
  }

  @Test(
    "a slice outside the series is empty",
    arguments: [
      ("2026-03-02T08:00:00Z", "2026-03-02T09:00:00Z"),
      ("2026-03-02T04:00:00Z", "2026-03-02T05:00:00Z"),
      ("2026-03-02T06:05:00Z", "2026-03-02T06:10:00Z"),
    ])
  func emptySlice(from: String, to: String) {
    let series = Series<Watts>(grid: grid, rawValues: [1, 2, 3, 4])
    #expect(series.slice(instant(from)..<instant(to)).values.isEmpty)
  }

  @Test("plain numbers are there only when none is missing")
  func completeness() {
    var series = Series<Celsius>(grid: grid, rawValues: [1, 2, 3, 4])
    #expect(series.completeRawValues == [1, 2, 3, 4])
    #expect(series.missingCount == 0)
    series[2] = nil
    #expect(series.completeRawValues == nil)
    #expect(series.missingCount == 1)
  }

  @Test("mapping keeps missing steps missing")
  func mapping() {
    let power = Series<Watts>(grid: grid, values: [Watts(1_000), nil, Watts(0), Watts(-400)])
    let energy = power.map { $0 * .minutes(15) }
    #expect(energy.values == [KilowattHours(0.25), nil, KilowattHours(0), KilowattHours(-0.1)])
  }
}
