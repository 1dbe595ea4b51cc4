// SPDX-License-Identifier: MIT

/// Everything that is wrong in one configuration file, in the order of its lines.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
  /// One thing that is wrong, with its place.
  public struct Problem: Sendable, Hashable, CustomStringConvertible {
    /// The file, as the caller named it.
    public let file: String
    /// The line, from 1; `nil` when the file could not be read at all.
    public let line: Int?
    /// The column, from 1; `nil` when the file could not be read at all.
    public let column: Int?
    /// The keys that lead to the value, `rooms[2].heater.power_w`; empty for the whole file.
    public let keyPath: String
    /// What is wrong and what is allowed. Never holds a value that came out of the environment.
    public let message: String

    /// A problem at a place of a file.
    public init(file: String, line: Int?, column: Int?, keyPath: String, message: String) {
      self.file = file
      self.line = line
      self.column = column
      self.keyPath = keyPath
      self.message = message
    }

    /// `pems.yaml:12: rooms[2].heater.power_w: what is wrong, what is allowed`.
    public var description: String {
      let place = line.map { "\(file):\($0): " } ?? "\(file): "
      return place + (keyPath.isEmpty ? "" : keyPath + ": ") + message
    }
  }

  /// What is wrong; at least one problem, by line and column.
  public let problems: [Problem]

  /// The error of some problems.
  ///
  /// - Precondition: there is a problem.
  public init(_ problems: [Problem]) {
    precondition(!problems.isEmpty, "an error has a problem")
    self.problems = problems.sorted {
      ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0)
    }
  }

  /// One line a problem.
  public var description: String { problems.map(\.description).joined(separator: "\n") }
}
