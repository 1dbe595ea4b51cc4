// SPDX-License-Identifier: MIT
import CommandLineParsing
import Foundation
import History
import Household

/// `pems export`.
let exportCommand = CommandLineCommand(
  "export", "Write signals of a store to a CSV file, or into the configured InfluxDB.",
  examples: [
    "pems export --store house.db --signals pv_power_w,load_power_w --out house.csv.gz",
    "pems export --store house.db --signals pv_power_w --from 2026-03-01 --step 900 --out -",
    "pems export --store house.db --clean --out clean.csv.gz",
    "pems export --config pems.yaml --influx",
  ],
  options: [
    .value("store", "FILE", "the store; that of --config otherwise"),
    .value("signals", "A,B", "the signals, each a column; all of them when not given"),
    .value("from", "ISO", "the first instant, UTC where no offset is named"),
    .value("to", "ISO", "the instant behind the last"),
    .value("step", "SECONDS", "means over steps; without it the readings as they are"),
    .flag(
      "clean",
      "leave out what pems quality calls wrong, bridge gaps of up to an hour, and tell every change; "
        + "steps of 900 s unless --step says otherwise"),
    .value("out", "FILE", "the file, compressed when it ends in .gz; - prints it"),
    .flag("influx", "into the InfluxDB of --config, each signal a field of the measurement pems"),
    .value("config", "FILE", "the configuration that names the store, and the InfluxDB"),
    .value("workers", "N", default: "4", "InfluxDB: how many signals are sent side by side"),
    .flag("again", "InfluxDB: send also what is there already, to bring corrections over"),
    .flag("json", "print what was done as JSON"),
  ],
  run: { input in
    if input.flag("influx") { return try InfluxExport(input, times: exportTimes(input)).run() }
    let path = try input.storePath()
    let file = try input.require("out")
    guard file != "-" || !input.flag("json") else {
      throw CommandLineError.usage("--json and --out - would share the output; name a file")
    }
    let times = try exportTimes(input)
    let step = try exportStep(input)
    if input.flag("clean") {
      return try exportClean(input, from: path, to: file, times: times, step: step ?? 900)
    }
    let outcome = try failing {
      let store = try SQLiteHistory(file: path, access: .reading)
      let exporter = SeriesExporter(
        signals: try exportSignals(input, store), times: times, stepSeconds: step)
      return try exporter.run(from: store, to: file) { done, total in
        Terminal.showProgress("export", done: done, of: total)
      }
    }
    if input.flag("json") {
      try printJSON(outcome)
    } else if file != "-" {
      print("\(file): \(outcome.rows) rows")
      for (signal, count) in outcome.readings.sorted(by: { $0.key < $1.key }) {
        print("  \(signal): \(count) readings")
      }
    }
    return ExitCode.done
  })

private func exportClean(
  _ input: CommandLineInput, from path: String, to file: String, times: Range<Date>, step: Int
) throws -> Int32 {
  let outcome = try failing {
    let store = try SQLiteHistory(file: path, access: .reading)
    let export = CleanedExport(
      signals: try exportSignals(input, store), times: times, stepSeconds: step)
    return try export.run(from: store, to: file) { done, total in
      Terminal.showProgress("clean", done: done, of: total)
    }
  }
  if input.flag("json") {
    try printJSON(outcome)
  } else if file != "-" {
    print("\(file): \(outcome.rows) rows\n" + outcome.text)
  }
  return ExitCode.done
}

private func exportSignals(
  _ input: CommandLineInput, _ store: SQLiteHistory
) throws -> [SignalName] {
  let known = try store.signals().filter { $0.span != nil }.map(\.signal)
  guard let names = input.string("signals") else { return known }
  return try names.split(separator: ",").map { name in
    guard let signal = SignalName(String(name)) else {
      throw TransferError.unknownSignal(String(name), known: known.map(\.text))
    }
    return signal
  }
}

private func exportTimes(_ input: CommandLineInput) throws -> Range<Date> {
  let from = try input.instant("from") ?? .distantPast
  let to = try input.instant("to") ?? .distantFuture
  guard from < to else { throw CommandLineError.usage("--from has to be before --to") }
  return from..<to
}

private func exportStep(_ input: CommandLineInput) throws -> Int? {
  try input.number("step", in: 1...86_400, "seconds")
}
