// SPDX-License-Identifier: MIT
import Forecasting
import Foundation
import Household
import TimeSeries

/// A plan as people read it: one line a step, in local time.
struct PlanTable {
  let plan: Plan
  let forecast: HomeForecast?
  let home: Home
  /// Whether the present it begins with is that of the simulated home.
  let isSimulated: Bool

  private var calendar: SiteCalendar { home.site.calendar }

  /// One column of the table.
  private struct Column {
    let title: String
    var digits = 2
    let value: (Int) -> Double?
  }

  /// Columns: time, prices, powers in kW (grid + import, battery + discharge), charge, what is on; only
  /// those of devices that the home has.
  var text: String {
    let bound = plan.lowerBound.map { ", bound " + $0.text(in: "") } ?? ""
    let columns = columns
    let hasSwitched = !home.heatedRooms.isEmpty || !home.appliances.isEmpty
    var lines = [
      (isSimulated ? "Simulated home (--store FILE plans yours). " : "")
        + "Plan of \(localTime(plan.issuedAt)), \(plan.origin.rawValue), objective "
        + plan.objective.text(in: home.site.currency) + bound,
      "Local time; prices in \(home.site.currency)/kWh, powers in kW, "
        + "charge in % at the end of the step.",
      "time " + columns.map { Self.padded($0.title) }.joined() + (hasSwitched ? "  on" : ""),
    ]
    var day: CivilDate?
    for step in plan.grid.indices {
      let wall = calendar.wallTime(at: plan.grid.date(at: step))
      if let day, day != wall.date { lines.append("\(wall.date)") }
      day = wall.date
      lines.append(line(step, at: wall, columns))
    }
    return lines.joined(separator: "\n")
  }

  private var columns: [Column] {
    let prices = forecast
    var columns = [
      Column(title: "import", digits: 3) { prices?.importPrice[$0].rawValue },
      Column(title: "export", digits: 3) { prices?.exportPrice[$0].rawValue },
    ]
    if !home.pvArrays.isEmpty { columns.append(Column(title: "PV") { plan.pvPower[$0].kilowatts }) }
    columns.append(Column(title: "load") { plan.baseLoadPower[$0].kilowatts })
    if !home.heatedRooms.isEmpty { columns.append(Column(title: "heat") { heat($0).kilowatts }) }
    if !home.chargePoints.isEmpty {
      columns.append(
        Column(title: "car") { step in
          plan.vehiclePower.values.map { $0[step] }.reduce(.zero, +).kilowatts
        })
    }
    if !plan.batteryPower.isEmpty {
      columns.append(Column(title: "battery") { plan.batteryPower[$0].kilowatts })
    }
    columns.append(Column(title: "grid") { plan.gridPower[$0].kilowatts })
    if !plan.stateOfCharge.isEmpty {
      columns.append(Column(title: "charge", digits: 0) { plan.stateOfCharge[$0].percent })
    }
    return columns
  }

  private func line(_ step: Int, at wall: SiteCalendar.WallTime, _ columns: [Column]) -> String {
    let cells = columns.map { column in
      Self.padded(column.value(step).map { Self.number($0, column.digits) } ?? "–")
    }
    let names = (heaters(step) + appliances(step)).joined(separator: " ")
    return Self.clock(wall) + cells.joined() + (names.isEmpty ? "" : "  " + names)
  }

  private static func clock(_ wall: SiteCalendar.WallTime) -> String {
    String(format: "%02d:%02d", wall.minuteOfDay / 60, wall.minuteOfDay % 60)
  }

  private func localTime(_ instant: Date) -> String {
    let wall = calendar.wallTime(at: instant)
    return "\(wall.date) \(Self.clock(wall)) (\(home.site.timeZone.identifier))"
  }

  private static func padded(_ text: String) -> String {
    String(repeating: " ", count: max(0, 8 - text.count)) + text
  }

  /// Without a sign before a zero.
  private static func number(_ value: Double, _ digits: Int) -> String {
    let text = String(format: "%.\(digits)f", value)
    return text.contains { $0 != "0" && $0 != "." && $0 != "-" }
      ? text : String(format: "%.\(digits)f", 0.0)
  }

  private func appliances(_ step: Int) -> [String] {
    home.appliances.map(\.name).filter { plan.applianceRuns?[$0]?[step] ?? false }
  }

  private func heaters(_ step: Int) -> [String] {
    home.heatedRooms.map(\.name).filter { plan.heating[$0]?[step] ?? false }
  }

  private func heat(_ step: Int) -> Watts {
    home.heatedRooms.reduce(.zero) { sum, room in
      (plan.heating[room.name]?[step] ?? false) ? sum + (room.heater?.power ?? .zero) : sum
    }
  }

  private struct Document: Encodable {
    struct Step: Encodable {
      let start: Date
      let importPricePerKilowattHour: Double?
      let pvWatts: Double
      let baseLoadWatts: Double
      let heatingWatts: Double
      let batteryWatts: Double?
      let gridWatts: Double
      let stateOfChargePercent: Double?
      let heatersOn: [String]
      let vehicleWatts: [String: Double]
    }

    let issuedAt: Date
    let isSimulated: Bool
    let origin: String
    let objective: Double
    let lowerBound: Double?
    let currency: String
    let steps: [Step]
  }

  /// The plan for programs; signs are the house's.
  func json() throws -> String {
    let steps = plan.grid.indices.map { step in
      Document.Step(
        start: plan.grid.date(at: step),
        importPricePerKilowattHour: forecast?.importPrice[step].rawValue,
        pvWatts: plan.pvPower[step].rawValue, baseLoadWatts: plan.baseLoadPower[step].rawValue,
        heatingWatts: heat(step).rawValue,
        batteryWatts: plan.batteryPower.isEmpty ? nil : plan.batteryPower[step].rawValue,
        gridWatts: plan.gridPower[step].rawValue,
        stateOfChargePercent: plan.stateOfCharge.isEmpty
          ? nil : plan.stateOfCharge[step].percent,
        heatersOn: heaters(step), vehicleWatts: plan.vehiclePower.mapValues { $0[step].rawValue })
    }
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let document = Document(
      issuedAt: plan.issuedAt, isSimulated: isSimulated, origin: plan.origin.rawValue,
      objective: plan.objective.rawValue,
      lowerBound: plan.lowerBound?.rawValue, currency: home.site.currency, steps: steps)
    return String(decoding: try encoder.encode(document), as: UTF8.self)
  }
}
