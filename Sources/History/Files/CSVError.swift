// SPDX-License-Identifier: MIT
import Spelling

/// A table file cannot be read or written: which file, where in it, what is wrong, what to do.
public struct CSVError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong.
  public enum Problem: Sendable, Hashable {
    /// The file is not there or may not be opened; the system's reason.
    case cannotOpen(reason: String)
    /// The file stops in the middle or its compressed content is damaged; the library's reason.
    case damaged(reason: String)
    /// Nothing is in it, not even a header.
    case empty
    /// It is not UTF-8 text; what it looks like.
    case notText(String)
    /// A quotation mark inside an unquoted field, or text after a closing one.
    case strayQuote
    /// A quotation mark that is never closed.
    case openQuote
    /// A line with more or fewer fields than the header.
    case fieldCount(found: Int, expected: Int)
    /// A column that the header does not have.
    case noColumn(String, available: [String])
    /// A column name that the header has more than once.
    case repeatedColumn(String)
    /// A field that is not a number.
    case notANumber(String)
    /// A field that is NaN, infinite or too large for a number.
    case notFinite(String)
    /// An empty field where a value is needed.
    case missingValue
    /// A field that is not an instant; the form that was expected.
    case notATime(String, expected: String)
    /// The file cannot be written; the system's reason.
    case cannotWrite(reason: String)
  }

  /// The path of the file; `-` for standard input or output.
  public let file: String
  /// The line, counted from 1; `nil` when the whole file is meant.
  public let line: Int?
  /// The name of the column; `nil` when the whole line is meant.
  public let column: String?
  /// What is wrong.
  public let problem: Problem

  /// A problem at a place.
  public init(_ problem: Problem, file: String, line: Int? = nil, column: String? = nil) {
    self.file = file
    self.line = line
    self.column = column
    self.problem = problem
  }

  /// `house.csv:12: column 'pv_power_w': 'abc' is not a number; …`.
  public var description: String {
    var place = file
    if let line { place += ":\(line)" }
    if let column { place += ": column '\(column)'" }
    return "\(place): \(problem.text)"
  }
}

extension CSVError.Problem {
  fileprivate var text: String {
    switch self {
    case .cannotOpen(let reason): "cannot be opened: \(reason)"
    case .damaged(let reason): "damaged or cut off (\(reason)); fetch the file again"
    case .empty: "empty; a header line with the names of the columns is needed"
    case .notText(let kind): "not UTF-8 text but \(kind); save it as CSV in UTF-8"
    case .strayQuote:
      "a quotation mark stands inside a field; quote the whole field and double the marks in it"
    case .openQuote: "the quotation mark opened here is never closed"
    case .fieldCount(let found, let expected):
      "\(found) fields, but the header has \(expected); is the delimiter right?"
    case .noColumn(let name, let available):
      "no column '\(name)'"
        + (NearestMatch.of(name, in: available).map { "; did you mean '\($0)'?" }
          ?? "; the columns are \(available.joined(separator: ", "))")
    case .repeatedColumn(let name): "the column '\(name)' is there more than once"
    case .notANumber(let text): "'\(text)' is not a number"
    case .notFinite(let text): "'\(text)' is not a finite number; leave the field empty if missing"
    case .missingValue: "a value is missing"
    case .notATime(let text, let expected): "'\(text)' is not a time; expected \(expected)"
    case .cannotWrite(let reason): "cannot be written: \(reason)"
    }
  }
}
