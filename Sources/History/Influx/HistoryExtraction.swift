// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import ParallelWork
import Synchronization
public import TimeSeries

/// Copies signals from another store into the embedded one, several side by side, in pieces of time.
///
/// The store remembers how far each signal was copied, so a copy that broke off goes on where it
/// stopped and the next one brings only what is new. A signal that fails is named; the others go on.
public struct HistoryExtraction: Sendable {
  /// What became of one signal.
  public struct Outcome: Sendable, Hashable, Codable {
    /// The signal.
    public let signal: String
    /// How many readings came over now.
    public let copied: Int
    /// How many of them the store did not have.
    public let added: Int
    /// Why it stopped early; `nil` when it is complete.
    public let failure: String?
  }

  /// How far a copy is.
  public struct Progress: Sendable, Hashable {
    /// The signal that moved on.
    public let signal: SignalName
    /// The share of its time that is done, 0…1.
    public let share: Double
    /// How many readings of it were copied.
    public let copied: Int
  }

  private let signals: [SignalName]
  private let range: Range<Date>
  private let sourceName: String
  private let pieceSeconds: Double
  private let workers: Int

  /// A copy of signals inside a half-open time.
  ///
  /// - Parameters:
  ///   - sourceName: what the store remembers the source by; another name begins anew.
  ///   - piece: how much time is read at once, which bounds the memory.
  ///   - workers: how many signals are copied side by side.
  public init(
    signals: [SignalName], range: Range<Date>, sourceName: String,
    piece: Duration = .hours(31 * 24), workers: Int = 4
  ) {
    self.signals = signals
    self.range = range
    self.sourceName = sourceName
    pieceSeconds = max(3_600, piece.seconds)
    self.workers = max(1, min(workers, signals.count))
  }

  /// Does the copy and waits for its end; call it from a thread that may block.
  ///
  /// - Parameters:
  ///   - source: makes a reader for one worker.
  ///   - target: opens the store for one worker; the workers write one after the other.
  ///   - progress: called from any worker after each piece.
  /// - Returns: an outcome for each signal, in their order.
  public func run<Source: HistoryReading & SendableMetatype>(
    from source: @escaping @Sendable () throws -> Source,
    to target: @escaping @Sendable () throws -> SQLiteHistory,
    progress: @escaping @Sendable (Progress) -> Void
  ) -> [Outcome] {
    let writing = WriteRight()
    return SideBySide.map(Array(signals.indices), workers: workers) { position in
      var count = Count()
      var failure: String?
      do {
        let store = try writing.lock.withLock { _ in try target() }
        try copy(signals[position], from: try source(), to: store, writing, &count, progress)
      } catch {
        failure = "\(error)"
      }
      return Outcome(
        signal: signals[position].text, copied: count.copied, added: count.added, failure: failure)
    }
  }

  /// The workers read side by side and write one after the other.
  private final class WriteRight: Sendable {
    let lock = Mutex(())
  }

  private struct Count {
    var copied = 0
    var added = 0
  }

  private func copy<Source: HistoryReading & SendableMetatype>(
    _ signal: SignalName, from source: Source, to target: SQLiteHistory, _ writing: WriteRight,
    _ count: inout Count, _ progress: (Progress) -> Void
  ) throws {
    var (first, cursor) = (range.lowerBound, range.lowerBound)
    // Only a copy that began no later and has no hole before this one can be gone on with.
    if let known = try target.copied(of: signal, from: sourceName), known.contains(cursor) {
      (first, cursor) = (known.lowerBound, known.upperBound)
    }
    let whole = range.upperBound.timeIntervalSince(range.lowerBound)
    while cursor < range.upperBound {
      let end = min(range.upperBound, cursor.addingTimeInterval(pieceSeconds))
      let samples = try source.samples(of: signal, in: cursor..<end)
      if !samples.isEmpty {
        let stored = try writing.lock.withLock { _ in
          try target.store(samples, for: signal, copiedFrom: sourceName, since: first)
        }
        count.copied += samples.count
        count.added += stored.added
      }
      cursor = end
      let done = cursor.timeIntervalSince(range.lowerBound) / whole
      progress(Progress(signal: signal, share: done, copied: count.copied))
    }
  }
}
