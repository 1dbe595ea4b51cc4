// SPDX-License-Identifier: MIT
public import Foundation
public import Household

/// The store cannot do what it was asked for: which file, what happened, what to do.
public enum HistoryError: Error, Sendable, Hashable, CustomStringConvertible {
  /// There is no file to read.
  case missing(file: String)
  /// The file may not or cannot be opened; the library's reason.
  case cannotOpen(file: String, reason: String)
  /// The file is no store of this program; what it looks like.
  case notAStore(file: String, reason: String)
  /// The file is damaged; the library's reason.
  case corrupt(file: String, reason: String)
  /// Another program writes to the file and did not finish in time.
  case busy(file: String)
  /// There is no room on the disk, or the file may not grow further.
  case full(file: String)
  /// The file may only be read.
  case readOnly(file: String)
  /// A newer program has made the file.
  case newerVersion(file: String, found: Int, supported: Int)
  /// An older program has made the file, which cannot be changed while it is only read.
  case olderVersion(file: String, found: Int, supported: Int)
  /// A reading that is NaN or infinite.
  case notFinite(signal: SignalName, time: Date)
  /// Reading or writing failed for another reason; the library's words.
  case failed(file: String, reason: String)

  /// Whether trying again later can help.
  public var isTransient: Bool {
    if case .busy = self { true } else { false }
  }

  /// What happened, with values, and what to do next.
  public var description: String {
    switch self {
    case .missing(let file):
      "\(file): there is no such store; 'pems import --store \(file)' makes one"
    case .cannotOpen(let file, let reason):
      "\(file): the store cannot be opened (\(reason)); check the folder and its permissions"
    case .notAStore(let file, let reason):
      "\(file): not a store of pems but \(reason); name another file"
    case .corrupt(let file, let reason):
      "\(file): the store is damaged (\(reason)); restore it from a backup, or rescue what is "
        + "left with 'sqlite3 \(file) .recover'"
    case .busy(let file):
      "\(file): the store is locked by another program; try again when that has finished"
    case .full(let file):
      "\(file): no room left for the store; nothing was changed, make room and try again"
    case .readOnly(let file):
      "\(file): the store may only be read; check the permissions of the file and its folder"
    case .newerVersion(let file, let found, let supported):
      "\(file): made by a newer pems (format \(found), this one knows \(supported)); update pems"
    case .olderVersion(let file, let found, let supported):
      "\(file): made by an older pems (format \(found), this one needs \(supported)); "
        + "a command that writes to it, as 'pems import', brings it up to date"
    case .notFinite(let signal, let time):
      "\(signal) at \(time.formatted(.iso8601)): NaN and infinity cannot be stored"
    case .failed(let file, let reason):
      "\(file): the store failed (\(reason))"
    }
  }
}
