// SPDX-License-Identifier: MIT
import Spelling

extension CommandLineCommand {
  /// Finds the command that the words call and what they give it.
  ///
  /// `--name value`, `--name=value`, `--flag`, `--no-flag`; `--` ends the options; `-` is an argument.
  ///
  /// - Returns: the command, the words that lead to it, and its input.
  /// - Throws: `usage` for words that are off, `help` where `--help` was asked for.
  public func parse(
    _ words: [String], path: String? = nil
  ) throws(CommandLineError) -> (command: CommandLineCommand, path: String, input: CommandLineInput)
  {
    let path = path ?? name
    if !commands.isEmpty { return try parseGroup(words, path: path) }
    var input = CommandLineInput()
    for option in options {
      if let fallback = option.fallback { input.values[option.name] = [fallback] }
    }
    var rest = words[...]
    var positional: [String] = []
    var onlyArguments = false
    while let word = rest.popFirst() {
      if onlyArguments || word == "-" || !word.hasPrefix("-") {
        positional.append(word)
      } else if word == "--" {
        onlyArguments = true
      } else if word == "--help" || word == "-h" {
        throw .help(help(path: path))
      } else {
        try take(option: word, from: &rest, into: &input)
      }
    }
    try place(positional, into: &input)
    return (self, path, input)
  }

  /// The words that lead to the command that `words` call, or to the group in which they go astray.
  public func path(along words: [String]) -> String {
    guard let next = commands.first(where: { $0.name == words.first }) else { return name }
    return name + " " + next.path(along: Array(words.dropFirst()))
  }

  private func parseGroup(
    _ words: [String], path: String
  ) throws(CommandLineError) -> (command: CommandLineCommand, path: String, input: CommandLineInput)
  {
    if words.first == "help", words.count > 1 {
      return try parseGroup(words.dropFirst() + ["--help"], path: path)
    }
    guard let word = words.first, word != "--help", word != "-h", word != "help" else {
      throw .help(help(path: path))
    }
    guard let command = commands.first(where: { $0.name == word }) else {
      throw .usage("unknown command '\(word)'" + suggestion(word, commands.map(\.name)))
    }
    return try command.parse(Array(words.dropFirst()), path: path + " " + command.name)
  }

  private func take(
    option word: String, from rest: inout ArraySlice<String>, into input: inout CommandLineInput
  ) throws(CommandLineError) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let key = String(parts[0])
    guard let option = options.first(where: { "--\($0.name)" == key || "--no-\($0.name)" == key })
    else {
      throw .usage("unknown option '\(key)'" + suggestion(key, options.map { "--\($0.name)" }))
    }
    let isNegated = key.hasPrefix("--no-") && !option.name.hasPrefix("no-")
    if option.kind == .flag {
      guard parts.count == 1 else { throw .usage("\(key) takes no value") }
      input.flags[option.name] = !isNegated
      return
    }
    guard !isNegated else { throw .usage("\(key): only a flag can be turned off") }
    guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
      throw .usage("\(key) needs a value")
    }
    if case .list = option.kind {
      input.values[option.name, default: []].append(value)
    } else {
      input.values[option.name] = [value]
    }
  }

  private func place(
    _ positional: [String], into input: inout CommandLineInput
  ) throws(CommandLineError) {
    let isOpen = arguments.last?.isRepeated ?? false
    guard positional.count <= arguments.count || isOpen else {
      throw .usage("unexpected argument '\(positional[arguments.count])'")
    }
    for (index, argument) in arguments.enumerated() {
      if index < positional.count, argument.isRepeated {
        input.values[argument.name] = Array(positional[index...])
      } else if index < positional.count {
        input.values[argument.name] = [positional[index]]
      } else if !argument.isOptional {
        throw .usage("missing \(argument.name): \(argument.help)")
      }
    }
  }

  private func suggestion(_ word: String, _ candidates: [String]) -> String {
    NearestMatch.of(word, in: candidates).map { "; did you mean '\($0)'?" } ?? ""
  }
}
