// SPDX-License-Identifier: MIT
import CommandLineParsing
import Configuration
import Foundation
import History
import Household

/// What copies out of and into the configured InfluxDB have in common.
struct InfluxCopy {
  let configuration: HomeConfiguration
  let influx: InfluxSettings
  let store: String
  let workers: Int
  let isJSON: Bool

  /// What the words of a command ask for.
  ///
  /// - Parameter consequence: what cannot be without an InfluxDB in the configuration.
  init(_ input: CommandLineInput, configuration file: String, without consequence: String) throws {
    configuration = try pems.configuration(at: file)
    guard let influx = configuration.history.influx else {
      throw CommandFailure.configuration(
        "\(file): history.influx is missing, so there is nowhere to \(consequence); "
          + "docs/configuration.md shows it")
    }
    self.influx = influx
    store = input.string("store") ?? configuration.history.storePath
    workers = try input.value("workers", as: Int.self) ?? 4
    guard (1...32).contains(workers) else {
      throw CommandLineError.usage("--workers: \(workers) is not in 1…32")
    }
    isJSON = input.flag("json")
  }

  /// The signals of a list of names, or all; a name that is not known is an error of the caller.
  static func signals(
    _ text: String?, among known: [SignalName], else failure: (String) -> CommandFailure
  ) throws(CommandFailure) -> [SignalName] {
    guard let text else { return known }
    var signals: [SignalName] = []
    for name in text.split(separator: ",").map(String.init) {
      guard let signal = known.first(where: { $0.text == name }) else {
        throw failure("\(TransferError.unknownSignal(name, known: known.map(\.text)))")
      }
      signals.append(signal)
    }
    return signals
  }

  /// A connection that waits between its attempts.
  @Sendable static func history(
    _ server: InfluxServer, _ mapping: InfluxMapping, stepSeconds: Int? = nil
  ) -> InfluxHistory {
    InfluxHistory(
      server, mapping: mapping,
      patience: .init { seconds in Thread.sleep(forTimeInterval: seconds) },
      stepSeconds: stepSeconds)
  }

  /// Prints the outcomes, names what failed, and gives the code to end with.
  func tell<Outcome: Encodable>(
    _ outcomes: [Outcome], _ text: ([Outcome]) -> String,
    failure: (Outcome) -> (signal: String, problem: String?)
  ) throws -> Int32 {
    if isJSON { try printJSON(outcomes) } else { print(text(outcomes)) }
    let failed = outcomes.map(failure).filter { $0.problem != nil }
    for outcome in failed {
      Terminal.printError("pems: \(outcome.signal): \(outcome.problem ?? "")")
    }
    guard !failed.isEmpty else { return ExitCode.done }
    return failed.count == outcomes.count ? ExitCode.unreachable : ExitCode.failed
  }
}
