// SPDX-License-Identifier: MIT
import Testing

@testable import CommandLineParsing

@Suite("Arguments given more than once")
struct RepeatedArgumentTests {
  let command = CommandLineCommand(
    "copy", "Copies.", examples: [],
    arguments: [
      CommandLineArgument("TO", "where"), CommandLineArgument("FROM", "what", isRepeated: true),
    ],
    run: { _ in 0 })

  @Test("collects all that follow in the last argument")
  func collects() throws {
    let input = try command.parse(["a", "b", "c", "--", "-d"]).input
    #expect(input.string("TO") == "a")
    #expect(input.list("FROM") == ["b", "c", "-d"])
  }

  @Test("needs at least one and says so in the help")
  func needsOne() {
    #expect(throws: CommandLineError.usage("missing FROM: what")) { try command.parse(["a"]) }
    #expect(command.help(path: "copy").contains("Usage: copy TO FROM …"))
  }
}
