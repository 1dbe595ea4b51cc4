// SPDX-License-Identifier: MIT
public import Foundation

/// Where a file has its times, and how they are written.
public struct TimeColumn: Sendable, Hashable, Decodable {
  /// How a time is written.
  public enum Format: Sendable, Hashable {
    /// ISO 8601, with or without an offset.
    case iso8601
    /// Seconds since 1970, UTC.
    case unixSeconds
    /// Milliseconds since 1970, UTC.
    case unixMilliseconds
    /// A pattern of `strptime`, as `%d.%m.%Y %H:%M`; site time, or with an offset by `%z`.
    case pattern(String)
  }

  /// Which end of its step a time names.
  public enum Stamp: String, Sendable, Hashable, CaseIterable {
    /// The step begins at that time.
    case start
    /// The step ends at that time.
    case end
  }

  /// Which of two hours is meant when the clock on the wall shows one twice in autumn.
  public enum RepeatedHour: String, Sendable, Hashable, CaseIterable {
    /// The first while the times grow, the second after they have gone back.
    case inOrder = "in_order"
    /// Always the first, summer time.
    case first
    /// Always the second, winter time.
    case second
  }

  /// The name of the column.
  public let column: String
  /// How a time is written.
  public let format: Format
  /// The zone of times that name none; `nil` refuses such times.
  public let timeZone: TimeZone?
  /// Which end of its step a time names.
  public let stamp: Stamp
  /// Which of two hours is meant when the clock on the wall shows one twice.
  public let repeatedHour: RepeatedHour
  /// The usual distance between two rows; `nil` finds it in the file.
  public let stepSeconds: Int?

  /// A column of times.
  init(
    column: String, format: Format = .iso8601, timeZone: TimeZone? = nil, stamp: Stamp = .start,
    repeatedHour: RepeatedHour = .inOrder, stepSeconds: Int? = nil
  ) {
    self.column = column
    self.format = format
    self.timeZone = timeZone
    self.stamp = stamp
    self.repeatedHour = repeatedHour
    self.stepSeconds = stepSeconds
  }

  private enum CodingKeys: String, CodingKey {
    case column, format
    case timeZone = "time_zone"
    case stamp
    case repeatedHour = "repeated_hour"
    case stepSeconds = "step_seconds"
  }

  /// Reads the description of a column of times.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    column = try values.decode(String.self, forKey: .column)
    stamp = try values.choiceIfPresent(Stamp.self, forKey: .stamp) ?? .start
    repeatedHour =
      try values.choiceIfPresent(RepeatedHour.self, forKey: .repeatedHour) ?? .inOrder
    switch try values.decodeIfPresent(String.self, forKey: .format) ?? "iso8601" {
    case "iso8601": format = .iso8601
    case "unix_seconds": format = .unixSeconds
    case "unix_milliseconds": format = .unixMilliseconds
    case let pattern where pattern.contains("%"): format = .pattern(pattern)
    case let word:
      throw values.corrupted(
        "'\(word)' is not known; allowed: 'iso8601', 'unix_seconds', 'unix_milliseconds' or a "
          + "pattern as '%d.%m.%Y %H:%M'", forKey: .format)
    }
    let zone = try values.decodeIfPresent(String.self, forKey: .timeZone)
    timeZone = zone.flatMap { TimeZone(identifier: $0) }
    if let zone, timeZone == nil {
      throw values.corrupted(
        "'\(zone)' is no zone of the tz database, as 'Europe/Prague' or 'UTC'", forKey: .timeZone)
    }
    stepSeconds = try values.decodeIfPresent(Int.self, forKey: .stepSeconds)
    if let stepSeconds, !(1...86_400).contains(stepSeconds) {
      throw values.corrupted("\(stepSeconds) is not in 1…86400", forKey: .stepSeconds)
    }
  }
}
