// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing
import TimeSeries

/// Every expected number is arithmetic by hand, on quarter-hours from 06:00 UTC.
@Suite("Resampling")
struct ResamplingTests {
  private let start = instant("2026-03-02T06:00:00Z")

  private func grid(_ count: Int) -> TimeGrid {
    TimeGrid(start: start, stepSeconds: 900, count: count)
  }

  /// Readings by minutes after 06:00.
  private func samples(_ readings: [(minutes: Double, value: Double)]) -> [Sample] {
    readings.map { Sample(time: start.addingTimeInterval($0.minutes * 60), value: $0.value) }
  }

  @Test("the mean takes the readings stamped inside a step; one at its end belongs to the next")
  func mean() {
    let readings = samples([(-1, 99), (0, 10), (5, 20), (10, 60), (15, 7), (45, 99)])
    #expect(Resampling.mean.apply(readings, to: grid(3)) == [30, 7, nil])
  }

  @Test("a held value is weighted by the time it holds")
  func hold() throws {
    // 10 for 5 minutes and 20 for 10 minutes: (10·5 + 20·10) / 15 = 50 / 3; then 20.
    let readings = samples([(0, 10), (5, 20)])
    let values = Resampling.hold(maximumAge: 3_600).apply(readings, to: grid(3))
    #expect(abs(try #require(values[0]) - 50.0 / 3) < 1e-9)
    #expect(values[1] == 20)
    #expect(values[2] == 20)
  }

  @Test("a reading before the grid holds into it")
  func holdFromBefore() {
    let readings = samples([(-10, 5)])
    #expect(Resampling.hold(maximumAge: 1_500).apply(readings, to: grid(2)) == [5, nil])
  }

  @Test("a step needs half of its time covered")
  func holdCoverage() {
    func first(_ minutes: Double) -> Double? {
      Resampling.hold(maximumAge: 3_600).apply(samples([(minutes, 8)]), to: grid(1))[0]
    }
    #expect(first(7.5) == 8)
    #expect(first(8) == nil)
    // Held for at most 10 minutes from 06:00: two thirds of the first step, nothing of the second.
    #expect(Resampling.hold(maximumAge: 600).apply(samples([(0, 8)]), to: grid(2)) == [8, nil])
  }

  @Test("of two readings at one instant the later in the list holds")
  func holdDuplicates() {
    let readings = samples([(0, 1), (0, 2)])
    #expect(Resampling.hold(maximumAge: 900).apply(readings, to: grid(1)) == [2])
  }

  @Test("a line is read at the middle of the step")
  func linear() {
    let readings = samples([(0, 0), (30, 30)])
    #expect(
      Resampling.linear(maximumGap: 1_800).apply(readings, to: grid(3)) == [7.5, 22.5, nil])
  }

  @Test("a line is not drawn over a longer gap, but a reading in the middle itself counts")
  func linearGap() {
    let readings = samples([(0, 0), (22.5, 5), (60, 9)])
    #expect(
      Resampling.linear(maximumGap: 1_200).apply(readings, to: grid(4)) == [nil, 5, nil, nil])
  }

  @Test(
    "nothing comes from nothing",
    arguments: [
      Resampling.mean, .hold(maximumAge: 900), .linear(maximumGap: 900),
    ])
  func nothing(rule: Resampling) {
    #expect(rule.apply([], to: grid(2)) == [nil, nil])
    #expect(rule.apply(samples([(1, 1)]), to: grid(0)) == [])
  }

  @Test("longer steps are means of whole parts, missing when a part is")
  func coarsened() {
    let series = Series<Watts>(
      grid: grid(7), values: [1, 2, 3, 4, nil, 6, 7].map { $0.map { Watts($0) } })
    let half = series.coarsened(toStepSeconds: 1_800)
    #expect(half?.values == [Watts(1.5), Watts(3.5), nil])
    #expect(half?.grid.stepSeconds == 1_800)
    #expect(series.coarsened(toStepSeconds: 1_000) == nil)
  }

  @Test("shorter steps repeat the value, so that energy is kept")
  func refined() {
    let series = Series<Watts>(grid: grid(2), values: [Watts(1_200), nil])
    let fine = series.refined(toStepSeconds: 300)
    #expect(
      fine?.values == [Watts(1_200), Watts(1_200), Watts(1_200), nil, nil, nil])
    #expect(series.refined(toStepSeconds: 400) == nil)
    #expect(series.refined(toStepSeconds: 0) == nil)
  }

  @Test("finer and back again is the same series", arguments: [1, 2, 3] as [UInt64])
  func refinedAndBack(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let values = (0..<8).map { _ in
      Bool.random(using: &random) ? Watts(Double.random(in: 0...9, using: &random)) : nil
    }
    let series = Series<Watts>(grid: grid(8), values: values)
    let back = series.refined(toStepSeconds: 300)?.coarsened(toStepSeconds: 900)
    for (left, right) in zip(back?.values ?? [], values) {
      #expect((left == nil) == (right == nil))
      #expect(abs((left?.rawValue ?? 0) - (right?.rawValue ?? 0)) < 1e-12)
    }
  }
}
