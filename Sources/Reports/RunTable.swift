// SPDX-License-Identifier: MIT
public import Control
import Foundation
import TimeSeries

/// The sums of runs side by side, as people read them.
public struct RunTable: Sendable {
  private let accounts: [RunAccounts]
  private let currency: String
  private let hasVehicles: Bool

  /// A table with one column a run; it has rows for cars where the home `hasVehicles`, and for rooms,
  /// battery and production where the runs have them.
  public init(accounts: [RunAccounts], currency: String, hasVehicles: Bool) {
    self.accounts = accounts
    self.currency = currency
    self.hasVehicles = hasVehicles
  }

  /// One row a quantity: its name, then one text a run.
  public var rows: [[String]] {
    let hasRooms = accounts.contains { $0.finalRoomTemperature != nil }
    let hasBattery = accounts.contains { $0.finalStateOfCharge != nil }
    let hasProduction = accounts.contains { $0.selfConsumption != nil }
    return energyRows(hasProduction: hasProduction || hasBattery)
      + (hasRooms ? [comfortRow, switchingRow] : []) + (hasBattery ? batteryRows : [])
      + (hasRooms ? [roomRow] : []) + (hasVehicles ? [vehicleRow] : []) + planRows
  }

  private func energyRows(hasProduction: Bool) -> [[String]] {
    let always = [
      row("Bill (\(currency))") { Self.number($0.bill.rawValue, 2) },
      row("Import (kWh)") { Self.number($0.imported.rawValue, 1) },
      row("Export (kWh)") { Self.number($0.exported.rawValue, 1) },
      row("Peak quarter-hour (kW)") { Self.number($0.peakImport.kilowatts, 2) },
    ]
    guard hasProduction else { return always }
    return always + [
      row("Self-consumption (%)") { Self.number($0.selfConsumption?.percent, 1) },
      row("Independence of the grid (%)") { Self.number($0.gridIndependence.percent, 1) },
    ]
  }

  private var comfortRow: [String] {
    row("Outside comfort (K·h)") { Self.number($0.comfortViolationKelvinHours, 1) }
  }

  private var switchingRow: [String] { row("Heaters switched on") { "\($0.switchings)" } }

  private var batteryRows: [[String]] {
    [
      row("Battery gave (kWh)") { Self.number($0.batteryDischarged.rawValue, 1) },
      row("Battery at the end (%)") { Self.number($0.finalStateOfCharge?.percent, 0) },
    ]
  }

  private var roomRow: [String] {
    row("Rooms at the end (°C, mean)") { Self.number($0.finalRoomTemperature?.rawValue, 2) }
  }

  private var vehicleRow: [String] {
    row("Car short at departure (kWh)") { Self.number($0.vehicleShortfall.rawValue, 1) }
  }

  private var planRows: [[String]] {
    [
      row("Plans accepted / refused by the check") {
        "\($0.acceptedPlans) / \($0.refusedPlans)"
      },
      row("Time for a plan, median / longest (s)") {
        "\(Self.number($0.planningSecondsMedian, 3)) / \(Self.number($0.planningSecondsLongest, 3))"
      },
    ]
  }

  /// The rows as lines of text with columns under each other.
  public var text: String {
    let all = [[""] + accounts.map(\.controller)] + rows
    let widths = all[0].indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { line in
      line.enumerated().map { column, text in
        let space = String(repeating: " ", count: widths[column] - text.count)
        return column == 0 ? text + space : space + text
      }.joined(separator: "   ")
    }.joined(separator: "\n")
  }

  private func row(_ name: String, _ value: (RunAccounts) -> String) -> [String] {
    [name] + accounts.map(value)
  }

  private static func number(_ value: Double?, _ digits: Int) -> String {
    value.map { String(format: "%.\(digits)f", $0) } ?? "–"
  }
}
