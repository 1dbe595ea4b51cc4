// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import ParallelWork
import Synchronization
public import TimeSeries

/// Copies signals from another store into the embedded one, groups side by side, in pieces of time.
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

  private let groups: [[SignalName]]
  private let range: Range<Date>
  private let sourceName: String
  private let pieceSeconds: Double
  private let workers: Int

  /// A copy of signals inside a half-open time.
  ///
  /// - Parameters:
  ///   - groups: signals that are read together; one that cannot be read is named, not its group.
  ///   - sourceName: what the store remembers the source by; another name begins anew.
  ///   - piece: how much time is read at once at most; less where there are many readings.
  ///   - workers: how many groups are copied side by side.
  public init(
    groups: [[SignalName]], range: Range<Date>, sourceName: String,
    piece: Duration = .hours(8 * 24), workers: Int = 4
  ) {
    self.groups = groups
    self.range = range
    self.sourceName = sourceName
    pieceSeconds = piece.seconds
    self.workers = max(1, workers)
  }

  /// Does the copy and waits for its end; call it from a thread that may block.
  ///
  /// - Parameters:
  ///   - source: makes a reader for one worker.
  ///   - target: opens the store for one worker; the workers write one after the other.
  ///   - progress: called from any worker after each piece.
  /// - Returns: an outcome for each signal, in the order of the groups.
  public func run<Source: HistoryReading & SendableMetatype>(
    from source: @escaping @Sendable () throws -> Source,
    to target: @escaping @Sendable () throws -> SQLiteHistory,
    progress: @escaping @Sendable (Progress) -> Void
  ) -> [Outcome] {
    let writeRight = GroupCopy<Source>.WriteRight()
    return SideBySide.map(groups, workers: workers) { group in
      do {
        let store = try writeRight.lock.withLock { _ in try target() }
        return GroupCopy(
          source: try source(), target: store, writeRight: writeRight, range: range,
          sourceName: sourceName, longestPieceSeconds: pieceSeconds, progress: progress
        ).run(group)
      } catch {
        return group.map {
          Outcome(signal: $0.text, copied: 0, added: 0, failure: "\(error)")
        }
      }
    }.flatMap(\.self)
  }
}
