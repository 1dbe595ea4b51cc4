// SPDX-License-Identifier: MIT
import Foundation
import TimeSeries

/// Puts readings in order, one an instant, and tells what was out of order.
struct OrderCheck {
  private(set) var sorted: [Sample] = []
  private(set) var findings: [Finding] = []

  init(_ readings: [Sample]) {
    var newest = readings.first?.time
    for sample in readings.dropFirst() {
      guard let before = newest else { break }
      let back = before.timeIntervalSince(sample.time)
      if back > 0 {
        // An hour back, give or take a rhythm of up to a quarter-hour, is what autumn does.
        let isAutumn = (2_700...3_600).contains(back) && Self.isLate(before, month: 10)
        findings.append(
          Finding(
            isAutumn ? .daylightSaving : .clockStep, in: sample.time...before, count: 1,
            message: "the clock went back by \(Int(back)) s"))
      }
      newest = max(before, sample.time)
      if back > 0 { newest = sample.time }
    }
    sorted = readings.enumerated().sorted {
      ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
    }.map(\.element)
    removeRepetitions()
  }

  /// Keeps the last reading at each instant.
  private mutating func removeRepetitions() {
    var single: [Sample] = []
    single.reserveCapacity(sorted.count)
    for sample in sorted {
      if let last = single.last, last.time == sample.time {
        let difference =
          last.value == sample.value ? "the same" : "\(last.value) and \(sample.value)"
        findings.append(
          Finding(
            .duplicate, in: sample.time...sample.time, count: 1,
            message: "two readings at one instant, \(difference)"))
        single[single.count - 1] = sample
      } else {
        single.append(sample)
      }
    }
    sorted = single
  }

  /// Whether a time lies in the last week of a month, by UTC.
  static func isLate(_ time: Date, month: Int) -> Bool {
    let date = SiteCalendar(timeZone: .gmt).wallTime(at: time).date
    return date.month == month && date.day >= 24
  }
}
