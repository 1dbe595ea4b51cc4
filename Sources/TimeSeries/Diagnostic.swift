// SPDX-License-Identifier: MIT

/// Something a person should know about a result that is still usable.
public struct Diagnostic: Sendable, Hashable, Codable, CustomStringConvertible {
  /// How much it matters.
  public enum Severity: String, Sendable, Hashable, Codable {
    /// Worth knowing.
    case note
    /// The result is degraded.
    case warning
    /// A part of the result is missing.
    case error
  }

  /// How much it matters.
  public let severity: Severity
  /// What it is about: a signal, a device or a step of the work.
  public let subject: String
  /// What happened, with values, and what to do next.
  public let message: String

  /// A remark about a subject.
  public init(_ severity: Severity, subject: String, message: String) {
    self.severity = severity
    self.subject = subject
    self.message = message
  }

  /// `warning: battery: …`.
  public var description: String { "\(severity.rawValue): \(subject): \(message)" }
}
