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

  private var calendar: SiteCalendar { home.site.calendar }

  /// Columns: time, prices, powers in kW (grid + import, battery + discharge), charge, heaters.
  var text: String {
    var lines = [
      "Plan of \(plan.issuedAt.formatted(.iso8601)), \(plan.origin.rawValue), objective "
        + String(format: "%.2f %@", plan.objective.rawValue, home.site.currency)
        + (plan.lowerBound.map { String(format: ", bound %.2f", $0.rawValue) } ?? ""),
      "time   import  export      PV    load    heat     car battery    grid  charge  heaters on",
    ]
    lines += plan.grid.indices.map(line)
    return lines.joined(separator: "\n")
  }

  private func line(_ step: Int) -> String {
    let wall = calendar.wallTime(at: plan.grid.date(at: step))
    let numbers = [
      forecast?.importPrice[step].rawValue, forecast?.exportPrice[step].rawValue,
      plan.pvPower[step].kilowatts, plan.baseLoadPower[step].kilowatts, heat(step).kilowatts,
      plan.vehiclePower.values.map { $0[step] }.reduce(.zero, +).kilowatts,
      plan.batteryPower.isEmpty ? nil : plan.batteryPower[step].kilowatts,
      plan.gridPower[step].kilowatts,
      plan.stateOfCharge.isEmpty ? nil : plan.stateOfCharge[step].percent,
    ]
    let cells = numbers.map { number in
      let text = number.map { String(format: "%.2f", $0) } ?? "–"
      return String(repeating: " ", count: max(0, 8 - text.count)) + text
    }
    let clock = String(format: "%02d:%02d", wall.minuteOfDay / 60, wall.minuteOfDay % 60)
    return clock + cells.joined() + "  " + heaters(step).joined(separator: " ")
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
      issuedAt: plan.issuedAt, origin: plan.origin.rawValue, objective: plan.objective.rawValue,
      lowerBound: plan.lowerBound?.rawValue, currency: home.site.currency, steps: steps)
    return String(decoding: try encoder.encode(document), as: UTF8.self)
  }
}
