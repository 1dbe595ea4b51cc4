// SPDX-License-Identifier: MIT
import Dispatch
public import Foundation
public import Household
import Synchronization
public import TimeSeries

/// Copies signals from one store into another, several side by side, each in pieces of time.
///
/// What a signal already has in the target is not read again, so a copy that broke off goes on where
/// it stopped, and the next one brings only what is new. A signal that fails is named; the others go on.
public struct HistoryExtraction: Sendable {
  /// What became of one signal.
  public struct Outcome: Sendable, Hashable {
    /// The signal.
    public let signal: SignalName
    /// How many readings were copied now.
    public let copied: Int
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
  private let pieceSeconds: Double
  private let workers: Int

  /// A copy of signals inside a half-open time.
  ///
  /// - Parameters:
  ///   - piece: how much time is read at once, which bounds the memory.
  ///   - workers: how many signals are copied side by side.
  public init(
    signals: [SignalName], range: Range<Date>, piece: Duration = .hours(31 * 24), workers: Int = 4
  ) {
    self.signals = signals
    self.range = range
    pieceSeconds = max(3_600, piece.seconds)
    self.workers = max(1, min(workers, signals.count))
  }

  /// Does the copy and waits for its end; call it from a thread that may block.
  ///
  /// - Parameters:
  ///   - source: makes a reader for one worker.
  ///   - target: makes a store for one worker.
  ///   - progress: called from any worker after each piece.
  /// - Returns: an outcome for each signal, in their order.
  public func run<
    Source: HistoryReading & SendableMetatype,
    Target: HistoryReading & HistoryWriting & SendableMetatype
  >(
    from source: @escaping @Sendable () throws -> Source,
    to target: @escaping @Sendable () throws -> Target,
    progress: @escaping @Sendable (Progress) -> Void
  ) -> [Outcome] {
    let shared = Shared(count: signals.count)
    let group = DispatchGroup()
    for _ in 0..<workers {
      group.enter()
      Thread.detachNewThread {
        defer { group.leave() }
        work(shared, source, target, progress)
      }
    }
    group.wait()
    let outcomes = shared.state.withLock { $0.outcomes }
    return signals.enumerated().map { position, signal in
      outcomes[position] ?? Outcome(signal: signal, copied: 0, failure: "not begun")
    }
  }

  /// What the workers share: the next signal and what became of the others.
  private final class Shared: Sendable {
    let state: Mutex<(next: Int, outcomes: [Outcome?])>

    init(count: Int) { state = Mutex((0, Array(repeating: nil, count: count))) }

    func take() -> Int? {
      state.withLock { state in
        guard state.next < state.outcomes.count else { return nil }
        state.next += 1
        return state.next - 1
      }
    }
  }

  private func work<
    Source: HistoryReading & SendableMetatype,
    Target: HistoryReading & HistoryWriting & SendableMetatype
  >(
    _ shared: Shared, _ source: () throws -> Source, _ target: () throws -> Target,
    _ progress: (Progress) -> Void
  ) {
    while let position = shared.take() {
      var copied = 0
      var failure: String?
      do {
        try copy(
          signals[position], from: try source(), to: try target(), copied: &copied, progress)
      } catch {
        failure = "\(error)"
      }
      let outcome = Outcome(signal: signals[position], copied: copied, failure: failure)
      shared.state.withLock { $0.outcomes[position] = outcome }
    }
  }

  private func copy<
    Source: HistoryReading & SendableMetatype,
    Target: HistoryReading & HistoryWriting & SendableMetatype
  >(
    _ signal: SignalName, from source: Source, to target: Target, copied: inout Int,
    _ progress: (Progress) -> Void
  ) throws {
    let known = try target.signals().first { $0.signal == signal }?.span
    // Pieces are stored in order of time: everything up to the newest reading is there.
    var cursor = known.map { max(range.lowerBound, $0.upperBound) } ?? range.lowerBound
    let whole = range.upperBound.timeIntervalSince(range.lowerBound)
    while cursor < range.upperBound {
      let end = min(range.upperBound, cursor.addingTimeInterval(pieceSeconds))
      let samples = try source.samples(of: signal, in: cursor..<end)
      if !samples.isEmpty { try target.store(samples, for: signal) }
      copied += samples.count
      cursor = end
      let done = cursor.timeIntervalSince(range.lowerBound) / whole
      progress(Progress(signal: signal, share: done, copied: copied))
    }
  }
}
