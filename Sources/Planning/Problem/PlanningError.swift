// SPDX-License-Identifier: MIT

/// Why there can be no plan: the problem itself is not one.
public enum PlanningError: Error, Equatable, Sendable, CustomStringConvertible {
  /// An array has another length than the horizon.
  case wrongLength(field: String, count: Int, expected: Int)
  /// A value is missing, infinite or not a number.
  case notFinite(field: String, step: Int?)
  /// A value lies outside its range.
  case outOfRange(field: String, value: Double, allowed: String)
  /// The horizon has no steps.
  case emptyHorizon
  /// The text is not a problem or plan in a known format.
  case unreadable(reason: String)

  /// What is wrong, with values, and what to do.
  public var description: String {
    switch self {
    case .wrongLength(let field, let count, let expected):
      "\(field) has \(count) values, the horizon has \(expected) steps"
    case .notFinite(let field, let step):
      "\(field)\(step.map { " at step \($0)" } ?? "") is not a number; repair the input series"
    case .outOfRange(let field, let value, let allowed):
      "\(field) is \(value), allowed is \(allowed); check value and unit"
    case .emptyHorizon: "the horizon has no steps"
    case .unreadable(let reason): "unreadable: \(reason)"
    }
  }
}
