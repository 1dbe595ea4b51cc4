// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import Physics
public import TimeSeries

/// A home that does not exist, behind the same seams as the devices of one that does.
///
/// Time stands still until ``advance(to:)`` moves it, in exact steps of one minute. The same
/// arguments and commands give the same home, bit for bit; a copy is a second home with the same
/// past, so controllers can be compared under one weather. `docs/models/simulation.md` has the
/// mathematics and what each device does when nobody talks to it any more.
public struct SimulatedHome: Sendable {
  /// What is simulated, as configured.
  public let home: Home
  /// How the truth differs from the configuration.
  public let truth: TruthParameters
  /// The true weather, which also forecasts.
  public let weather: SimulatedWeather
  /// The true prices.
  public let market: SimulatedDayAheadMarket
  /// What makes people, sensors and trips differ from those of another home.
  public let seed: UInt64
  /// The household's use of everything that is not controlled.
  public let baseLoad: SimulatedBaseLoad
  /// The simulated present, a whole minute.
  public private(set) var time: Date
  /// What has happened since the start, exactly.
  public internal(set) var ledger: EnergyLedger
  /// What is or will be broken.
  public var faults: [ScheduledFault] = []

  var building: Building
  var sensors: RoomSensors
  let inverter: HybridInverter
  let plant: SimulatedPlant
  var moduleSnow: ModuleSnow
  var relays: [SimulatedRelay?]
  var battery: SimulatedBattery?
  var chargePoints: [SimulatedChargePoint]
  var vehicles: [SimulatedVehicle]
  var plantLimit = PlantLimit()
  var flows = PowerFlows()
  var baseLoadWatts = 0.0
  var conditions: SimulatedConditions
  var stuckSensors: [String: Celsius] = [:]
  var quarterImport = 0.0

  /// A home at a start, its rooms inside their comfort bands, its battery half full, its cars full.
  ///
  /// - Parameter roomTemperatures: other temperatures to start with, by room.
  /// - Throws: ``SimulatedHomeError`` for rooms whose thermal properties cannot be simulated.
  public init(
    home: Home, truth: TruthParameters = TruthParameters(), weather: SimulatedWeather,
    market: SimulatedDayAheadMarket, seed: UInt64, start: Date,
    roomTemperatures: [String: Celsius] = [:]
  ) throws(SimulatedHomeError) {
    self.home = home
    self.truth = truth
    self.weather = weather
    self.market = market
    self.seed = seed
    let start = TimeGrid.floor(start, stepSeconds: 60)
    time = start
    let calendar = home.site.calendar
    baseLoad = SimulatedBaseLoad(home: home, seed: seed)
    ledger = EnergyLedger(roomNames: home.rooms.map(\.name))
    let wall = calendar.wallTime(at: start)
    let temperatures = home.rooms.map { room in
      roomTemperatures[room.name] ?? room.comfort.band(at: wall).lower + Kelvins(0.5)
    }
    do {
      building = try Building(home: home, truth: truth, temperatures: temperatures)
    } catch {
      throw .building("\(error)")
    }
    sensors = RoomSensors(home: home, truth: truth)
    inverter = HybridInverter(home: home)
    plant = SimulatedPlant(home: home, truth: truth)
    moduleSnow = ModuleSnow(home: home)
    relays = home.rooms.map { room in
      room.heater.map { _ in SimulatedRelay(start: start) }
    }
    battery = home.battery.map(SimulatedBattery.init)
    chargePoints = home.chargePoints.map(SimulatedChargePoint.init)
    vehicles = home.vehicles.map {
      SimulatedVehicle($0, calendar: calendar, truth: truth, seed: seed, start: start)
    }
    conditions = SimulatedConditions()
  }

  /// Lets time pass up to an instant, in whole minutes; an instant that has passed changes nothing.
  public mutating func advance(to end: Date) {
    while time.addingTimeInterval(Building.stepSeconds) <= end {
      passMinute()
      time = time.addingTimeInterval(Building.stepSeconds)
    }
  }
}

/// Why a home cannot be simulated.
public enum SimulatedHomeError: Error, Hashable, CustomStringConvertible {
  /// The rooms do not make a heat balance.
  case building(String)

  /// What happened and what to change.
  public var description: String {
    switch self {
    case .building(let reason):
      "the rooms cannot be simulated: \(reason); correct their thermal properties"
    }
  }
}
