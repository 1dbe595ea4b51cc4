// SPDX-License-Identifier: MIT
public import Foundation
import Spelling

/// A file cannot be imported or exported; nothing of it is stored or left behind.
public enum TransferError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file cannot be read, or holds what is no table, number or time.
  case file(CSVError)
  /// The store cannot be read or written.
  case store(HistoryError)
  /// The file has no column of times first, as a file without a mapping needs.
  case noTimeColumn(file: String, found: String)
  /// The header has a column that is no signal, in a file without a mapping.
  case notASignal(file: String, column: String, reason: String)
  /// The file has a header and nothing below.
  case noRows(file: String)
  /// A list of sessions that lasts longer than any true one.
  case tooLong(file: String, steps: Int)
  /// A row is earlier than the row before it.
  case backwardTime(file: String, line: Int, time: Date, previous: Date)
  /// A row has the time of the row before it, and other values.
  case repeatedTime(file: String, line: Int, time: Date)
  /// A meter that may not count down does.
  case negativeStep(file: String, line: Int, column: String, from: Double, to: Double)
  /// The file is read twice, which standard input cannot be.
  case needsFile
  /// The file is no history of Home Assistant, or one of its entities cannot become the signal.
  case notAHistory(file: String, reason: String)
  /// The file has no such entity.
  case unknownEntity(String, known: [String])
  /// The store has no such signal.
  case unknownSignal(String, known: [String])
  /// The store has no reading of the signals in that time.
  case nothingToExport(store: String)
  /// A signal whose value belongs to its own step cannot be averaged over others.
  case notAveraged(signal: String)

  /// What happened, with file and line, and what to do next.
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .store(let error): error.description
    case .noTimeColumn(let file, let found):
      "\(file):1: the first column is '\(found)', not 'time_utc'; "
        + "rename it, or describe the file in a mapping and give that with --mapping"
    case .notASignal(let file, let column, let reason):
      "\(file):1: column '\(column)': \(reason); rename it, or use a mapping (--mapping)"
    case .noRows(let file): "\(file): a header and nothing below it; is the export complete?"
    case .tooLong(let file, let steps):
      "\(file): its sessions spread over \(steps) steps; is one of the times wrong, or "
        + "time.step_seconds too small?"
    case .backwardTime(let file, let line, let time, let previous):
      "\(file):\(line): the time goes backwards, \(time.formatted(.iso8601)) after "
        + "\(previous.formatted(.iso8601)); sort the file by time, or drop such rows with "
        + "'disorder: drop' in a mapping"
    case .repeatedTime(let file, let line, let time):
      "\(file):\(line): the time \(time.formatted(.iso8601)) is there twice with different values; "
        + "local times need time.time_zone in a mapping, true repetitions 'disorder: drop'"
    case .negativeStep(let file, let line, let column, let from, let to):
      "\(file):\(line): column '\(column)': the meter counts down from \(from) to \(to); "
        + "'negative_steps: mask' or 'reset' in the mapping allows that"
    case .needsFile: "standard input cannot be imported; name a file"
    case .notAHistory(let file, let reason):
      "\(file): not readable as an answer of Home Assistant's history (\(reason))"
    case .unknownEntity(let name, let known):
      "the file has no entity '\(name)'"
        + (NearestMatch.of(name, in: known).map { "; did you mean '\($0)'?" }
          ?? "; it has \(known.joined(separator: ", "))")
    case .unknownSignal(let name, let known):
      "the store has no signal '\(name)'"
        + (NearestMatch.of(name, in: known).map { "; did you mean '\($0)'?" }
          ?? (known.isEmpty ? "; it is empty" : "; it has \(known.joined(separator: ", "))"))
    case .nothingToExport(let store):
      "\(store): no reading of these signals in that time; check --from and --to, and that the "
        + "store is filled"
    case .notAveraged(let signal):
      "\(signal) is an amount per step, which has no mean over other steps; leave out --step"
    }
  }
}

extension TransferError {
  /// Does what may fail because of a file.
  static func inFile<Result>(
    _ body: () throws(CSVError) -> Result
  ) throws(TransferError) -> Result {
    do throws(CSVError) { return try body() } catch { throw .file(error) }
  }

  /// Does what may fail because of the store.
  static func inStore<Result>(
    _ body: () throws(HistoryError) -> Result
  ) throws(TransferError) -> Result {
    do throws(HistoryError) { return try body() } catch { throw .store(error) }
  }
}
