// SPDX-License-Identifier: MIT
import Analysis
import Physics
import TimeSeries

/// A room as `pems identify` and `pems analyze rooms` print it: its model, what it is like, and how
/// well it forecasts. Figures that are not known are absent.
struct PrintedRoom: Encodable {
  let name: String
  let model: String
  let nodes: Int
  let heatLossWK: PrintedInterval?
  let timeConstantH: PrintedInterval?
  let energyPerKelvinKwhK: PrintedInterval?
  let heatUpKH: PrintedInterval?
  let coolDownKH: PrintedInterval?
  let solarApertureM2: PrintedInterval?
  let couplingWK: PrintedInterval?
  let maeK: Double?
  let persistenceMaeK: Double?
  let yesterdayMaeK: Double?
  /// Why it has no model of its own.
  let doubt: String?
  let remarks: [String]

  init(_ room: RoomIdentification) {
    let findings = room.findings
    name = room.name
    model = room.modelName
    nodes = room.nodeCount
    heatLossWK = PrintedInterval(findings?.heatLoss)
    let isKnown = !room.remarks.contains(.timeConstantUnknown)
    timeConstantH = isKnown ? PrintedInterval(findings?.timeConstant) : nil
    energyPerKelvinKwhK = PrintedInterval(findings?.energyPerKelvin)
    heatUpKH = PrintedInterval(findings?.heatUpRate)
    coolDownKH = PrintedInterval(findings?.coolDownRate)
    solarApertureM2 = PrintedInterval(findings?.solarAperture)
    couplingWK = PrintedInterval(findings?.coupling)
    maeK = room.scores?.model.rawValue
    persistenceMaeK = room.scores?.persistence.rawValue
    yesterdayMaeK = room.scores?.yesterday.rawValue
    doubt = room.doubt?.rawValue
    remarks = room.remarks.map(\.sentence)
  }

  /// The doubt and the remarks, each with the room's name, for people.
  var sentences: [String] {
    ((doubt.map { ["no model of its own: \($0)"] } ?? []) + remarks).map { "\(name): \($0)" }
  }
}
