// SPDX-License-Identifier: MIT

/// What somebody gave a command, by the names of its options and arguments.
public struct CommandLineInput: Sendable {
  var values: [String: [String]] = [:]
  var flags: [String: Bool] = [:]

  /// Whether a flag was given.
  public func flag(_ name: String) -> Bool { flags[name] ?? false }

  /// All values of a list.
  public func list(_ name: String) -> [String] { values[name] ?? [] }

  /// The value of an option or argument, as text.
  public func string(_ name: String) -> String? { values[name]?.last }

  /// The value of an option or argument that must be there.
  public func require(_ name: String) throws(CommandLineError) -> String {
    guard let text = string(name) else { throw .usage("\(Self.shown(name)) is needed") }
    return text
  }

  /// The value of an option or argument as a number or another simple type; `nil` when not given.
  public func value<T: LosslessStringConvertible>(
    _ name: String, as type: T.Type = T.self
  ) throws(CommandLineError) -> T? {
    guard let text = string(name) else { return nil }
    // NaN and infinity are numbers to Swift, but no answer to a question for one.
    guard let value = T(text), (value as? Double)?.isFinite ?? true else {
      throw .usage("\(Self.shown(name)): '\(text)' is not \(Self.words(for: type))")
    }
    return value
  }

  /// What was expected, in words.
  private static func words(for type: Any.Type) -> String {
    switch type {
    case is any UnsignedInteger.Type: "a whole number from 0 on"
    case is any BinaryInteger.Type: "a whole number"
    default: "a number"
    }
  }

  private static func shown(_ name: String) -> String {
    name == name.uppercased() ? name : "--\(name)"
  }
}
