// SPDX-License-Identifier: MIT
import Analysis
import Foundation
import Physics
import TimeSeries

/// What `pems analyze rooms` says of rooms whose series were kept.
struct RoomAccount: Encodable {
  struct Cycles: Encodable {
    let count: Int
    let medianHours: Double?
    let dutyPercent: Double
    let heaterW: Double
    let meanMinusOutdoorK: Double
    let heatLossWK: PrintedInterval?
    let capacityKwhK: PrintedInterval?
    let determination: String?
  }

  struct Comfort: Encodable {
    let insidePercent: Double
    let coldKHPerDay: Double
    let warmKHPerDay: Double
  }

  /// A room as identified, and how it was heated and liked.
  struct Room: Encodable {
    let identified: PrintedRoom
    let solarSharePercent: PrintedInterval?
    let cycles: Cycles?
    let comfort: Comfort?
    let usualLowC: Double?
    let usualHighC: Double?

    private enum CodingKeys: CodingKey {
      case solarSharePercent, cycles, comfort, usualLowC, usualHighC
    }

    /// One object: what was identified beside what was found.
    func encode(to encoder: any Encoder) throws {
      try identified.encode(to: encoder)
      var own = encoder.container(keyedBy: CodingKeys.self)
      try own.encodeIfPresent(solarSharePercent, forKey: .solarSharePercent)
      try own.encodeIfPresent(cycles, forKey: .cycles)
      try own.encodeIfPresent(comfort, forKey: .comfort)
      try own.encodeIfPresent(usualLowC, forKey: .usualLowC)
      try own.encodeIfPresent(usualHighC, forKey: .usualHighC)
    }
  }

  let rooms: [Room]
  let notes: [String]

  init(_ analysis: RoomAnalysis, notes: [String]) {
    rooms = analysis.rooms.map(Room.init)
    self.notes = notes
  }

  private static let header = [
    "room", "UA W/K", "time constant h", "kWh/K", "heat-up K/h", "cool-down K/h", "sun %",
    "neighbours W/K", "cycles", "on %", "content %", "cold K·h/d", "warm K·h/d",
  ]

  var text: String {
    let rows = rooms.map { room -> [String] in
      func number(_ value: Double?, _ digits: Int) -> String {
        value.map { String(format: "%.\(digits)f", $0) } ?? "–"
      }
      let known = room.identified
      return [
        known.name, known.heatLossWK?.text(1) ?? "–", known.timeConstantH?.text(0) ?? "–",
        known.energyPerKelvinKwhK?.text(2) ?? "–", known.heatUpKH?.text(2) ?? "–",
        known.coolDownKH?.text(2) ?? "–", room.solarSharePercent?.text(0) ?? "–",
        known.couplingWK?.text(0) ?? "–", room.cycles.map { "\($0.count)" } ?? "–",
        number(room.cycles?.dutyPercent, 0), number(room.comfort?.insidePercent, 0),
        number(room.comfort?.coldKHPerDay, 2), number(room.comfort?.warmKHPerDay, 2),
      ]
    }
    let remarks = rooms.flatMap(\.identified.sentences)
    return (AlignedTable.lines([Self.header] + rows) + remarks + notes).joined(separator: "\n")
  }

  var json: String { get throws { try SnakeCaseJSON.text(self) } }
}

extension RoomAccount.Room {
  init(_ finding: RoomAnalysis.Finding) {
    identified = PrintedRoom(finding.model)
    solarSharePercent = PrintedInterval(finding.solarShare, scale: 100)
    cycles = finding.statistics.map { RoomAccount.Cycles($0, finding.cycles) }
    comfort = finding.comfort.map {
      RoomAccount.Comfort(
        insidePercent: $0.inside.percent, coldKHPerDay: $0.coldPerDay, warmKHPerDay: $0.warmPerDay)
    }
    usualLowC = finding.usual?.lowerBound.rawValue
    usualHighC = finding.usual?.upperBound.rawValue
  }
}

extension RoomAccount.Cycles {
  fileprivate init(_ statistics: HeatingStatistics, _ estimate: CycleEstimate?) {
    let hours = statistics.cycles.map(\.heatingHours.rawValue).sorted()
    count = hours.count
    medianHours = hours.isEmpty ? nil : hours[hours.count / 2]
    dutyPercent = statistics.duty.percent
    heaterW = statistics.power.rawValue
    meanMinusOutdoorK = statistics.meanDifference.rawValue
    heatLossWK = PrintedInterval(estimate?.heatLoss)
    capacityKwhK = PrintedInterval(estimate?.capacity)
    determination = estimate?.determination.rawValue
  }
}

/// Columns of one width each.
enum AlignedTable {
  static func lines(_ table: [[String]]) -> [String] {
    guard let header = table.first else { return [] }
    let widths = header.indices.map { column in table.map { $0[column].count }.max() ?? 0 }
    return table.map { row in
      zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
        .joined(separator: "  ").trimmingCharacters(in: .whitespaces)
    }
  }
}

/// JSON as all commands print it: keys in snake case and in order.
enum SnakeCaseJSON {
  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
