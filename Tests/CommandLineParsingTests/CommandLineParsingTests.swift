// SPDX-License-Identifier: MIT
import CommandLineParsing
import Testing

@Suite("Command line")
struct CommandLineParsingTests {
  private let program = CommandLineCommand(
    "tool", "Does things.",
    commands: [
      CommandLineCommand(
        "run", "Run it.", examples: ["tool run in.csv --seed 3"],
        options: [
          .flag("json", "Print JSON."), .flag("no-wait", "Do not wait."),
          .value("seed", "N", default: "1", "The seed."), .value("out", "FILE", "The result."),
          .list("room", "NAME", "A room."),
        ],
        arguments: [
          CommandLineArgument("INPUT", "The file to read."),
          CommandLineArgument("SECOND", "Another file.", isOptional: true),
        ], run: { _ in 7 }),
      CommandLineCommand(
        "cars", "Cars.",
        commands: [CommandLineCommand("list", "List them.", examples: [], run: { _ in 0 })]),
    ])

  private func input(_ words: String...) throws -> CommandLineInput {
    try program.parse(words).input
  }

  /// What a person is told; empty when the words are a call.
  private func told(_ words: [String]) -> String {
    do throws(CommandLineError) {
      _ = try program.parse(words)
      return ""
    } catch {
      return error.description
    }
  }

  @Test("finds the command and the words that lead to it, through groups")
  func commands() throws {
    #expect(try program.parse(["run", "x"]).path == "tool run")
    #expect(try program.parse(["cars", "list"]).path == "tool cars list")
    #expect(try program.parse(["cars", "list"]).command.name == "list")
  }

  @Test("the command found can be run")
  func running() async throws {
    let call = try program.parse(["run", "x"])
    #expect(try await call.command.run(call.input) == 7)
  }

  @Test("a value stands behind its option, after a space or '='")
  func values() throws {
    #expect(try input("run", "a", "--out", "b").string("out") == "b")
    #expect(try input("run", "a", "--out=b=c").string("out") == "b=c")
    #expect(try input("run", "a", "--out=").string("out") == "")
    #expect(try input("run", "a", "--out", "-5").string("out") == "-5")
  }

  @Test("an option that is not given has its default or nothing; the last one counts")
  func defaults() throws {
    #expect(try input("run", "a").string("seed") == "1")
    #expect(try input("run", "a").string("out") == nil)
    #expect(try input("run", "a", "--seed", "2", "--seed", "3").value("seed", as: Int.self) == 3)
  }

  @Test("a list collects its values")
  func lists() throws {
    #expect(try input("run", "a", "--room", "x", "--room=y").list("room") == ["x", "y"])
    #expect(try input("run", "a").list("room") == [])
  }

  @Test("a flag is given, turned off, or not there")
  func flags() throws {
    #expect(try input("run", "a", "--json").flag("json"))
    #expect(try !input("run", "a", "--json", "--no-json").flag("json"))
    #expect(try !input("run", "a").flag("json"))
    #expect(try input("run", "a", "--no-wait").flag("no-wait"))
  }

  @Test("arguments stand in their places, '--' ends the options, '-' is an argument")
  func arguments() throws {
    #expect(try input("run", "a", "b").string("SECOND") == "b")
    #expect(try input("run", "a").string("SECOND") == nil)
    #expect(try input("run", "--json", "a").string("INPUT") == "a")
    #expect(try input("run", "-", "--json").string("INPUT") == "-")
    #expect(try input("run", "--", "--json").string("INPUT") == "--json")
    #expect(try !input("run", "--", "--json").flag("json"))
  }

  @Test("values are read as numbers, and what is none is told with its option")
  func numbers() throws {
    let given = try input("run", "a", "--seed", "2.5")
    #expect(try given.value("seed", as: Double.self) == 2.5)
    #expect(try given.value("out", as: Int.self) == nil)
    #expect(throws: CommandLineError.usage("--seed: '2.5' is not a whole number")) {
      try given.value("seed", as: Int.self)
    }
    #expect(throws: CommandLineError.usage("--seed: '2.5' is not a whole number from 0 on")) {
      try given.value("seed", as: UInt64.self)
    }
  }

  @Test("what cannot be counted with is no number", arguments: ["nan", "inf", "-infinity", "2,5"])
  func countable(text: String) throws {
    let given = try input("run", "a", "--seed", text)
    #expect(throws: CommandLineError.usage("--seed: '\(text)' is not a number")) {
      try given.value("seed", as: Double.self)
    }
  }

  @Test("what is needed and not there is told by its name")
  func required() throws {
    let given = try input("run", "a")
    #expect(try given.require("INPUT") == "a")
    #expect(throws: CommandLineError.usage("--out is needed")) { try given.require("out") }
    #expect(throws: CommandLineError.usage("SECOND is needed")) { try given.require("SECOND") }
  }

  @Test(
    "words that are no call are told with what is possible",
    arguments: [
      (["rum"], "unknown command 'rum'; did you mean 'run'?"),
      (["elephant"], "unknown command 'elephant'"),
      (["cars", "lst"], "unknown command 'lst'; did you mean 'list'?"),
      (["run", "a", "--sed", "1"], "unknown option '--sed'; did you mean '--seed'?"),
      (["run", "a", "-x"], "unknown option '-x'"),
      (["run", "a", "--seed"], "--seed needs a value"),
      (["run", "a", "--json=1"], "--json takes no value"),
      (["run", "a", "--no-seed"], "--no-seed: only a flag can be turned off"),
      (["run"], "missing INPUT: The file to read."),
      (["run", "a", "b", "c"], "unexpected argument 'c'"),
    ])
  func usage(words: [String], expected: String) { #expect(told(words) == expected) }

  @Test(
    "help is shown where it is asked for, and by a group without a command",
    arguments: [[], ["help"], ["--help"], ["-h"]] as [[String]])
  func groupHelp(words: [String]) {
    let text = told(words)
    #expect(text.hasPrefix("Does things.\n\nUsage: tool COMMAND"))
    #expect(text.contains("\n  run   Run it."))
    #expect(told(["cars"] + words).hasPrefix("Cars.\n\nUsage: tool cars COMMAND"))
  }

  @Test("'help' before a command shows that command's help")
  func helpOfCommand() {
    #expect(told(["help", "run"]) == told(["run", "--help"]))
    #expect(told(["help", "cars", "list"]) == told(["cars", "list", "--help"]))
    #expect(told(["help", "rum"]) == "unknown command 'rum'; did you mean 'run'?")
  }

  @Test("the path goes along the words as far as they are commands")
  func paths() {
    #expect(program.path(along: ["cars", "list", "--json"]) == "tool cars list")
    #expect(program.path(along: ["cars", "lst"]) == "tool cars")
    #expect(program.path(along: ["rum"]) == "tool")
  }

  @Test("a command's help has its usage, arguments, options with defaults, and an example")
  func commandHelp() {
    let text = told(["run", "--help"])
    #expect(text.contains("Usage: tool run [options] INPUT [SECOND]"))
    #expect(text.contains("--seed N       The seed. (default 1)"))
    #expect(text.contains("--room NAME …"))
    #expect(text.contains("  INPUT   The file to read."))
    #expect(text.contains("Example:\n  tool run in.csv --seed 3"))
  }

  @Test("a group does nothing by itself")
  func groupRun() async throws {
    let input = try input("run", "a")
    await #expect(throws: CommandLineError.usage("a command is needed")) {
      try await program.run(input)
    }
  }
}
