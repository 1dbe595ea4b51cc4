// SPDX-License-Identifier: MIT
import TimeSeries

/// A measured series by local day and hour of the wall.
struct WallClockTable: Sendable {
  /// The hours behind the table.
  let hours: SiteHours
  /// One value an hour of the grid.
  let values: [Double?]
  private let cells: [Double?]
  /// The last hour of the grid that a cell needs; `Int.max` where there is none.
  private let lastHour: [Int]

  init(_ values: [Double?], hours: SiteHours) {
    self.hours = hours
    self.values = values
    var sums = [(sum: Double, count: Int)](repeating: (0, 0), count: hours.days.count * 24)
    var lastHour = [Int](repeating: .max, count: sums.count)
    for index in hours.grid.indices {
      let cell = hours.day[index] * 24 + hours.hour[index]
      lastHour[cell] = index
      guard let value = values[index] else { continue }
      sums[cell].sum += value
      sums[cell].count += 1
    }
    var cells = sums.map { $0.count == 0 ? nil : $0.sum / Double($0.count) }
    Self.bridgeSkippedHours(&cells, &lastHour, hours)
    self.cells = cells
    self.lastHour = lastHour
  }

  /// The hour that a spring day does not have is, as a lag of other days, the mean of its
  /// neighbours.
  private static func bridgeSkippedHours(
    _ cells: inout [Double?], _ lastHour: inout [Int], _ hours: SiteHours
  ) {
    for index in hours.grid.indices.dropFirst()
    where hours.day[index] == hours.day[index - 1] && hours.hour[index] == hours.hour[index - 1] + 2
    {
      let cell = hours.day[index] * 24 + hours.hour[index] - 1
      guard let before = cells[cell - 1], let after = cells[cell + 1] else { continue }
      cells[cell] = (before + after) / 2
      lastHour[cell] = index
    }
  }

  /// The value of a cell if all its hours lie before hour `limit` of the grid.
  func value(day: Int, hour: Int, before limit: Int) -> Double? {
    guard day >= 0, day < hours.days.count else { return nil }
    let cell = day * 24 + hour
    return lastHour[cell] < limit ? cells[cell] : nil
  }

  /// Whether a cell's hours all lie before hour `limit` of the grid, measured or not.
  func isOver(day: Int, hour: Int, before limit: Int) -> Bool {
    day >= 0 && day < hours.days.count && lastHour[day * 24 + hour] < limit
  }
}

/// What of a table was over at an issue; everything else does not exist.
struct KnownPast: Sendable {
  private let table: WallClockTable
  /// The first hour of the grid that was not over.
  let issueHour: Int
  /// The local day of the issue.
  let issueDay: Int
  /// The hour of the wall at the issue.
  let issueWallHour: Int

  init(_ table: WallClockTable, issueHour: Int) {
    self.table = table
    self.issueHour = issueHour
    let last = max(0, min(issueHour, table.hours.grid.count - 1))
    issueDay = table.hours.day.isEmpty ? 0 : table.hours.day[last]
    issueWallHour = table.hours.hour.isEmpty ? 0 : table.hours.hour[last]
  }

  /// The value at a wall hour of a local day.
  func value(day: Int, hour: Int) -> Double? {
    table.value(day: day, hour: hour, before: issueHour)
  }

  /// The newest value at a wall hour on a day before `day`, at most three days older than need be.
  func newest(hour: Int, before day: Int) -> Double? {
    for candidate in stride(from: day - 1, through: max(0, issueDay - 3), by: -1) {
      if let value = value(day: candidate, hour: hour) { return value }
    }
    return nil
  }

  /// The known values at a wall hour of the last `count` days that are over at that hour, newest
  /// first.
  func recent(hour: Int, days count: Int) -> [(day: Int, value: Double)] {
    var newest = issueDay
    while newest >= 0, !table.isOver(day: newest, hour: hour, before: issueHour) { newest -= 1 }
    guard newest >= 0 else { return [] }
    return stride(from: newest, to: max(-1, newest - count), by: -1).compactMap { day in
      value(day: day, hour: hour).map { (day, $0) }
    }
  }

  /// The measured values of the last `count` hours before the issue, newest last.
  func last(hours count: Int) -> [Double] {
    table.values[max(0, issueHour - count)..<max(0, min(issueHour, table.values.count))]
      .compactMap { $0 }
  }

  /// The mean over a local day's hours, if at least `fewest` of them are known.
  func mean(day: Int, hours: Range<Int> = 0..<24, fewest: Int) -> Double? {
    let values = hours.compactMap { value(day: day, hour: $0) }
    return values.count >= fewest ? values.reduce(0, +) / Double(values.count) : nil
  }

  /// What kind of day a place is.
  func day(_ place: Int) -> SiteHours.Day { table.hours.days[place] }
}

extension [Double] {
  /// The arithmetic mean; `nil` for nothing.
  var mean: Double? { isEmpty ? nil : reduce(0, +) / Double(count) }
}
