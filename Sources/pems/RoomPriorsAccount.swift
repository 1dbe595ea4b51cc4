// SPDX-License-Identifier: MIT
import Analysis
import Foundation
import Household
import Physics
import TimeSeries

/// What `pems analyze rooms --statistics` says: loss and capacity of rooms of which no series was
/// kept, and what a configuration should say of them.
struct RoomPriorsAccount: Encodable {
  struct Room: Encodable {
    let name: String
    let steadyLossWK: Double
    let heatLossWK: PrintedInterval?
    let capacityKwhK: PrintedInterval?
    let usedCycles: Int
    let balancedLossWK: Double?
    let configuredLossWK: Double?
    /// How far the configured loss is from the steady state; absent where there is none.
    let fromSteadyPercent: Double?
    let configuredCapacityKwhK: Double?
    let determination: String
    let isDetermined: Bool
    let remark: String
  }

  let rooms: [Room]

  init(_ priors: RoomPriors) {
    rooms = priors.rooms.map { entry in
      let steady = entry.steadyLoss.rawValue
      return Room(
        name: entry.estimate.room, steadyLossWK: steady,
        heatLossWK: PrintedInterval(entry.estimate.heatLoss),
        capacityKwhK: PrintedInterval(entry.estimate.capacity),
        usedCycles: entry.estimate.usedCycles, balancedLossWK: entry.balancedLoss?.rawValue,
        configuredLossWK: entry.configured?.heatLoss.rawValue,
        fromSteadyPercent: entry.configured.flatMap {
          steady > 0 ? 100 * ($0.heatLoss.rawValue / steady - 1) : nil
        },
        configuredCapacityKwhK: entry.configured?.heatCapacity.rawValue,
        determination: entry.estimate.determination.rawValue,
        isDetermined: entry.estimate.determination.knowsLoss,
        remark: entry.sentence)
    }
  }

  private static let header = [
    "room", "P d / dT W/K", "UA W/K", "C kWh/K", "cycles", "UA with walls W/K", "configured",
    "% off P d / dT", "what the data tell",
  ]

  var text: String {
    let rows = rooms.map { room -> [String] in
      func number(_ value: Double?, _ digits: Int) -> String {
        value.map { String(format: "%.\(digits)f", $0) } ?? "–"
      }
      return [
        room.name, number(room.steadyLossWK, 1), room.heatLossWK?.text(1) ?? "–",
        room.capacityKwhK?.text(2) ?? "–", "\(room.usedCycles)", number(room.balancedLossWK, 2),
        number(room.configuredLossWK, 2) + ", " + number(room.configuredCapacityKwhK, 2),
        room.fromSteadyPercent.map { String(format: "%+.0f", $0) } ?? "–", room.remark,
      ]
    }
    return AlignedTable.lines([Self.header] + rows).joined(separator: "\n")
  }

  /// Losses and capacities as the configuration writes them, in three digits.
  var yaml: String {
    func number(_ value: Double) -> String { String(format: "%.3g", value) }
    return
      (["rooms:"]
      + rooms.flatMap { room -> [String] in
        let loss = max(0.1, room.balancedLossWK ?? room.heatLossWK?.value ?? 0)
        return [
          "  - name: \(room.name)" + (room.isDetermined ? "" : "  # \(room.remark)"),
          "    thermal:",
          "      heat_loss_w_per_k: \(number(loss))",
          "      heat_capacity_kwh_per_k: \(number(room.capacityKwhK?.value ?? 0))",
        ]
      }).joined(separator: "\n")
  }

  var json: String { get throws { try SnakeCaseJSON.text(self) } }
}
