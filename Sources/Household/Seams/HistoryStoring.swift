// SPDX-License-Identifier: MIT
public import Foundation
public import TimeSeries

/// What a history knows of one signal.
public struct SignalSummary: Sendable, Hashable {
  /// The signal.
  public let signal: SignalName
  /// How many readings there are.
  public let count: Int
  /// From the first reading to the last, both included; `nil` when there are none.
  public let span: ClosedRange<Date>?

  /// A summary.
  public init(signal: SignalName, count: Int, span: ClosedRange<Date>?) {
    self.signal = signal
    self.count = count
    self.span = span
  }
}

/// A store of past readings that can be read.
public protocol HistoryReading {
  /// What the store throws.
  associatedtype Failure: Error

  /// All signals in the store, by name.
  func signals() throws(Failure) -> [SignalSummary]
  /// The readings of a signal inside a half-open time, in ascending order; empty when unknown.
  func samples(of signal: SignalName, in range: Range<Date>) throws(Failure) -> [Sample]
  /// The readings of several signals, in the order of the signals; for stores that find them faster
  /// together than one by one.
  func samples(of signals: [SignalName], in range: Range<Date>) throws(Failure) -> [[Sample]]
}

extension HistoryReading {
  /// One signal after the other.
  public func samples(
    of signals: [SignalName], in range: Range<Date>
  ) throws(Failure) -> [[Sample]] {
    var found: [[Sample]] = []
    for signal in signals { found.append(try samples(of: signal, in: range)) }
    return found
  }
}

/// A store of past readings that can be written.
public protocol HistoryWriting {
  /// What the store throws.
  associatedtype Failure: Error

  /// Stores readings of a signal; one at the same instant replaces the older one. All or nothing.
  func store(_ samples: [Sample], for signal: SignalName) throws(Failure)
}
