// SPDX-License-Identifier: MIT
import Forecasting
import Foundation
import Household
import Physics
import TimeSeries

/// The commands of one step of a plan, each with its reason.
struct PlannedCommands {
  let home: Home
  let expiresAt: Date

  /// What the plan wants at a time; empty when the plan does not reach it.
  func commands(of plan: Plan, at time: Date, forecast: HomeForecast?) -> [Command] {
    guard let step = plan.grid.index(of: time) else { return [] }
    let price = PriceRemark(forecast: forecast, time: time, currency: home.site.currency)
    var commands: [Command] = home.heatedRooms.compactMap { room in
      guard let isOn = plan.heating[room.name]?[step] else { return nil }
      let expected = plan.roomTemperatures[room.name]?[step]
      let outlook = expected.map { String(format: "%.1f °C expected", $0.rawValue) } ?? ""
      return Command(
        .heat(room: room.name, isOn: isOn), expiresAt: expiresAt,
        reason: "\(isOn ? "heats" : "rests"): \(outlook), \(price)")
    }
    if let battery = home.battery, step < plan.batteryModes.count {
      commands.append(
        Command(
          .battery(name: battery.name, mode: plan.batteryModes[step]), expiresAt: expiresAt,
          reason: "\(Self.name(of: plan.batteryModes[step])): \(price)"))
    }
    if hasPlant {
      let production = PlannedProduction(
        plan: plan, step: step, forecast: forecast, time: time, currency: home.site.currency)
      commands.append(
        Command(production.action, expiresAt: expiresAt, reason: production.reason))
    }
    for vehicle in home.vehicles {
      guard let power = plan.vehiclePower[vehicle.name]?[step] else { continue }
      commands.append(
        Command(
          .charge(chargePoint: vehicle.chargePoint, power: power), expiresAt: expiresAt,
          reason: "\(power > .zero ? "charges" : "waits"): \(price)"))
    }
    for appliance in home.appliances {
      guard let isOn = plan.applianceRuns?[appliance.name]?[step] else { continue }
      commands.append(
        Command(
          .run(appliance: appliance.name, isOn: isOn), expiresAt: expiresAt,
          reason: "\(isOn ? "runs" : "waits"): \(price)"))
    }
    return commands
  }

  private var hasPlant: Bool { home.inverter != nil && !home.pvArrays.isEmpty }

  /// What a home does when nothing is planned: thermostats at the lower end of the bands, the
  /// battery in self-consumption, PV free, cars at their smallest power so that they leave charged.
  func withoutPlan(state: HomeState, rooms: [Room], calendar: SiteCalendar) -> [Command] {
    let wall = calendar.wallTime(at: state.time)
    let reason = "no plan: "
    var commands = rooms.enumerated().compactMap { index, room -> Command? in
      guard room.heater != nil else { return nil }
      let band = room.comfort.band(at: wall)
      let temperature = state.thermal.temperature(ofRoom: index)
      let wasOn = state.relays[room.name]?.isOn ?? false
      let isOn = temperature < (wasOn ? band.target : band.lower)
      return Command(
        .heat(room: room.name, isOn: isOn), expiresAt: expiresAt,
        reason: reason + String(format: "thermostat at %.1f °C", band.lower.rawValue))
    }
    if let battery = home.battery {
      commands.append(
        Command(
          .battery(name: battery.name, mode: .selfConsumption), expiresAt: expiresAt,
          reason: reason + "self-consumption"))
    }
    if hasPlant {
      commands.append(Command(.limitPV(nil), expiresAt: expiresAt, reason: reason + "PV is free"))
    }
    commands += home.vehicles.compactMap { vehicle in
      home.chargePoints.first { $0.name == vehicle.chargePoint }.map {
        Command(
          .charge(chargePoint: $0.name, power: $0.minimumPower), expiresAt: expiresAt,
          reason: reason + "smallest power")
      }
    }
    commands += home.appliances.map {
      Command(
        .run(appliance: $0.name, isOn: true), expiresAt: expiresAt,
        reason: reason + "its own thermostat decides")
    }
    return commands
  }

  private static func name(of mode: BatteryMode) -> String {
    switch mode {
    case .selfConsumption: "self-consumption"
    case .hold: "kept for dearer hours"
    case .chargeFromGrid: "charges from the grid"
    case .dischargeToGrid: "sells"
    }
  }
}

/// How the price of a moment stands among those of the next day.
private struct PriceRemark: CustomStringConvertible {
  let description: String

  init(forecast: HomeForecast?, time: Date, currency: String) {
    guard let forecast, let step = forecast.grid.index(of: time) else {
      description = "price not known"
      return
    }
    let stepsPerDay = 86_400 / forecast.grid.stepSeconds
    let day = forecast.importPrice[step..<min(forecast.grid.count, step + stepsPerDay)]
    let price = forecast.importPrice[step]
    let cheaper = day.count { $0 < price }
    description =
      "\(price.text(in: currency)), \(100 * cheaper / max(1, day.count)) % of the next day is cheaper"
  }
}
