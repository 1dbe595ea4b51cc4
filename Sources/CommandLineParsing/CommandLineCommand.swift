// SPDX-License-Identifier: MIT

/// A command with its options, or a group of commands.
public struct CommandLineCommand: Sendable {
  /// The word that calls it.
  public let name: String
  /// One sentence for the help.
  public let summary: String
  /// Lines that show how it is used, as somebody would type them.
  public let examples: [String]
  /// What may follow it by name.
  public let options: [CommandLineOption]
  /// What may follow it by place.
  public let arguments: [CommandLineArgument]
  /// The commands of a group.
  public let commands: [CommandLineCommand]
  /// Does the work and returns the exit code.
  public let run: @Sendable (CommandLineInput) async throws -> Int32

  /// A command that does something.
  public init(
    _ name: String, _ summary: String, examples: [String], options: [CommandLineOption] = [],
    arguments: [CommandLineArgument] = [],
    run: @escaping @Sendable (CommandLineInput) async throws -> Int32
  ) {
    self.name = name
    self.summary = summary
    self.examples = examples
    self.options = options
    self.arguments = arguments
    self.commands = []
    self.run = run
  }

  /// A group of commands, which does nothing by itself.
  public init(_ name: String, _ summary: String, commands: [CommandLineCommand]) {
    self.name = name
    self.summary = summary
    self.examples = []
    self.options = []
    self.arguments = []
    self.commands = commands
    self.run = { _ in throw CommandLineError.usage("a command is needed") }
  }
}

/// What somebody typed is not a call, or asks for help.
public enum CommandLineError: Error, Equatable, CustomStringConvertible {
  /// The words are off; the text says which and what is possible.
  case usage(String)
  /// The help was asked for; the text is the help.
  case help(String)

  /// The text itself.
  public var description: String {
    switch self {
    case .usage(let text), .help(let text): text
    }
  }
}

extension CommandLineCommand {
  /// The text that `--help` prints.
  ///
  /// - Parameter path: the words that lead here, `pems simulate`.
  public func help(path: String) -> String {
    var text = summary + "\n\nUsage: " + path
    if !commands.isEmpty { text += " COMMAND" }
    if !options.isEmpty { text += " [options]" }
    for argument in arguments {
      let shown = argument.name + (argument.isRepeated ? " …" : "")
      text += argument.isOptional ? " [\(shown)]" : " \(shown)"
    }
    text += Self.table("Commands", commands.map { ($0.name, $0.summary) })
    text += Self.table("Arguments", arguments.map { ($0.name, $0.help) })
    text += Self.table(
      "Options",
      options.map { option in
        (option.usage, option.help + (option.fallback.map { " (default \($0))" } ?? ""))
      })
    if !examples.isEmpty {
      text += "\n\nExample:\n" + examples.map { "  \($0)" }.joined(separator: "\n")
    }
    return text
  }

  private static func table(_ title: String, _ rows: [(String, String)]) -> String {
    guard let width = rows.map(\.0.count).max() else { return "" }
    let lines = rows.map { name, help in
      "  \(name)\(String(repeating: " ", count: width - name.count))  \(help)"
    }
    return "\n\n\(title):\n" + lines.joined(separator: "\n")
  }
}
