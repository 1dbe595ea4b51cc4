// SPDX-License-Identifier: MIT
public import HTTP
public import Household

/// An InfluxDB cannot do what it was asked for.
public enum InfluxError: Error, Sendable, Hashable, CustomStringConvertible {
  /// No answer, or a refusal that concerns the whole request.
  case transport(HTTPError)
  /// The server understood the request but a statement of it failed; the server's words.
  case statement(String)
  /// Some points of a write were refused, the others are stored; the server's words. Never sent again.
  case partialWrite(String)
  /// The answer is no CSV of the kind that was asked for.
  case unreadable(String)
  /// The configuration says nothing about where this signal is.
  case notMapped(SignalName)
  /// A reading that is NaN or infinite.
  case notFinite(SignalName)

  /// Whether the same request may succeed later without anybody doing anything.
  public var isTransient: Bool {
    switch self {
    case .transport(let error): error.isTransient
    case .unreadable: true
    case .statement, .partialWrite, .notMapped, .notFinite: false
    }
  }

  /// What happened and what to do next.
  public var description: String {
    switch self {
    case .transport(let error): "InfluxDB: \(error)"
    case .statement(let reason):
      "InfluxDB refused the query: \(reason); check database, retention policy and names"
    case .partialWrite(let reason):
      "InfluxDB stored only a part: \(reason); the rest was not sent again: "
        + "check field types and the retention policy"
    case .unreadable(let reason): "InfluxDB's answer cannot be read: \(reason)"
    case .notMapped(let signal):
      "\(signal) is mapped to no measurement: add it to the mapping of the history"
    case .notFinite(let signal): "\(signal): a reading that is NaN or infinite was not stored"
    }
  }
}
