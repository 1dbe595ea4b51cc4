// SPDX-License-Identifier: MIT
import Forecasting
import Foundation
import Household
import TimeSeries

extension SignalSource {
  /// The cars whose stays can be told: at charge points that have one car only.
  private var seenVehicles: [Vehicle] {
    guard let home else { return [] }
    return home.vehicles.filter { vehicle in
      home.vehicles.count { $0.chargePoint == vehicle.chargePoint } == 1
        && has(SignalName.chargePointPlugged(vehicle.chargePoint).text)
        && has(SignalName.chargePointPower(vehicle.chargePoint).text)
    }
  }

  /// The appliances that are measured.
  private var seenAppliances: [Appliance] {
    (home?.appliances ?? []).filter { has(SignalName.appliancePower($0.name).text) }
  }

  /// Whether the stays of any car are there.
  var hasVehicles: Bool { !seenVehicles.isEmpty }

  /// Whether the power of any appliance is there.
  var hasAppliances: Bool { !seenAppliances.isEmpty }

  /// The stays of the cars.
  func vehicles() throws -> VehiclePast {
    var cars: [String: (over: [ChargingSession], underWay: ChargingSession?)] = [:]
    for vehicle in seenVehicles {
      cars[vehicle.name] = ChargingSession.stays(
        plugged: try hourly(SignalName.chargePointPlugged(vehicle.chargePoint).text),
        power: try hourly(SignalName.chargePointPower(vehicle.chargePoint).text))
    }
    return VehiclePast(cars, calendar: calendar)
  }

  /// The power of the appliances.
  func appliances() throws -> AppliancePast {
    var power: [String: Series<Watts>] = [:]
    for appliance in seenAppliances {
      power[appliance.name] = try hourly(SignalName.appliancePower(appliance.name).text)
    }
    return AppliancePast(power, calendar: calendar)
  }
}
