// SPDX-License-Identifier: MIT
public import Foundation

/// What the import of one file has done: everything that was stored, changed or left out.
public struct ImportReport: Sendable, Hashable, Codable {
  /// What was stored of one signal.
  public struct SignalCount: Sendable, Hashable, Codable {
    /// The signal.
    public let signal: String
    /// How many of its readings were new, changed or known already.
    public let stored: MergeCounts
    /// How many rows gave no reading.
    public let missing: Int
  }

  /// The path of the file.
  public let file: String
  /// How many rows it has below its header.
  public let rows: Int
  /// The usual distance between two rows in seconds; `nil` with less than two.
  public let stepSeconds: Int?
  /// The time of the first and the last row.
  public let span: ClosedRange<Date>?
  /// What was stored, in the order of the mapping.
  public let signals: [SignalCount]
  /// What was changed or left out, with the first place of each.
  public let findings: [ImportFinding]
}

/// Something in a file that was changed or left out on the way in.
public struct ImportFinding: Sendable, Hashable, Codable, CustomStringConvertible {
  /// What it is.
  public enum Kind: String, Sendable, Hashable, Codable {
    /// Rows further apart than the usual step.
    case gap
    /// A row with the time of an earlier one.
    case repeatedTime = "repeated_time"
    /// A row with an earlier time than the row before it.
    case backwardTime = "backward_time"
    /// A time that the clock on the wall shows twice in autumn.
    case repeatedHour = "repeated_hour"
    /// A time that the clock on the wall skips in spring.
    case skippedHour = "skipped_hour"
    /// An empty field.
    case missingValue = "missing_value"
    /// A meter that counted down.
    case negativeStep = "negative_step"
    /// A daily counter that began anew.
    case counterReset = "counter_reset"
    /// A meter that ran faster than it can: it caught up after it had stood still.
    case catchUp = "catch_up"
    /// A meter that stood still before it caught up.
    case frozenMeter = "frozen_meter"
    /// A meter's difference over more than one step.
    case stepOverGap = "step_over_gap"
    /// A value outside the limits of the mapping.
    case outOfRange = "out_of_range"
  }

  /// What it is.
  public let kind: Kind
  /// The column or the signal.
  public let subject: String
  /// How often it is there.
  public internal(set) var count: Int
  /// The line of the first one.
  public let firstLine: Int
  /// The time of the first one; `nil` for a time that does not exist.
  public let firstTime: Date?
  /// More about it, with values.
  public internal(set) var detail: String

  /// `solar_Wh: 7 negative steps, left out, first in line 15708 (2020-01-20T16:00:00Z): …`.
  public var description: String {
    let time = firstTime.map { " (\($0.formatted(.iso8601)))" } ?? ""
    let place = "first in line \(firstLine)\(time)"
    return "\(subject): \(count) × \(kind.text); \(place)" + (detail.isEmpty ? "" : ", \(detail)")
  }
}

extension ImportFinding.Kind {
  fileprivate var text: String {
    switch self {
    case .gap: "gap"
    case .repeatedTime: "repeated time, row left out"
    case .backwardTime: "time going backwards, row left out"
    case .repeatedHour: "time that the clock showed twice, told apart"
    case .skippedHour: "time that the clock skipped, row left out"
    case .missingValue: "no value"
    case .negativeStep: "meter counting down, step left out"
    case .counterReset: "meter beginning anew, counted from zero"
    case .catchUp: "meter catching up, step left out"
    case .frozenMeter: "meter standing still before it caught up, step left out"
    case .stepOverGap: "difference over a gap, left out"
    case .outOfRange: "value outside the limits, left out"
    }
  }
}

/// Collects findings while a file is read.
struct FindingLog {
  private struct Key: Hashable {
    let kind: ImportFinding.Kind
    let subject: String
  }

  private var findings: [Key: ImportFinding] = [:]

  /// Notes one more.
  ///
  /// - Parameter detail: said of the first one only.
  mutating func note(
    _ kind: ImportFinding.Kind, _ subject: String, line: Int, milliseconds: Int64?,
    count: Int = 1, detail: @autoclosure () -> String = ""
  ) {
    let key = Key(kind: kind, subject: subject)
    if findings[key] == nil {
      findings[key] = ImportFinding(
        kind: kind, subject: subject, count: count, firstLine: line,
        firstTime: milliseconds.map(Date.init(milliseconds:)), detail: detail())
    } else {
      findings[key]?.count += count
    }
  }

  /// All of them, by the line of the first one.
  var sorted: [ImportFinding] {
    findings.values.sorted {
      ($0.firstLine, $0.subject, $0.kind.rawValue) < ($1.firstLine, $1.subject, $1.kind.rawValue)
    }
  }
}
