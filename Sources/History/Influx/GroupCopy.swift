// SPDX-License-Identifier: MIT
import Foundation
import HTTP
import Household
import Synchronization
import TimeSeries

/// Copies signals that are read together, piece by piece.
struct GroupCopy<Source: HistoryReading> {
  /// The workers read side by side and write one after the other.
  final class WriteRight: Sendable {
    let lock = Mutex(())
  }

  /// How many readings a piece has, about; bounds the memory.
  private static var readingsPerPiece: Int { 500_000 }
  private static var firstPieceSeconds: Double { 86_400 }
  private static var shortestPieceSeconds: Double { 3_600 }

  let source: Source
  let target: SQLiteHistory
  let writeRight: WriteRight
  let range: Range<Date>
  let sourceName: String
  let longestPieceSeconds: Double
  let progress: (HistoryExtraction.Progress) -> Void

  /// How far signals are: everything since `first` is there up to `cursor`.
  private struct State: Hashable {
    var first: Date
    var cursor: Date
  }

  private struct Count {
    var copied = 0
    var added = 0
  }

  /// Copies what is missing; what fails is named, each signal by itself.
  func run(_ group: [SignalName]) -> [HistoryExtraction.Outcome] {
    do {
      let states = try group.map { ($0, try begin(of: $0)) }
      let outcomes = Dictionary(grouping: states, by: \.1).flatMap { state, members in
        copy(members.map(\.0), from: state)
      }
      return group.compactMap { signal in outcomes.first { $0.signal == signal.text } }
    } catch {
      return outcomes(of: group, group.map { _ in Count() }, failure: "\(error)")
    }
  }

  /// Only a copy that began no later and has no hole before this one can be gone on with.
  private func begin(of signal: SignalName) throws(HistoryError) -> State {
    guard let known = try target.copied(of: signal, from: sourceName),
      known.contains(range.lowerBound)
    else { return State(first: range.lowerBound, cursor: range.lowerBound) }
    return State(first: known.lowerBound, cursor: known.upperBound)
  }

  private func copy(
    _ group: [SignalName], from begin: State
  ) -> [HistoryExtraction.Outcome] {
    var state = begin
    var counts = group.map { _ in Count() }
    var pieceSeconds = min(Self.firstPieceSeconds, longestPieceSeconds)
    do {
      while state.cursor < range.upperBound {
        let found = try copyPiece(group, &state, pieceSeconds, &counts)
        if found > Self.readingsPerPiece {
          pieceSeconds = max(Self.shortestPieceSeconds, pieceSeconds / 2)
        } else if found * 2 < Self.readingsPerPiece {
          pieceSeconds = min(longestPieceSeconds, pieceSeconds * 2)
        }
      }
      return outcomes(of: group, counts, failure: nil)
    } catch {
      guard group.count > 1, !Self.concernsAll(error) else {
        return outcomes(of: group, counts, failure: "\(error)")
      }
      // One of them cannot be read: the others go on without it.
      return zip(group, counts).flatMap { signal, count in
        copy([signal], from: state).map {
          .init(
            signal: $0.signal, copied: $0.copied + count.copied, added: $0.added + count.added,
            failure: $0.failure)
        }
      }
    }
  }

  /// - Returns: how many readings were found.
  private func copyPiece(
    _ group: [SignalName], _ state: inout State, _ seconds: Double, _ counts: inout [Count]
  ) throws -> Int {
    let end = min(range.upperBound, state.cursor.addingTimeInterval(seconds))
    let found = try source.samples(of: group, in: state.cursor..<end)
    let columns = zip(group, found).map { (signal: $0, samples: $1) }
    let (target, first) = (target, state.first)
    let stored = try writeRight.lock.withLock { _ in
      try target.store(columns, copiedFrom: sourceName, since: first)
    }
    state.cursor = end
    let share =
      end.timeIntervalSince(range.lowerBound)
      / range.upperBound.timeIntervalSince(range.lowerBound)
    for (position, column) in columns.enumerated() {
      counts[position].copied += column.samples.count
      counts[position].added += stored[position].added
      progress(.init(signal: column.signal, share: share, copied: counts[position].copied))
    }
    return found.reduce(0) { $0 + $1.count }
  }

  /// Whether a failure is one of the way to the server or of the store, so that asking for each
  /// signal alone would only fail once more.
  private static func concernsAll(_ error: any Error) -> Bool {
    if case .transport(let failure) = error as? InfluxError { return failure.statusCode == nil }
    return error is HistoryError
  }

  private func outcomes(
    of group: [SignalName], _ counts: [Count], failure: String?
  ) -> [HistoryExtraction.Outcome] {
    zip(group, counts).map {
      .init(signal: $0.text, copied: $1.copied, added: $1.added, failure: failure)
    }
  }
}
