// SPDX-License-Identifier: MIT
import CommandLineParsing
import Foundation
import History
import Physics
import TimeSeries

/// `pems evaluate rooms`: how well the room models forecast days they have not seen.
let evaluateRoomsCommand = CommandLineCommand(
  "rooms", "Fit all rooms on the first part of a series and forecast the rest, 24 h at a time.",
  examples: [
    "pems evaluate rooms --data house.csv.gz --time-zone Europe/Prague --train-until 2026-01-20 "
      + "--out rooms.csv"
  ],
  options: HouseRecordFile.options + [
    .value("train-until", "DATE", "fit on what lies before this local date or instant"),
    .value("out", "FILE", "origin_utc,target_utc,room,y,p10,p50,p90,mean"),
    .flag("json", "Print JSON for programs."),
  ],
  run: { input in
    let file = try HouseRecordFile(input)
    let from = try file.position(of: try input.require("train-until"))
    let identification = try HouseIdentification(record: file.record, until: from)
    let house = await HouseRecordFile.identify(identification)
    guard let evaluation = identification.evaluate(house, from: from),
      !evaluation.points.isEmpty
    else {
      throw CommandFailure.failed("there is no day with readings after --train-until")
    }
    if let path = input.string("out") {
      try write(evaluation, record: file.record, to: path)
    }
    let summary = RoomEvaluationSummary(house, evaluation)
    print(input.flag("json") ? try summary.json : summary.text)
    return ExitCode.done
  })

private func write(
  _ evaluation: RoomEvaluation, record: HouseRecord, to path: String
) throws {
  let writer = try CSVWriter(
    path: path,
    header: ["origin_utc", "target_utc", "room", "y", "p10", "p50", "p90", "mean"])
  for point in evaluation.points {
    writer.append(record.grid.date(at: point.origin))
    writer.append(record.grid.date(at: point.target))
    writer.append(record.rooms[point.room].name)
    for value in [point.reading, point.p10, point.p50, point.p90, point.mean] {
      writer.append((value.rawValue * 10_000).rounded() / 10_000)
    }
    try writer.endLine()
  }
  try writer.finish()
}

/// What `pems evaluate rooms` prints.
private struct RoomEvaluationSummary: Encodable {
  struct Room: Encodable {
    let name: String
    let maeK: Double
    let nodes: Int
    let model: String
    let remarks: [String]
  }

  let maeK: Double
  let coverage: Double
  let points: Int
  let rooms: [Room]

  init(_ house: IdentifiedHouse, _ evaluation: RoomEvaluation) {
    maeK = evaluation.error.rawValue
    coverage = evaluation.coverage.rawValue
    points = evaluation.points.count
    rooms = zip(house.rooms, evaluation.errors).map { room, error in
      Room(
        name: room.name, maeK: error.rawValue, nodes: room.nodeCount,
        model: room.modelName,
        remarks: room.remarks.map(\.sentence))
    }
  }

  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      encoder.keyEncodingStrategy = .convertToSnakeCase
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }

  var text: String {
    let width = max(4, rooms.map(\.name.count).max() ?? 0)
    func line(_ name: String, _ error: Double, _ rest: String) -> String {
      name.padding(toLength: width, withPad: " ", startingAt: 0)
        + String(format: "  %6.3f K  ", error) + rest
    }
    let lines = rooms.map { room in
      line(
        room.name, room.maeK,
        (["\(room.model), \(room.nodes) node\(room.nodes == 1 ? "" : "s")"] + room.remarks)
          .joined(separator: "; "))
    }
    let all = line(
      "all", maeK, String(format: "P10–P90 holds %.1f %% of %d readings", 100 * coverage, points))
    return (lines + [all]).joined(separator: "\n")
  }
}
