// SPDX-License-Identifier: MIT
public import TimeSeries

/// What a look at the models of a home found, and what was done about it.
public struct ModelFinding: Sendable, Hashable, Codable {
  /// What the model forecasts.
  public let target: String
  /// In words.
  public let message: String
  /// Whether somebody should look.
  public let isAlert: Bool

  /// A finding.
  public init(_ target: LearnedTarget, _ message: String, isAlert: Bool = false) {
    self.target = target.rawValue
    self.message = message
    self.isAlert = isAlert
  }

  /// The finding for the journal.
  public var diagnostic: Diagnostic {
    Diagnostic(isAlert ? .error : .note, subject: "model \(target)", message: message)
  }
}
