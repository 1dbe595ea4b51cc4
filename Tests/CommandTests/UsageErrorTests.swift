// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing

@testable import pems

/// What a person reads who typed something wrong: what is off, and what to do.
@Suite("Words that are off")
struct UsageErrorTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var house: String {
    ReferenceMaterial.package.appending(path: "Examples/reference-house/pems.yaml").path
  }

  @Test(
    "are told with the option, the value, and the help that explains it",
    arguments: [
      ("tariff --example es-2.0td --spot nan", "--spot: 'nan' is not a number", "pems tariff"),
      ("demo --seed -1", "--seed: '-1' is not a whole number from 0 on", "pems demo"),
      ("evaluate lod", "unknown command 'lod'; did you mean 'load'?", "pems evaluate"),
      ("tariff --example x --bogus", "unknown option '--bogus'", "pems tariff"),
    ])
  func usage(words: String, problem: String, help: String) throws {
    let result = try PemsProcess.run(words.split(separator: " ").map(String.init))
    #expect(result.exitCode == 2)
    #expect(result.errorOutput == "pems: \(problem)\nTry '\(help) --help'.\n")
  }

  @Test(
    "numbers of the planner that make no sense are refused",
    arguments: [
      ["--threads", "0"], ["--gap", "2"], ["--time-limit", "-1"], ["--effort", "much"],
      ["--baseline", "all"],
    ])
  func solver(words: [String]) async throws {
    let problem = folder.path("problem.json")
    try #"{"dt_h": 1, "base_kw": [1], "grid": {"import_limit_kw": 9, "export_limit_kw": 9, "#
      .appending(#""import_price": [1], "export_price": [0]}}"#)
      .write(toFile: problem, atomically: true, encoding: .utf8)
    #expect(await Pems.run(["solve", problem, "--out", folder.path("plan.json")]) == 0)
    #expect(await Pems.run(["solve", problem] + words) == 2)
  }

  @Test("a problem that is no JSON is told with the reason")
  func brokenProblem() throws {
    let problem = folder.path("problem.json")
    try #"{"format":"#.write(toFile: problem, atomically: true, encoding: .utf8)
    let result = try PemsProcess.run(["solve", problem])
    #expect(result.exitCode == 3)
    #expect(result.errorOutput.hasPrefix("pems: \(problem): is no JSON: "))
  }

  @Test("a wish that cannot be is told with those that can")
  func wishes() throws {
    for (words, problem) in [
      (
        ["room", "kuchine", "on"],
        "there is no room 'kuchine' that can be overridden; did you mean 'kuchyne'?"
      ),
      (["rom", "kuchyne", "on"], "'rom' cannot be overridden; room, battery, charge_point,"),
      (
        ["room", "kuchyne", "warm"],
        "'warm' is no wish for room kuchyne; on, off, hands_off and auto are"
      ),
      (
        ["battery", "battery", "on"],
        "self_consumption, hold, charge, discharge, hands_off and auto are"
      ),
      (["room", "kuchyne", "on"], "pems.yaml: mqtt is missing"),
    ] {
      let result = try PemsProcess.run(["override"] + words + ["--config", house])
      #expect(result.errorOutput.contains(problem), "\(result.errorOutput)")
    }
  }

  @Test("'pems --version' and 'pems help COMMAND' do what people expect")
  func conventions() throws {
    #expect(try PemsProcess.run(["--version"]).output == PemsProcess.run(["version"]).output)
    let help = try PemsProcess.run(["help", "tariff"])
    #expect(help.exitCode == 0 && help.output.contains("Usage: pems tariff [options]"))
  }
}
