// SPDX-License-Identifier: MIT
import CommandLineParsing
import Configuration
import Foundation
import History
import Household

/// `pems import`.
let importCommand = CommandLineCommand(
  "import", "Bring measured series into a store: from files, or from the configured InfluxDB.",
  examples: [
    "pems import house.csv.gz --store house.db",
    "pems import toon.csv.gz --mapping Examples/mappings/toon.yaml --store house.db",
    "pems import --config pems.yaml --from 2024-01-01",
    "pems import history.json --entities sensor.house_power=load_power_w --store house.db",
  ],
  options: [
    .value("store", "FILE", "the store, made when it is not there; that of --config otherwise"),
    .value("mapping", "FILE", "how foreign columns become signals, in YAML"),
    .value(
      "entities", "ENTITY=SIGNAL,…", "the files are answers of Home Assistant's history interface"),
    .value("config", "FILE", "without files: the configuration that names the InfluxDB"),
    .value("from", "ISO", "InfluxDB: the first instant, two years ago when left out"),
    .value("to", "ISO", "InfluxDB: the instant behind the last, now when left out"),
    .value("signals", "A,B", "InfluxDB: only these signals"),
    .value("step", "SECONDS", "InfluxDB: means over steps, made by the server"),
    .value("workers", "N", default: "4", "InfluxDB: how many signals are copied side by side"),
    .flag("json", "print what was done as JSON"),
  ],
  arguments: [
    CommandLineArgument(
      "FILE", "CSV files, plain or gzip; the first column is time_utc", isOptional: true,
      isRepeated: true)
  ],
  run: { input in
    guard !input.list("FILE").isEmpty else { return try InfluxImport(input).run() }
    let store = try input.storePath()
    if let entities = input.string("entities") {
      return try importHistories(
        input.list("FILE"), entities: entities, store: store, isJSON: input.flag("json"))
    }
    var reports: [ImportReport] = []
    // What was imported before a file that fails is in the store, and is told.
    defer { if !input.flag("json") { for report in reports { print(describe(report)) } } }
    try importFiles(
      input.list("FILE"), store: store, mapping: input.string("mapping"), into: &reports)
    if input.flag("json") { try printJSON(reports) }
    return ExitCode.done
  })

private func importFiles(
  _ files: [String], store path: String, mapping: String?, into reports: inout [ImportReport]
) throws {
  let mapping = try mapping.map(readMapping)
  let importer = SeriesImporter(mapping: mapping)
  // A file that is not there does not leave an empty store behind.
  for file in files where !FileManager.default.fileExists(atPath: file) {
    throw CommandFailure.failed("\(file): there is no such file")
  }
  try failing {
    let store = try SQLiteHistory(file: path, access: .writing)
    for file in files {
      let report = try importer.run(file: file, into: store) { done, total in
        Terminal.showProgress(URL(filePath: file).lastPathComponent, done: done, of: total)
      }
      reports.append(report)
    }
  }
}

/// Histories of Home Assistant, each all or nothing.
private func importHistories(
  _ files: [String], entities: String, store path: String, isJSON: Bool
) throws -> Int32 {
  let wishes = try entities.split(separator: ",").map { pair in
    let words = pair.split(separator: "=", maxSplits: 1)
    guard words.count == 2, let signal = SignalName(String(words[1])) else {
      throw CommandLineError.usage(
        "--entities: '\(pair)' is not as sensor.house_power=load_power_w")
    }
    return (entity: String(words[0]), signal: signal)
  }
  let imported = try failing {
    let histories = try files.map { try HomeAssistantHistory(file: $0) }
    let store = try SQLiteHistory(file: path, access: .writing)
    return try histories.flatMap { try $0.run(wishes, into: store) }
  }
  guard !isJSON else {
    try printJSON(imported)
    return ExitCode.done
  }
  for line in imported {
    print(
      "\(line.entity) as \(line.signal): \(line.stored.added) new, \(line.stored.changed) changed, "
        + "\(line.stored.unchanged) known already, \(line.withoutNumber) states without a number")
  }
  return ExitCode.done
}

private func readMapping(_ path: String) throws -> ImportMapping {
  do throws(ConfigurationError) {
    return try YAMLDocument(contentsOf: path).decode(ImportMapping.self)
  } catch {
    throw CommandFailure.configuration(error.description)
  }
}

/// Turns the errors of the history into those of a command.
func failing<Result>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error as HistoryError {
    throw CommandFailure.unreachable(error.description)
  } catch TransferError.store(let error) {
    throw CommandFailure.unreachable(error.description)
  } catch let error as TransferError {
    throw CommandFailure.failed(error.description)
  }
}

/// Prints a value as JSON with sorted keys and ISO 8601 times.
func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  encoder.dateEncodingStrategy = .iso8601
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
}

private func describe(_ report: ImportReport) -> String {
  var lines = ["\(report.file): \(report.rows) rows"]
  if let span = report.span {
    lines[0] += ", \(span.lowerBound.formatted(.iso8601)) to \(span.upperBound.formatted(.iso8601))"
  }
  if let step = report.stepSeconds { lines[0] += ", every \(step) s" }
  for signal in report.signals {
    let stored = signal.stored
    lines.append(
      "  \(signal.signal): \(stored.added) new, \(stored.changed) changed, "
        + "\(stored.unchanged) known already, \(signal.missing) missing")
  }
  for finding in report.findings { lines.append("  note: \(finding)") }
  return lines.joined(separator: "\n")
}
