// SPDX-License-Identifier: MIT
import CommandLineParsing
import Foundation

/// The program: finds the command, runs it, and turns every outcome into an exit code.
@main
enum Pems {
  static let command = CommandLineCommand(
    "pems", "A predictive energy manager for the home.",
    commands: [
      analyzeCommand,
      checkCommand,
      demoCommand,
      devicesCommand,
      doctorCommand,
      evaluateCommand,
      exportCommand,
      fetchCommand,
      forecastCommand,
      healthCommand,
      identifyCommand,
      importCommand,
      modelsCommand,
      overrideCommand,
      physicsCommand,
      planCommand,
      qualityCommand,
      rehearseCommand,
      replayCommand,
      reviewCommand,
      runCommand,
      simulateCommand,
      solveCommand,
      tariffCommand,
      trainCommand,
      versionCommand,
      whyCommand,
    ])

  static func main() async {
    exit(await run(Array(CommandLine.arguments.dropFirst())))
  }

  /// Runs the words after the program's name.
  static func run(_ words: [String]) async -> Int32 {
    var isJSON = words.contains("--json")
    do {
      let call = try command.parse(words == ["--version"] ? [versionCommand.name] : words)
      isJSON = call.input.flag("json")
      let exitCode = try await call.command.run(call.input)
      try Terminal.finishOutput()
      return exitCode
    } catch CommandLineError.help(let text) {
      print(text)
      return ExitCode.done
    } catch {
      let failure = CommandFailure(error, of: command.path(along: words))
      failure.tell(asJSON: isJSON)
      return failure.exitCode
    }
  }
}
