// SPDX-License-Identifier: MIT
import CommandLineParsing
import Configuration
import Devices
import Foundation
import TimeSeries

/// `pems check`: what pems understands of a configuration, or everything that is wrong in it.
let checkCommand = CommandLineCommand(
  "check", "Check a configuration and show the home as pems understands it.",
  examples: ["pems check Examples/reference-house/pems.yaml", "pems check pems.yaml --json"],
  options: [
    .flag("json", "Print JSON for programs, also when something is wrong."),
    .value(
      "spot", "PRICE",
      "The day-ahead price for which the tariff is shown; what 0.10 EUR is when left out."),
  ],
  arguments: [
    CommandLineArgument("FILE", "The configuration; pems.yaml when left out.", isOptional: true)
  ],
  run: { input in
    let file = input.string("FILE") ?? "pems.yaml"
    let spot = try input.value("spot", as: Double.self).map { PricePerKilowattHour($0) }
    let isJSON = input.flag("json")
    do {
      let configuration = try HomeConfiguration(
        contentsOf: file, environment: ProcessInfo.processInfo.environment,
        drivers: DeviceHub.blueprints)
      let summary = HomeSummary(configuration, spot: spot, at: Date())
      print(isJSON ? try CheckReport(file: file, home: summary).json : summary.text)
      return ExitCode.done
    } catch let error as ConfigurationError {
      guard isJSON else {
        let count = error.problems.count
        throw CommandFailure.configuration(
          "\(count) problem\(count == 1 ? "" : "s") in the configuration\n\(error)")
      }
      print(try CheckReport(file: file, error: error).json)
      return ExitCode.configuration
    }
  })

/// What `pems check --json` prints.
private struct CheckReport: Encodable {
  struct Problem: Encodable {
    let file: String
    let line: Int?
    let column: Int?
    let key: String
    let message: String
  }

  let file: String
  let isValid: Bool
  let problems: [Problem]
  let home: HomeSummary?

  init(file: String, home: HomeSummary) {
    self.file = file
    self.home = home
    isValid = true
    problems = []
  }

  init(file: String, error: ConfigurationError) {
    self.file = file
    home = nil
    isValid = false
    problems = error.problems.map {
      Problem(
        file: $0.file, line: $0.line, column: $0.column, key: $0.keyPath, message: $0.message)
    }
  }

  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      encoder.keyEncodingStrategy = .convertToSnakeCase
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }
}
