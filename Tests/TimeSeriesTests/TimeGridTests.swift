// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing
import TimeSeries

@Suite("Time grid")
struct TimeGridTests {
  private let start = instant("2026-03-02T06:00:00Z")

  @Test("a step holds its start and not its end")
  func halfOpen() {
    let grid = TimeGrid(start: start, stepSeconds: 900, count: 4)
    #expect(grid.index(of: start) == 0)
    #expect(grid.index(of: instant("2026-03-02T06:14:59Z")) == 0)
    #expect(grid.index(of: instant("2026-03-02T06:15:00Z")) == 1)
    #expect(grid.index(of: instant("2026-03-02T07:00:00Z")) == nil)
    #expect(grid.index(of: instant("2026-03-02T05:59:59Z")) == nil)
  }

  @Test("starts, middles and end are those of the clock")
  func places() {
    let grid = TimeGrid(start: start, stepSeconds: 900, count: 2)
    #expect(grid.dates == [start, instant("2026-03-02T06:15:00Z")])
    #expect(grid.middle(at: 1) == instant("2026-03-02T06:22:30Z"))
    #expect(grid.end == instant("2026-03-02T06:30:00Z"))
    #expect(grid.range == start..<grid.end)
    #expect(grid.step == .minutes(15))
    #expect(grid.stepHours == 0.25)
  }

  @Test("a grid that covers a time begins at a whole step and ends at or after the time's end")
  func covering() {
    let grid = TimeGrid(
      covering: instant("2026-03-02T06:20:00Z")..<instant("2026-03-02T06:50:00Z"),
      stepSeconds: 900)
    #expect(grid.start == instant("2026-03-02T06:15:00Z"))
    #expect(grid.count == 3)
    let exact = TimeGrid(covering: start..<instant("2026-03-02T07:00:00Z"), stepSeconds: 900)
    #expect(exact.start == start)
    #expect(exact.count == 4)
  }

  @Test("rounding down goes to the earlier step before 1970 too")
  func floorBefore1970() {
    let date = Date(timeIntervalSince1970: -1)
    #expect(TimeGrid.floor(date, stepSeconds: 900) == Date(timeIntervalSince1970: -900))
  }

  @Test("a part of a grid keeps the times of its steps")
  func part() {
    let grid = TimeGrid(start: start, stepSeconds: 900, count: 8)
    #expect(Array(grid.dates[2..<5]) == grid[2..<5].dates)
  }

  @Test("an empty grid holds nothing")
  func empty() {
    let grid = TimeGrid(start: start, stepSeconds: 900, count: 0)
    #expect(grid.index(of: start) == nil)
    #expect(grid.dates.isEmpty)
    #expect(grid.end == start)
  }
}
