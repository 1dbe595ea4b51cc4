// SPDX-License-Identifier: MIT
import CommandLineParsing
import Configuration
import Foundation
import Physics
import Reports
import TimeSeries

/// `pems identify`: the thermal model of every room from measured series.
let identifyCommand = CommandLineCommand(
  "identify", "Identify the thermal model of every room from measured series.",
  examples: [
    "pems identify --data house.csv.gz --time-zone Europe/Prague --report rooms.html",
    "pems identify --data house.csv.gz --time-zone Europe/Prague --write rooms.json",
    "pems identify --config pems.yaml --store pems.db --challenge",
    "pems identify --excite 4 --config pems.yaml --from 2026-01-12",
  ],
  options: HouseRecordFile.options + [
    .value("until", "DATE", "learn only from what lies before this local date or instant"),
    .value("report", "FILE", "write a page with plots; it needs three weeks of data"),
    .value("write", "FILE", "write the models for history.room_models of the configuration"),
    .value("excite", "DAYS", "print set-points that move every room within its comfort instead"),
    .value("config", "FILE", "the configuration with the rooms, for --store and --excite"),
    .value("store", "FILE", "a history with room_NAME_c and room_NAME_heat_w, in place of --data"),
    .value("days", "N", default: "56", "with --store: so many days up to the newest"),
    .flag(
      "challenge",
      "judge by the last week whether new models replace history.room_models, and write them then"),
    .value("from", "DATE", "with --excite: the first local day"),
    .flag("json", "Print JSON for programs."),
  ],
  run: { input in
    if let days = try input.value("excite", as: Int.self) {
      guard !input.flag("json") else {
        throw CommandLineError.usage("--json: the table of --excite is CSV")
      }
      print(try ExcitationRequest(input, days: days).text)
      return ExitCode.done
    }
    if input.flag("challenge") {
      print(try challenge(input))
      return ExitCode.done
    }
    let source = try RoomSource(input)
    let until = try input.string("until").map(source.position(of:))
    guard until.map({ $0 > 0 }) ?? true else {
      throw CommandLineError.usage(
        "--until lies before the first measurement, \(source.record.grid.start.formatted(.iso8601))"
      )
    }
    let identification = try HouseIdentification(record: source.record, until: until)
    let house = await HouseRecordFile.identify(identification)
    let result = IdentifiedRooms(house, diagnostics: identification.diagnostics)
    if let path = input.string("write") {
      let grid = source.record.grid
      try write(house, learnedUntil: until.map(grid.date(at:)) ?? grid.end, to: path)
      Terminal.printError("\(path): written")
    }
    if let path = input.string("report") {
      try await writeReport(result, record: source.record, to: path)
    }
    print(input.flag("json") ? try result.json : result.text)
    return ExitCode.done
  })

/// Asks what `pems run` asks once a week.
private func challenge(_ input: CommandLineInput) throws -> String {
  guard let path = input.string("config") else {
    throw CommandLineError.usage("--challenge needs --config, for the rooms and their models")
  }
  let configuration = try configuration(at: path)
  guard let target = configuration.history.roomModelsPath else {
    throw CommandFailure.configuration("history.room_models is not set: nowhere to write models")
  }
  let renewal = try RoomQuestion(
    home: configuration.home, store: input.string("store") ?? configuration.history.storePath,
    until: nil, champion: try roomModels(of: configuration)
  ).renewal()
  try renewal.adopted?.write(to: target)
  let line = ModelVerdictLine(renewal, at: .now)
  return input.flag("json") ? try line.text() : renewal.reason
}

/// Writes the accepted rooms for the planner.
private func write(_ house: IdentifiedHouse, learnedUntil: Date, to path: String) throws {
  do {
    try house.models(learnedUntil: learnedUntil).write(to: path)
  } catch let error as RoomModelsError {
    throw CommandFailure.failed("\(error)")
  }
}

/// Fits once more without the last week and forecasts it for the plots.
private func writeReport(
  _ result: IdentifiedRooms, record: HouseRecord, to path: String
) async throws {
  let from = record.grid.count - 7 * 86_400 / record.grid.stepSeconds
  var rooms = record.rooms.indices.map { index in
    RoomReport.Room(
      name: record.rooms[index].name, remarks: result.rooms[index].remarks, times: [],
      measured: [], low: [], middle: [], high: [])
  }
  if record.grid.range.upperBound.timeIntervalSince(record.grid.start) >= 21 * 86_400 {
    let past = try HouseIdentification(record: record, until: from)
    let house = await HouseRecordFile.identify(past)
    // One forecast a day: each instant of the plot is forecast once.
    if let evaluation = past.evaluate(house, from: from, strideHours: 24) {
      for index in rooms.indices {
        let points = evaluation.points.filter { $0.room == index }
        rooms[index] = RoomReport.Room(
          name: rooms[index].name, remarks: rooms[index].remarks,
          times: points.map { record.grid.date(at: $0.target).formatted(.iso8601) },
          measured: points.map(\.reading.rawValue), low: points.map(\.p10.rawValue),
          middle: points.map(\.p50.rawValue), high: points.map(\.p90.rawValue))
      }
    }
  }
  let report = RoomReport(header: IdentifiedRooms.header, rows: result.rows, rooms: rooms)
  let page = try report.page.render(plotLibrary: try InstalledFiles.plotLibrary())
  do {
    try Data(page.utf8).write(to: URL(filePath: path))
  } catch {
    throw CommandFailure.failed("cannot write \(path): \(error.localizedDescription)")
  }
}

/// What `pems identify` prints.
private struct IdentifiedRooms: Encodable {
  static let header = [
    "room", "model, nodes", "UA W/K", "time constant h", "kWh per K in 6 h", "sun m²",
    "neighbours W/K",
    "24-h error K", "as now K", "as yesterday K",
  ]

  let rooms: [PrintedRoom]
  let notes: [String]

  init(_ house: IdentifiedHouse, diagnostics: [Diagnostic]) {
    rooms = house.rooms.map { PrintedRoom($0) }
    notes = diagnostics.map(\.description)
  }

  var rows: [[String]] {
    rooms.map { room in
      func number(_ value: Double?) -> String { value.map { String(format: "%.2f", $0) } ?? "–" }
      return [
        room.name, "\(room.model), \(room.nodes)", room.heatLossWK?.text(1) ?? "–",
        room.timeConstantH?.text(0) ?? "–", room.energyPerKelvinKwhK?.text(2) ?? "–",
        room.solarApertureM2?.text(2) ?? "–", room.couplingWK?.text(0) ?? "–", number(room.maeK),
        number(room.persistenceMaeK), number(room.yesterdayMaeK),
      ]
    }
  }

  var text: String {
    let lines = AlignedTable.lines([Self.header] + rows)
    return (lines + rooms.flatMap(\.sentences) + notes).joined(separator: "\n")
  }

  var json: String { get throws { try SnakeCaseJSON.text(self) } }
}
