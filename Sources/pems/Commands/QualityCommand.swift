// SPDX-License-Identifier: MIT
import CommandLineParsing
import Foundation
import History
import Household
import Quality
import Spelling
import TimeSeries

/// `pems quality`: a verdict on every stream of a store.
let qualityCommand = CommandLineCommand(
  "quality", "Judge every signal of a store: scores, gaps and everything that is wrong.",
  examples: [
    "pems quality --store house.db",
    "pems quality --store house.db --signals pv_power_w,load_power_w --details",
  ],
  options: [
    .value("store", "FILE", "The store; that of --config when left out."),
    .value("config", "FILE", default: "pems.yaml", "The configuration that names the store."),
    .value("signals", "A,B", "The signals; all of them when left out."),
    .flag("details", "List every finding."),
    .flag("json", "Print JSON for programs."),
  ],
  run: { input in
    let path = try input.storePath()
    let names = (input.string("signals") ?? "").split(separator: ",").map(String.init)
    let verdicts = try verdicts(store: path, names: names)
    if input.flag("json") {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      encoder.dateEncodingStrategy = .iso8601
      print(String(decoding: try encoder.encode(verdicts), as: UTF8.self))
    } else if verdicts.isEmpty {
      print("\(path) holds no readings yet; 'pems import' brings them in, pems run keeps them.")
    } else {
      print(QualityTable(verdicts: verdicts, showsDetails: input.flag("details")).text)
    }
    return ExitCode.done
  })

func verdicts(store path: String, names: [String]) throws -> [StreamQuality] {
  do {
    let store = try SQLiteHistory(file: path, access: .reading)
    let all = try store.signals()
    let known = all.map(\.signal.text)
    for name in names where !known.contains(name) {
      let near = NearestMatch.of(name, in: known).map { "; did you mean '\($0)'?" }
      throw CommandFailure.failed(
        "\(path) has no signal '\(name)'"
          + (near ?? "; 'pems quality' without --signals lists them"))
    }
    let summaries = all.filter { names.isEmpty || names.contains($0.signal.text) }
    let verdicts: [StreamQuality] = try summaries.enumerated().compactMap { position, summary in
      Terminal.showProgress("quality", done: position + 1, of: summaries.count)
      guard let span = summary.span else { return nil }
      let samples = try store.samples(
        of: summary.signal, in: span.lowerBound..<span.upperBound.addingTimeInterval(1))
      return StreamQuality.assess(samples, of: summary.signal)
    }
    let crossed = try CrossChecks(store).findings()
    return verdicts.map { verdict in
      crossed.filter { $0.signal.text == verdict.signal }.reduce(verdict) { $0.adding($1.finding) }
    }
  } catch let error as HistoryError {
    throw CommandFailure.unreachable("\(error)")
  }
}

/// What only several streams together tell: whose sign is wrong.
private struct CrossChecks {
  private let store: SQLiteHistory

  init(_ store: SQLiteHistory) { self.store = store }

  func findings() throws -> [(signal: SignalName, finding: Finding)] {
    let always = Date.distantPast..<Date.distantFuture
    let power = try store.samples(of: .batteryPower, in: always)
    let charge = try store.samples(of: .batteryStateOfCharge, in: always)
    if let finding = BatterySign.finding(power: power, charge: charge) {
      return [(.batteryPower, finding)]
    }
    guard let span = try store.span(of: .loadPower) else { return [] }
    let grid = TimeGrid(
      covering: span.lowerBound..<span.upperBound.addingTimeInterval(1), stepSeconds: 3_600)
    func series(_ signal: SignalName) throws -> Series<Watts>? {
      guard try store.span(of: signal) != nil else { return nil }
      return try store.series(of: signal, on: grid, resampling: .mean)
    }
    guard let net = try series(.gridPower), let load = try series(.loadPower),
      let pv = try series(.pvPower)
    else { return [] }
    let battery = try series(.batteryPower) ?? Series(grid: grid, constant: .zero)
    guard let balance = EnergyBalance(grid: net, pv: pv, battery: battery, load: load),
      let turned = balance.turned
    else { return [] }
    let finding = Finding(
      .wrongSign, in: span, count: 1,
      message: "grid + PV + battery is \(balance.residual) off the load in the mean over "
        + "\(balance.steps) h, and much less with this sign turned")
    return [(turned, finding)]
  }
}

/// The verdicts as a table for people.
private struct QualityTable {
  let verdicts: [StreamQuality]
  let showsDetails: Bool

  var text: String {
    let width = verdicts.map(\.signal.count).max() ?? 6
    let header =
      "signal".padding(toLength: width, withPad: " ", startingAt: 0)
      + "  overall  complete  consistent  regular  plausible  findings"
    return ([header] + verdicts.flatMap { lines($0, width) }).joined(separator: "\n")
  }

  private func lines(_ verdict: StreamQuality, _ width: Int) -> [String] {
    let scores = zip(
      [
        verdict.overall, verdict.completeness, verdict.consistency, verdict.regularity,
        verdict.plausibility,
      ], [7, 8, 10, 7, 9]
    ).map { score, width in
      let text = String(format: "%.1f%%", score.percent)
      return String(repeating: " ", count: max(0, width - text.count)) + text
    }
    let counts = Dictionary(grouping: verdict.findings, by: \.kind).sorted {
      $0.key.rawValue < $1.key.rawValue
    }.map { "\($0.value.count) \($0.key.words)" }
    let name = verdict.signal.padding(toLength: width, withPad: " ", startingAt: 0)
    let line = ([name] + scores + [counts.isEmpty ? "none" : counts.joined(separator: ", ")])
      .joined(separator: "  ")
    return [line] + (showsDetails ? verdict.findings.map { "  \($0)" } : [])
  }
}
