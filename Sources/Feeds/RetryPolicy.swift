// SPDX-License-Identifier: MIT

/// How often and after how long a question is asked again: exponential back-off with full jitter.
///
/// Source: M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015.
public struct RetryPolicy: Sendable, Hashable {
  /// How often in all, at least 1.
  public let attempts: Int
  /// The longest first pause.
  public let firstPauseSeconds: Double
  /// The longest pause; a server that asks for a longer one is not asked again now.
  public let longestPauseSeconds: Double

  /// A policy; three attempts within a few seconds by default.
  public init(
    attempts: Int = 3, firstPauseSeconds: Double = 1, longestPauseSeconds: Double = 30
  ) {
    self.attempts = max(1, attempts)
    self.firstPauseSeconds = firstPauseSeconds
    self.longestPauseSeconds = longestPauseSeconds
  }

  /// One attempt.
  public static let never = RetryPolicy(attempts: 1)

  /// The pause in seconds after `attempt` (from 1) failed, or `nil` when it was the last.
  public func pause(
    afterAttempt attempt: Int, retryAfterSeconds: Double? = nil,
    using generator: inout some RandomNumberGenerator
  ) -> Double? {
    guard attempt < attempts else { return nil }
    if let asked = retryAfterSeconds { return asked <= longestPauseSeconds ? asked : nil }
    var longest = firstPauseSeconds
    for _ in 1..<max(1, attempt) { longest *= 2 }
    return Double.random(in: 0...min(longest, longestPauseSeconds), using: &generator)
  }
}
