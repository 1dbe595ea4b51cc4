// SPDX-License-Identifier: MIT
import Foundation
import Learning
import TimeSeries

/// What a plant did before an issue, compared with what physics expected: shared by all targets.
struct PVPast: Sendable {
  /// The past at one hour of the wall; powers in W.
  struct Hour: Sendable {
    var newest: Double?
    var mean7: Double?
    var mean15: Double?
    /// The .95 quantile of 28 days: shading and clipping.
    var envelope: Double?
    /// Production minus physics, newest, means of 7 and 30 days, mean absolute of 30 days.
    var newestError: Double?
    var meanError7: Double?
    var meanError30: Double?
    var absoluteError30: Double?
    /// Production over physics within an hour of this hour, 30 days, pulled to 1.
    var ratio = 1.0
  }

  let known: KnownPast
  let hours: [Hour]
  /// Production over physics in energy, pulled to the start value while little is known.
  let bias7: Double
  let bias30: Double
  let bias90: Double
  /// Production over physics of the known part of the issue's day, of the day before, of the last 3
  /// hours of daylight.
  let biasToday: Double?
  let biasYesterday: Double?
  let biasLast3: Double?
  /// Days with at least 80 % of their daylight measured and free.
  let validDays: Int

  /// What a plant gives of its metadata's physics before anything is known.
  static let startBias = 0.95
  /// Full-load hours that the start value counts.
  static let priorHours = 3.0
  static let biasLimits = 0.5...1.5

  /// The bias that is applied: 30 days, pulled a quarter towards 7 days.
  ///
  /// Source: the weight was the best of those tried on four plants (`docs/models/pv-forecast.md`).
  var bias: Double { bias30 + Self.weekWeight * (bias7 - bias30) }
  static let weekWeight = 0.25

  init(_ history: PVHistory, sums: PVSums, issueHour: Int) {
    known = KnownPast(history.production, issueHour: issueHour)
    let known = known
    hours = (0..<24).map { Self.hour($0, history, known) }
    func bias(days: Int) -> Double {
      sums.bias(over: max(0, issueHour - days * 24)..<issueHour, capacity: history.capacity)
    }
    bias7 = bias(days: 7)
    bias30 = bias(days: 30)
    bias90 = bias(days: 90)
    let today = history.hours.hours(ofDay: known.issueDay)
    let yesterday = history.hours.hours(ofDay: known.issueDay - 1)
    biasToday = sums.ratio(over: today.lowerBound..<max(today.lowerBound, issueHour), history)
    biasYesterday = sums.ratio(over: yesterday, history)
    biasLast3 = sums.ratio(over: max(0, issueHour - 3)..<issueHour, history)
    validDays = sums.validDays(before: issueHour, history)
  }

  private static func hour(_ hour: Int, _ history: PVHistory, _ known: KnownPast) -> Hour {
    var result = Hour()
    let recent = known.recent(hour: hour, days: 30)
    guard !recent.isEmpty else { return result }
    result.newest = recent.first?.value
    if recent.count >= 3 { result.mean7 = recent.prefix(7).map(\.value).mean }
    if recent.count >= 5 { result.mean15 = recent.prefix(15).map(\.value).mean }
    if recent.count >= 9 {
      result.envelope = EmpiricalQuantile.of(recent.prefix(28).map(\.value), 0.95)
    }
    let free = pairs(hour, recent, history)
    let errors = free.map { $0.actual - $0.physics }
    result.newestError = errors.first
    if errors.count >= 3 { result.meanError7 = Array(errors.prefix(7)).mean }
    if errors.count >= 7 {
      result.meanError30 = errors.mean
      result.absoluteError30 = errors.map(abs).mean
    }
    let around = [hour - 1, hour, hour + 1].filter { (0..<24).contains($0) }.flatMap {
      pairs($0, known.recent(hour: $0, days: 30), history)
    }
    let prior = 2 * history.capacity
    result.ratio =
      (around.reduce(0) { $0 + $1.actual } + prior)
      / (around.reduce(0) { $0 + $1.physics } + prior)
    return result
  }

  private static func pairs(
    _ hour: Int, _ recent: [(day: Int, value: Double)], _ history: PVHistory
  ) -> [(actual: Double, physics: Double)] {
    recent.compactMap { seen in
      guard
        let index = history.hours.hours(ofDay: seen.day).first(where: {
          history.hours.hour[$0] == hour
        }), !history.isCensored[index], let physics = history.physics[index]
      else { return nil }
      return (seen.value, physics)
    }
  }
}

/// Running sums of production and physics over the hours where both are known and free.
struct PVSums: Sendable {
  private var production = [0.0]
  private var physics = [0.0]
  /// The first hour of each valid day and the one after its last.
  private var validDayEnds: [Int] = []

  init(_ history: PVHistory) {
    for index in history.hours.grid.indices {
      let pair = history.freeActual(index).flatMap { actual in
        history.physics[index].map { (actual, $0) }
      }
      production.append((production.last ?? 0) + (pair?.0 ?? 0))
      physics.append((physics.last ?? 0) + (pair?.1 ?? 0))
    }
    guard let first = history.hours.day.first, let last = history.hours.day.last else { return }
    for day in first...last {
      let daylight = history.hours.hours(ofDay: day).filter { history.sun.isDay[$0] }
      let seen = daylight.count { history.freeActual($0) != nil }
      if let end = daylight.last, Double(seen) >= 0.8 * Double(daylight.count) {
        validDayEnds.append(end + 1)
      }
    }
  }

  /// Production over physics, pulled towards the start value.
  func bias(over range: Range<Int>, capacity: Double) -> Double {
    let prior = PVPast.priorHours * capacity
    let actual = production[range.upperBound] - production[range.lowerBound]
    let expected = physics[range.upperBound] - physics[range.lowerBound]
    let bias = (actual + PVPast.startBias * prior) / (expected + prior)
    return min(PVPast.biasLimits.upperBound, max(PVPast.biasLimits.lowerBound, bias))
  }

  /// Production over physics, pulled a little towards 1; `nil` where nothing is expected.
  func ratio(over range: Range<Int>, _ history: PVHistory) -> Double? {
    let expected = physics[range.upperBound] - physics[range.lowerBound]
    guard expected > 0 else { return nil }
    let prior = 0.3 * history.capacity
    return (production[range.upperBound] - production[range.lowerBound] + prior)
      / (expected + prior)
  }

  func validDays(before issueHour: Int, _ history: PVHistory) -> Int {
    validDayEnds.partitioningIndex { $0 > issueHour }
  }
}
