// SPDX-License-Identifier: MIT

/// One option of a command, for example `--seed N`.
public struct CommandLineOption: Sendable, Hashable {
  /// What follows the option's name.
  public enum Kind: Sendable, Hashable {
    /// Nothing; `--no-NAME` turns it off.
    case flag
    /// One value; the help shows it by this word, in capitals.
    case value(valueName: String)
    /// One value each time it is given, shown in the same way.
    case list(valueName: String)
  }

  /// The name without dashes.
  public let name: String
  /// What follows it.
  public let kind: Kind
  /// One line for the help.
  public let help: String
  /// The value when it is not given.
  public let fallback: String?

  /// An option that is given or not.
  public static func flag(_ name: String, _ help: String) -> Self {
    Self(name: name, kind: .flag, help: help, fallback: nil)
  }

  /// An option with one value.
  public static func value(
    _ name: String, _ valueName: String, default fallback: String? = nil, _ help: String
  ) -> Self {
    Self(name: name, kind: .value(valueName: valueName), help: help, fallback: fallback)
  }

  /// An option with a value each time it is given.
  public static func list(_ name: String, _ valueName: String, _ help: String) -> Self {
    Self(name: name, kind: .list(valueName: valueName), help: help, fallback: nil)
  }

  /// How the help shows it.
  var usage: String {
    switch kind {
    case .flag: "--\(name)"
    case .value(let valueName): "--\(name) \(valueName)"
    case .list(let valueName): "--\(name) \(valueName) …"
    }
  }
}

/// One argument without a name, in its place.
public struct CommandLineArgument: Sendable, Hashable {
  /// The name the help shows, in capitals.
  public let name: String
  /// One line for the help.
  public let help: String
  /// Whether it may be left out.
  public let isOptional: Bool
  /// Whether it may be given more than once; only the last one may.
  public let isRepeated: Bool

  /// An argument in its place.
  public init(_ name: String, _ help: String, isOptional: Bool = false, isRepeated: Bool = false) {
    self.name = name
    self.help = help
    self.isOptional = isOptional
    self.isRepeated = isRepeated
  }
}
