// SPDX-License-Identifier: MIT
import Analysis
import Foundation
import Physics
import TimeSeries

/// A number with its 90 % interval, for people and programs.
struct PrintedInterval: Encodable {
  let value: Double
  let low: Double
  let high: Double

  init?<Value: Quantity>(_ estimated: Estimated<Value>?, scale: Double = 1) {
    guard let estimated else { return nil }
    value = estimated.value.rawValue * scale
    low = estimated.low.rawValue * scale
    high = estimated.high.rawValue * scale
  }

  func text(_ digits: Int) -> String {
    func number(_ value: Double) -> String { String(format: "%.\(digits)f", value) }
    return "\(number(value)) (\(number(low))–\(number(high)))"
  }
}

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

  struct Room: Encodable {
    let name: String
    let model: String
    let heatLossWK: PrintedInterval?
    let timeConstantH: PrintedInterval?
    let energyPerKelvinKwhK: PrintedInterval?
    let heatUpKH: PrintedInterval?
    let coolDownKH: PrintedInterval?
    let solarApertureM2: PrintedInterval?
    let solarSharePercent: PrintedInterval?
    let couplingWK: PrintedInterval?
    let cycles: Cycles?
    let comfort: Comfort?
    let usualLowC: Double?
    let usualHighC: Double?
    let remarks: [String]
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
      return [
        room.name, room.heatLossWK?.text(1) ?? "–", room.timeConstantH?.text(0) ?? "–",
        room.energyPerKelvinKwhK?.text(2) ?? "–", room.heatUpKH?.text(2) ?? "–",
        room.coolDownKH?.text(2) ?? "–", room.solarSharePercent?.text(0) ?? "–",
        room.couplingWK?.text(0) ?? "–", room.cycles.map { "\($0.count)" } ?? "–",
        number(room.cycles?.dutyPercent, 0), number(room.comfort?.insidePercent, 0),
        number(room.comfort?.coldKHPerDay, 2), number(room.comfort?.warmKHPerDay, 2),
      ]
    }
    let remarks = rooms.flatMap { room in room.remarks.map { "\(room.name): \($0)" } }
    return (AlignedTable.lines([Self.header] + rows) + remarks + notes).joined(separator: "\n")
  }

  var json: String { get throws { try SnakeCaseJSON.text(self) } }
}

extension RoomAccount.Room {
  init(_ finding: RoomAnalysis.Finding) {
    let (model, findings) = (finding.model, finding.model.findings)
    name = model.name
    self.model = model.modelName
    heatLossWK = PrintedInterval(findings?.heatLoss)
    let isKnown = !model.remarks.contains(.timeConstantUnknown)
    timeConstantH = isKnown ? PrintedInterval(findings?.timeConstant) : nil
    energyPerKelvinKwhK = PrintedInterval(findings?.energyPerKelvin)
    heatUpKH = PrintedInterval(findings?.heatUpRate)
    coolDownKH = PrintedInterval(findings?.coolDownRate)
    solarApertureM2 = PrintedInterval(findings?.solarAperture)
    solarSharePercent = PrintedInterval(finding.solarShare, scale: 100)
    couplingWK = PrintedInterval(findings?.coupling)
    cycles = finding.statistics.map { RoomAccount.Cycles($0, finding.cycles) }
    comfort = finding.comfort.map {
      RoomAccount.Comfort(
        insidePercent: $0.inside.percent, coldKHPerDay: $0.coldPerDay, warmKHPerDay: $0.warmPerDay)
    }
    usualLowC = finding.usual?.lowerBound.rawValue
    usualHighC = finding.usual?.upperBound.rawValue
    let doubt = model.doubt.map { ["no model of its own: \($0.rawValue)"] } ?? []
    remarks = doubt + model.remarks.map(\.sentence)
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
