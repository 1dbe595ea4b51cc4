// SPDX-License-Identifier: MIT
import CommandLineParsing
import Foundation
import History
import Household

/// `pems-parquet`: series of a store to Parquet and back. The numbers pass through pems' own CSV,
/// whose digits read back to the same bits, so every check of `pems import` holds here too.
@main
enum PemsParquet {
  static let command = CommandLineCommand(
    "pems-parquet", "Series of a store to Parquet and back, for notebooks and other tools.",
    commands: [exportCommand, importCommand])

  private static let store = CommandLineOption.value("store", "FILE", "the store")

  static let exportCommand = CommandLineCommand(
    "export", "Write signals of a store to a Parquet file: time_utc and a column for each.",
    examples: ["pems-parquet export house.parquet --store house.db --step 900"],
    options: [
      store,
      .value("signals", "A,B", "the signals; all of them when not given"),
      .value("from", "ISO", "the first instant"),
      .value("to", "ISO", "the instant behind the last"),
      .value("step", "SECONDS", "means over steps; without it the readings as they are"),
    ],
    arguments: [CommandLineArgument("FILE", "the Parquet file")],
    run: { input in
      let history = try SQLiteHistory(file: try input.require("store"), access: .reading)
      let names = input.string("signals")?.split(separator: ",").map(String.init)
      let signals = try history.signals().map(\.signal).filter {
        names?.contains($0.text) ?? true
      }
      for name in names ?? [] where !signals.contains(where: { $0.text == name }) {
        throw TransferError.unknownSignal(name, known: try history.signals().map(\.signal.text))
      }
      func instant(_ name: String, _ usual: Date) throws -> Date {
        guard let text = input.string(name) else { return usual }
        guard let date = Date(isoText: text) else {
          throw CommandLineError.usage("--\(name): '\(text)' is no ISO 8601 time")
        }
        return date
      }
      let times = try instant("from", .distantPast)..<instant("to", .distantFuture)
      let file = try input.require("FILE")
      let outcome = try withCSV(beside: file) { csv in
        let outcome = try SeriesExporter(
          signals: signals, times: times, stepSeconds: try input.value("step", as: Int.self)
        ).run(from: history, to: csv)
        let columns = signals.map { "'\($0.text)': 'DOUBLE'" }.joined(separator: ", ")
        try DuckDB().run(
          "COPY (SELECT * FROM read_csv(\(DuckDB.literal(csv)), header = true, columns = "
            + "{'time_utc': 'TIMESTAMPTZ', \(columns)})) TO \(DuckDB.literal(file + ".part")) "
            + "(FORMAT parquet, COMPRESSION zstd)")
        return outcome
      }
      // The file appears under its name only when it is complete.
      try? FileManager.default.removeItem(atPath: file)
      try FileManager.default.moveItem(atPath: file + ".part", toPath: file)
      print("\(file): \(outcome.rows) rows of \(signals.count) signals")
      return 0
    })

  static let importCommand = CommandLineCommand(
    "import", "Bring a Parquet file into a store: time_utc, and columns named as signals.",
    examples: ["pems-parquet import house.parquet --store house.db"], options: [store],
    arguments: [CommandLineArgument("FILE", "the Parquet file")],
    run: { input in
      let (file, path) = (try input.require("FILE"), try input.require("store"))
      let report = try withCSV(beside: path) { csv in
        try DuckDB().run(
          "SET TimeZone = 'UTC'; COPY (SELECT strftime(time_utc, '%Y-%m-%dT%H:%M:%S.%gZ') AS "
            + "time_utc, * EXCLUDE (time_utc) FROM read_parquet(\(DuckDB.literal(file))) "
            + "ORDER BY time_utc) TO \(DuckDB.literal(csv)) (FORMAT csv, HEADER)")
        return try SeriesImporter(mapping: nil).run(
          file: csv, into: try SQLiteHistory(file: path, access: .writing))
      }
      print("\(file): \(report.rows) rows")
      for signal in report.signals {
        print("  \(signal.signal): \(signal.stored.added) new, \(signal.stored.changed) changed")
      }
      return 0
    })

  /// A name for a file in between, which is removed afterwards.
  private static func withCSV<Result>(
    beside file: String, _ body: (String) throws -> Result
  ) throws -> Result {
    let csv = file + ".\(ProcessInfo.processInfo.processIdentifier).csv"
    defer { try? FileManager.default.removeItem(atPath: csv) }
    return try body(csv)
  }

  static func main() async {
    do {
      let call = try command.parse(Array(CommandLine.arguments.dropFirst()))
      exit(try await call.command.run(call.input))
    } catch CommandLineError.help(let text) {
      print(text)
    } catch CommandLineError.usage(let text) {
      FileHandle.standardError.write(Data("pems-parquet: \(text)\n".utf8))
      exit(2)
    } catch {
      FileHandle.standardError.write(Data("pems-parquet: \(error)\n".utf8))
      exit(error is HistoryError ? 4 : 1)
    }
  }
}
