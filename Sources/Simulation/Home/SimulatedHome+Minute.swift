// SPDX-License-Identifier: MIT
import Foundation
import Household
import TimeSeries

extension SimulatedHome {
  /// The length of a minute in hours.
  private static var stepHours: Double { Building.stepSeconds / 3_600 }

  /// What happens in the minute that begins now. The order: conditions, devices, flows, accounts,
  /// rooms; temperatures, charge and energy are those at the end of the minute.
  mutating func passMinute() {
    let isQuarterHour = Int(time.timeIntervalSince1970) % 900 == 0
    if isQuarterHour || conditions.around == nil {
      if conditions.around != nil { closeQuarterHour() }
      beginQuarterHour()
    }
    if !faults.isEmpty { captureStuckSensors() }
    baseLoadWatts = conditions.baseLoad(at: time)
    let heating = switchRelays()
    let charging = chargeVehicles()
    flows = inverter.flows(
      load: baseLoadWatts + heating + charging, available: conditions.pvWatts,
      limit: plantLimit.pvWatts(at: time), exportLimit: plantLimit.exportWatts(at: time),
      mode: battery?.mode(at: time) ?? .selfConsumption,
      stored: battery?.stored ?? 0, stepHours: Self.stepHours)
    account(heating: heating, charging: charging)
    building.advance()
    sensors.advance { relays[$0]?.isOn ?? false }
    watchComfort()
  }

  /// The temperature about a room's sensor, °C.
  func sensedCelsius(ofRoom room: Int) -> Double {
    building.celsius(ofRoom: room) + sensors.wander(ofRoom: room)
  }

  /// Sets all relays for the minute and gives their power, W.
  private mutating func switchRelays() -> Double {
    var total = 0.0
    for index in relays.indices {
      guard var relay = relays[index] else { continue }
      let wasSwitchedOn: Bool
      if let forced = stuckState(ofRelay: index) {
        wasSwitchedOn = relay.set(forced, at: time)
      } else {
        wasSwitchedOn = relay.update(
          at: time, celsius: sensedCelsius(ofRoom: index),
          lowerCelsius: conditions.lowerCelsius[index])
      }
      relays[index] = relay
      if wasSwitchedOn { ledger.rooms[index].switchings += 1 }
      let power = building.setHeater(isOn: relay.isOn, inRoom: index)
      guard relay.isOn else { continue }
      ledger.rooms[index].heating += KilowattHours(power / 1_000 * Self.stepHours)
      ledger.rooms[index].heatingHours += Self.stepHours
      total += power
    }
    return total
  }

  /// Lets cars come, go and charge; gives the power of all charge points, W.
  private mutating func chargeVehicles() -> Double {
    for index in vehicles.indices {
      vehicles[index].update(at: time, ledger: &ledger)
      vehicles[index].powerWatts = 0
    }
    var total = 0.0
    for point in chargePoints.indices {
      let allowed = chargePoints[point].allowedWatts(at: time)
      let name = chargePoints[point].chargePoint.name
      guard allowed > 0,
        let index = vehicles.firstIndex(where: {
          $0.vehicle.chargePoint == name && $0.isConnected && $0.stored < $0.capacity
        })
      else { continue }
      let efficiency = vehicles[index].vehicle.chargeEfficiency.rawValue
      let free = (vehicles[index].capacity - vehicles[index].stored) / efficiency
      let power = min(allowed, free / Self.stepHours * 1_000)
      let stored = power / 1_000 * Self.stepHours * efficiency
      vehicles[index].powerWatts = power
      vehicles[index].stored += stored
      ledger.vehiclesStored += KilowattHours(stored)
      total += power
    }
    return total
  }

  private mutating func account(heating: Double, charging: Double) {
    let hours = Self.stepHours
    func energy(_ watts: Double) -> KilowattHours { KilowattHours(watts / 1_000 * hours) }
    ledger.imported += energy(flows.gridImport)
    ledger.exported += energy(flows.gridExport)
    ledger.pvUsed += energy(flows.pv)
    ledger.pvCurtailed += energy(flows.curtailed)
    ledger.baseLoad += energy(baseLoadWatts)
    ledger.heating += energy(heating)
    ledger.vehicles += energy(charging)
    ledger.batteryCharged += energy(flows.charge)
    ledger.batteryDischarged += energy(flows.discharge)
    if let lost = battery?.pass(
      charge: flows.charge, discharge: flows.discharge, hours: hours)
    {
      ledger.batteryLosses += KilowattHours(lost)
    }
    ledger.energyBill +=
      energy(flows.gridImport) * PricePerKilowattHour(conditions.importPrice)
      - energy(flows.gridExport) * PricePerKilowattHour(conditions.exportPrice)
    quarterImport += flows.gridImport / 1_000 * hours
    if flows.gridImport > home.grid.importLimit.rawValue { ledger.fuseOverloadHours += hours }
  }

  private mutating func watchComfort() {
    for index in home.rooms.indices {
      let celsius = building.celsius(ofRoom: index)
      let cold = conditions.lowerCelsius[index] - celsius
      let warm = celsius - conditions.upperCelsius[index]
      if cold > 0 { ledger.rooms[index].coldKelvinHours += cold * Self.stepHours }
      if warm > 0 { ledger.rooms[index].warmKelvinHours += warm * Self.stepHours }
    }
  }

  /// Notes the quarter-hour that ended as the month's peak where it is one.
  private mutating func closeQuarterHour() {
    let power = Watts.kilowatts(quarterImport * 4)
    quarterImport = 0
    guard let last = ledger.peaks.last, last.month == conditions.month else {
      ledger.peaks.append(EnergyLedger.MonthlyPeak(month: conditions.month, power: power))
      return
    }
    if power > last.power { ledger.peaks[ledger.peaks.count - 1].power = power }
  }
}
