// SPDX-License-Identifier: MIT
import CommandLineParsing
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
    "pems identify --excite 4 --config pems.yaml --from 2026-01-12",
  ],
  options: HouseRecordFile.options + [
    .value("until", "DATE", "learn only from what lies before this local date or instant"),
    .value("report", "FILE", "write a page with plots; it needs three weeks of data"),
    .value("write", "FILE", "write the models for history.room_models of the configuration"),
    .value("excite", "DAYS", "print set-points that move every room within its comfort instead"),
    .value("config", "FILE", "with --excite: the configuration with the rooms"),
    .value("from", "DATE", "with --excite: the first local day"),
    .flag("json", "Print JSON for programs."),
  ],
  run: { input in
    if let days = try input.value("excite", as: Int.self) {
      print(try ExcitationRequest(input, days: days).text)
      return ExitCode.done
    }
    let file = try HouseRecordFile(input)
    let until = try input.string("until").map(file.position(of:))
    let identification = try HouseIdentification(record: file.record, until: until)
    let house = await HouseRecordFile.identify(identification)
    let result = IdentifiedRooms(house, diagnostics: identification.diagnostics)
    if let path = input.string("write") {
      let grid = file.record.grid
      try write(house, learnedUntil: until.map(grid.date(at:)) ?? grid.end, to: path)
    }
    if let path = input.string("report") {
      try await writeReport(result, file: file, to: path)
    }
    print(input.flag("json") ? try result.json : result.text)
    return ExitCode.done
  })

/// Writes the accepted rooms for the planner.
private func write(_ house: IdentifiedHouse, learnedUntil: Date, to path: String) throws {
  let encoder = JSONEncoder()
  encoder.dateEncodingStrategy = .iso8601
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
  do {
    let models = try house.models(learnedUntil: learnedUntil)
    try writeFile(String(decoding: encoder.encode(models), as: UTF8.self) + "\n", to: path)
  } catch let error as RoomModelsError {
    throw CommandFailure.failed("\(error)")
  }
}

/// Fits once more without the last week and forecasts it for the plots.
private func writeReport(
  _ result: IdentifiedRooms, file: HouseRecordFile, to path: String
) async throws {
  let record = file.record
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
  struct Interval: Encodable {
    let value: Double
    let low: Double
    let high: Double

    init?<Value: Quantity>(_ estimated: Estimated<Value>?) {
      guard let estimated else { return nil }
      value = estimated.value.rawValue
      low = estimated.low.rawValue
      high = estimated.high.rawValue
    }

    func text(_ digits: Int) -> String {
      func number(_ value: Double) -> String { String(format: "%.\(digits)f", value) }
      return "\(number(value)) (\(number(low))–\(number(high)))"
    }
  }

  struct Room: Encodable {
    let name: String
    let model: String
    let nodes: Int
    let heatLossWK: Interval?
    let timeConstantH: Interval?
    let energyPerKelvinKwhK: Interval?
    let heatUpKH: Interval?
    let coolDownKH: Interval?
    let solarApertureM2: Interval?
    let couplingWK: Interval?
    let maeK: Double?
    let persistenceMaeK: Double?
    let yesterdayMaeK: Double?
    let remarks: [String]

    init(_ room: RoomIdentification) {
      name = room.name
      model = room.modelName
      nodes = room.nodeCount
      heatLossWK = Interval(room.findings?.heatLoss)
      let isKnown = !room.remarks.contains(.timeConstantUnknown)
      timeConstantH = isKnown ? Interval(room.findings?.timeConstant) : nil
      energyPerKelvinKwhK = Interval(room.findings?.energyPerKelvin)
      heatUpKH = Interval(room.findings?.heatUpRate)
      coolDownKH = Interval(room.findings?.coolDownRate)
      solarApertureM2 = Interval(room.findings?.solarAperture)
      couplingWK = Interval(room.findings?.coupling)
      maeK = room.scores?.model.rawValue
      persistenceMaeK = room.scores?.persistence.rawValue
      yesterdayMaeK = room.scores?.yesterday.rawValue
      remarks = room.remarks.map(\.sentence)
    }
  }

  static let header = [
    "room", "model", "UA W/K", "time constant h", "kWh per K in 6 h", "sun m²", "neighbours W/K",
    "24-h error K", "as now K", "as yesterday K",
  ]

  let rooms: [Room]
  let notes: [String]

  init(_ house: IdentifiedHouse, diagnostics: [Diagnostic]) {
    rooms = house.rooms.map(Room.init)
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
    let table = [Self.header] + rows
    let widths = Self.header.indices.map { column in table.map { $0[column].count }.max() ?? 0 }
    let lines = table.map { row in
      zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
        .joined(separator: "  ")
    }
    let remarks = rooms.flatMap { room in room.remarks.map { "\(room.name): \($0)" } }
    return (lines + remarks + notes).joined(separator: "\n")
  }

  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      encoder.keyEncodingStrategy = .convertToSnakeCase
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }
}
