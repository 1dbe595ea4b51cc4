// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import ParallelWork
public import TimeSeries

/// Copies signals of a store into an InfluxDB, several side by side, in pieces of time.
///
/// A signal goes on behind the newest reading that the server has of it, so a copy that broke off
/// is resumed and the next one brings only what is new. Ten signals go over together, in lines that
/// they share; those of a failed ten are named, and the others go on.
public struct HistoryUpload: Sendable {
  /// What became of one signal.
  public struct Outcome: Sendable, Hashable, Codable {
    /// The signal.
    public let signal: String
    /// How many readings were sent.
    public let sent: Int
    /// Why it stopped early; `nil` when it is complete.
    public let failure: String?
  }

  /// More fields in a line bring little more.
  private static let signalsPerLine = 10

  private let signals: [SignalName]
  private let range: Range<Date>
  private let sendsAgain: Bool
  private let pieceSeconds: Double
  private let workers: Int

  /// A copy of signals inside a half-open time.
  ///
  /// - Parameters:
  ///   - sendsAgain: whether what the server has is sent once more, which changes nothing there
  ///     unless a reading was corrected here.
  ///   - piece: how much time is read at once, which bounds the memory.
  ///   - workers: how many groups of ten signals are copied side by side.
  public init(
    signals: [SignalName], range: Range<Date>, sendsAgain: Bool = false,
    piece: Duration = .hours(31 * 24), workers: Int = 4
  ) {
    self.signals = signals
    self.range = range
    self.sendsAgain = sendsAgain
    pieceSeconds = max(3_600, piece.seconds)
    self.workers = workers
  }

  /// Does the copy and waits for its end; call it from a thread that may block.
  ///
  /// - Parameters:
  ///   - source: makes a reader for one signal.
  ///   - target: makes a connection for one signal.
  ///   - progress: called from any worker after each piece.
  /// - Returns: an outcome for each signal, in their order.
  public func run<Source: HistoryReading & SendableMetatype>(
    from source: @escaping @Sendable () throws -> Source,
    to target: @escaping @Sendable () throws -> InfluxHistory,
    progress: @escaping @Sendable (HistoryExtraction.Progress) -> Void
  ) -> [Outcome] {
    let groups = stride(from: 0, to: signals.count, by: Self.signalsPerLine).map {
      Array(signals[$0..<min(signals.count, $0 + Self.signalsPerLine)])
    }
    return SideBySide.map(Array(groups.indices), workers: workers) { position in
      var sent = groups[position].map { _ in 0 }
      var failure: String?
      do {
        try copy(groups[position], from: source(), to: target(), &sent, progress)
      } catch {
        failure = "\(error)"
      }
      return zip(groups[position], sent).map {
        Outcome(signal: $0.text, sent: $1, failure: failure)
      }
    }.flatMap(\.self)
  }

  /// The readings of a group go over together, in the lines that they share.
  private func copy<Source: HistoryReading & SendableMetatype>(
    _ group: [SignalName], from source: Source, to target: InfluxHistory, _ sent: inout [Int],
    _ progress: (HistoryExtraction.Progress) -> Void
  ) throws {
    var begins: [Date] = []
    for signal in group {
      let newest = sendsAgain ? nil : try target.newestTime(of: signal)
      begins.append(max(range.lowerBound, newest ?? range.lowerBound))
    }
    var cursor = begins.min() ?? range.upperBound
    let whole = range.upperBound.timeIntervalSince(range.lowerBound)
    while cursor < range.upperBound {
      let end = min(range.upperBound, cursor.addingTimeInterval(pieceSeconds))
      var columns: [(signal: SignalName, samples: [Sample])] = []
      for (signal, begin) in zip(group, begins) where begin < end {
        columns.append(
          (signal, try source.samples(of: signal, in: max(cursor, begin)..<end)))
      }
      try target.store(columns)
      cursor = end
      let share = cursor.timeIntervalSince(range.lowerBound) / whole
      for (position, signal) in group.enumerated() {
        sent[position] += columns.first { $0.signal == signal }?.samples.count ?? 0
        progress(.init(signal: signal, share: share, copied: sent[position]))
      }
    }
  }
}
