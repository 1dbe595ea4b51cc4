// SPDX-License-Identifier: MIT
import Foundation
import TimeSeries

/// One line of a Miniserver's logger: `YYYY-MM-DD HH:MM:SS;name;value;room;type;tag1;tag2`, in the
/// time of the site.
struct LoxoneLine: Sendable, Hashable {
  /// A line is at most this much older or newer than its arrival; otherwise a clock is wrong.
  private static let trustedSeconds = 600.0

  let name: String
  let value: Double
  let room: String
  let type: String
  /// Day and second of the day by the clock on the wall; `nil` where the line has no time.
  private let wallTime: WallTime?

  private struct WallTime: Sendable, Hashable {
    let date: CivilDate
    let second: Int
  }

  /// Reads a line; `nil` without a name and a finite number.
  init?(_ text: String) {
    let parts = text.split(separator: ";", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespacesAndNewlines)
    }
    guard parts.count >= 3, let value = Double(parts[2]), value.isFinite else { return nil }
    name = parts[1].lowercased()
    self.value = value
    room = parts.count > 3 ? parts[3] : "_"
    type = parts.count > 4 ? parts[4] : "default"
    wallTime = Self.wallTime(parts[0])
  }

  /// When the line was written, by the site's clock; when it came, where that is not plausible.
  ///
  /// Of the two instants at which the clock shows the same in autumn it is the one nearer to the
  /// arrival.
  func time(arrivedAt arrival: Date, calendar: SiteCalendar) -> Date {
    let distances = candidates(calendar).map { $0.timeIntervalSince(arrival) }
    guard let nearest = distances.min(by: { abs($0) < abs($1) }),
      abs(nearest) <= Self.trustedSeconds
    else { return arrival }
    return arrival.addingTimeInterval(min(0, nearest))
  }

  private func candidates(_ calendar: SiteCalendar) -> [Date] {
    guard let wallTime,
      let first = calendar.instant(on: wallTime.date, minuteOfDay: wallTime.second / 60)
    else { return [] }
    let time = first.addingTimeInterval(Double(wallTime.second % 60))
    let hourLater = time.addingTimeInterval(3_600)
    let shown = [time, hourLater].map { calendar.wallTime(at: $0) }
    return shown[0].date == shown[1].date && shown[0].minuteOfDay == shown[1].minuteOfDay
      ? [time, hourLater] : [time]
  }

  private static func wallTime(_ text: String) -> WallTime? {
    let numbers = text.split(whereSeparator: { !$0.isASCII || !$0.isNumber }).map { Int($0) }
    guard text.count == 19, numbers.count == 6, let year = numbers[0], let month = numbers[1],
      let day = numbers[2], let hour = numbers[3], let minute = numbers[4],
      let second = numbers[5], (1970...9999).contains(year), (1...12).contains(month),
      (1...31).contains(day), (0...23).contains(hour), (0...59).contains(minute),
      (0...59).contains(second)
    else { return nil }
    return WallTime(
      date: CivilDate(year: year, month: month, day: day),
      second: hour * 3_600 + minute * 60 + second)
  }
}
