// SPDX-License-Identifier: MIT
import Foundation
import Household
import TestSupport
import TimeSeries

@testable import Simulation

/// A small home with one of everything, in numbers that are easy to reckon with.
enum TestHome {
  static let location = Location(
    latitude: Degrees(49.2), longitude: Degrees(16.6), altitude: Metres(240))

  static var zone: TimeZone {
    guard let zone = TimeZone(identifier: "Europe/Prague") else {
      preconditionFailure("Prague has a time zone")
    }
    return zone
  }

  static var site: Site {
    Site(
      name: "test", location: location, timeZone: zone, holidays: .czechRepublic, currency: "CZK")
  }

  static var tariff: Tariff {
    Tariff(
      energy: .spot(factor: 1, fee: PricePerKilowattHour(0.3)), layers: [],
      valueAddedTax: Fraction(0.21),
      export: .spot(factor: 1, fee: PricePerKilowattHour(0.25), floor: nil))
  }

  /// 10 kWh between 10 and 100 %, 90 % and 95 % on its legs, 5 kW both ways.
  static var battery: Battery {
    Battery(
      name: "battery", capacity: KilowattHours(10), stateOfChargeBand: Fraction(0.1)...Fraction(1),
      maximumCharge: Watts(5_000), maximumDischarge: Watts(5_000), chargeEfficiency: Fraction(0.90),
      dischargeEfficiency: Fraction(0.95), wearCost: PricePerKilowattHour(0.5))
  }

  static func room(
    _ name: String, power: Double? = 1_000, lower: Double = 20, upper: Double = 23,
    neighbours: [RoomThermalProperties.Adjacency] = []
  ) -> Room {
    Room(
      name: name,
      heater: power.map {
        RoomHeater(
          power: Watts($0), minimumOn: .minutes(15), minimumOff: .minutes(15),
          switchingCost: Money(0.1))
      },
      comfort: ComfortSchedule(
        usual: ComfortBand(lower: Celsius(lower), upper: Celsius(upper))),
      thermal: RoomThermalProperties(
        heatLoss: WattsPerKelvin(25), heatCapacity: KilowattHoursPerKelvin(4),
        solarAperture: SquareMetres(0.5), internalGain: Watts(40),
        heaterTimeConstant: .minutes(60), adjacencies: neighbours),
      priority: 1)
  }

  static func home(
    battery: Battery? = battery, exportLimit: Watts = Watts(10_000), vehicles: Bool = true
  ) -> Home {
    let wall = RoomThermalProperties.Adjacency(room: "living", conductance: WattsPerKelvin(15))
    return Home(
      site: site, tariff: tariff,
      grid: GridConnection(
        mainFuse: Amperes(25), phases: 3, voltage: Volts(230), exportLimit: exportLimit),
      pvArrays: [
        PVArray(
          name: "south", peakPower: Watts(10_000), tilt: Degrees(35), azimuth: Degrees(180),
          temperatureCoefficientPerKelvin: -0.004, losses: Fraction(0.08))
      ],
      inverter: Inverter(ratedPower: Watts(10_000), efficiency: Fraction(0.97)), battery: battery,
      rooms: [
        room("living", power: 2_000), room("study", neighbours: [wall]),
        room("pantry", power: nil, lower: 10, neighbours: [wall]),
      ],
      chargePoints: vehicles
        ? [
          ChargePoint(
            name: "wallbox", phases: 3, minimumCurrent: Amperes(6), maximumCurrent: Amperes(16),
            voltage: Volts(230))
        ] : [],
      vehicles: vehicles
        ? [
          Vehicle(
            name: "car", chargePoint: "wallbox", capacity: KilowattHours(50), target: Fraction(0.8),
            chargeEfficiency: Fraction(0.9), shortfallCost: PricePerKilowattHour(5),
            routines: [
              VehicleRoutine(
                days: .workingDays, departureMinute: 450, arrivalMinute: 1_020,
                tripEnergy: KilowattHours(9))
            ])
        ] : [],
      preferences: Preferences(
        coldCostPerKelvinHour: Money(10), warmCostPerKelvinHour: Money(5), exportPenalty: .zero,
        yearlyBaseLoad: KilowattHours(4_000)),
      safety: SafetySettings(
        maximumRoomTemperature: Celsius(25), minimumRoomTemperature: Celsius(16),
        fuseMargin: Fraction(0.9),
        maximumReadingAge: .minutes(10)))
  }

  static let weather = SimulatedWeather(location: location, seed: 1)

  static var market: SimulatedDayAheadMarket {
    SimulatedDayAheadMarket(weather: weather, calendar: site.calendar, seed: 1)
  }

  /// Sensors that show the room and nothing but their own noise.
  static var truth: TruthParameters {
    var room = TruthParameters.RoomTruth()
    room.sensorWander = .zero
    return TruthParameters(usualRoom: room)
  }

  static func simulated(
    _ home: Home = home(), seed: UInt64 = 1, start: String = "2026-01-10T23:00:00Z"
  ) throws -> SimulatedHome {
    try SimulatedHome(
      home: home, truth: truth, weather: weather, market: market, seed: seed, start: instant(start))
  }
}
