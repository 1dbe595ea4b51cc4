// SPDX-License-Identifier: MIT
import Configuration
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@Suite("Home configuration")
struct HomeConfigurationTests {
  let home: Home
  let configuration: HomeConfiguration

  init() throws {
    configuration = try HomeConfiguration(text: ConfigurationText.small, file: "house/pems.yaml")
    home = configuration.home
  }

  @Test("reads site and grid")
  func siteAndGrid() {
    #expect(home.site.name == "Cottage")
    #expect(
      home.site.location
        == Location(latitude: Degrees(49.2), longitude: Degrees(16.6), altitude: Metres(237)))
    #expect(home.site.timeZone.identifier == "Europe/Prague")
    #expect(home.site.holidays == .czechRepublic)
    #expect(home.site.currency == "CZK")
    #expect(home.grid.importLimit == Watts(17_250))
    #expect(home.grid.exportLimit == Watts(10_000))
  }

  @Test("reads the tariff: window before 'otherwise', tax on import only")
  func tariff() throws {
    // Monday 2026-03-02: 10:30 in Prague is 09:30 UTC; (2 + 0.35 + 0.8 + 0.03) × 1.21 = 3.8478.
    let calendar = home.site.calendar
    func price(_ text: String) -> Double {
      home.tariff.importPrice(
        spot: PricePerKilowattHour(2), at: calendar.wallTime(at: instant(text)))?.rawValue ?? .nan
    }
    #expect(abs(price("2026-03-02T09:30:00Z") - 3.8478) < 1e-12)
    #expect(abs(price("2026-03-01T09:30:00Z") - 2.58 * 1.21) < 1e-12)
    #expect(abs(price("2026-03-02T23:30:00Z") - 2.48 * 1.21) < 1e-12)
    #expect(home.tariff.exportPrice(spot: PricePerKilowattHour(-1)) == .zero)
    #expect(home.tariff.exportPrice(spot: PricePerKilowattHour(2)) == PricePerKilowattHour(1.6))
    #expect(home.tariff.peakPricePerKilowatt == .zero)
  }

  @Test("reads PV, battery, charge point and car")
  func equipment() {
    #expect(home.inverter == Inverter(ratedPower: Watts(10_000), efficiency: .percent(97)))
    #expect(
      home.pvArrays == [
        PVArray(
          name: "south", peakPower: Watts(5_400), tilt: Degrees(35), azimuth: Degrees(180),
          temperatureCoefficientPerKelvin: -0.35 / 100, losses: .percent(10))
      ])
    #expect(
      home.battery
        == Battery(
          name: "battery", capacity: KilowattHours(10),
          stateOfChargeBand: Fraction(0.1)...Fraction(0.9), maximumCharge: Watts(5_000),
          maximumDischarge: Watts(4_000), chargeEfficiency: .percent(95),
          dischargeEfficiency: .percent(94), wearCost: PricePerKilowattHour(0.5)))
    #expect(
      home.chargePoints == [
        ChargePoint(
          name: "wallbox", phases: 3, minimumCurrent: Amperes(6), maximumCurrent: Amperes(16),
          voltage: Volts(230))
      ])
    #expect(
      home.vehicles == [
        Vehicle(
          name: "car", chargePoint: "wallbox", capacity: KilowattHours(60), target: .percent(80),
          chargeEfficiency: .percent(90), shortfallCost: PricePerKilowattHour(20),
          routines: [
            VehicleRoutine(
              days: .workingDays, departureMinute: 450, arrivalMinute: 1_020,
              tripEnergy: KilowattHours(9))
          ])
      ])
  }

  @Test("reads rooms: a named schedule, one of its own, and a neighbour seen from both sides")
  func rooms() throws {
    let kitchen = try #require(home.rooms.first)
    let pantry = try #require(home.rooms.last)
    #expect(
      kitchen.heater
        == RoomHeater(
          power: Watts(1_800), minimumOn: .minutes(20), minimumOff: .minutes(10),
          switchingCost: Money(0.05)))
    #expect(kitchen.comfort.usual == ComfortBand(lower: Celsius(20), upper: Celsius(22)))
    #expect(
      kitchen.comfort.periods == [
        ComfortSchedule.Period(
          window: DailyWindow(startMinute: 1_320, endMinute: 360),
          band: ComfortBand(lower: Celsius(18.5), upper: Celsius(21)))
      ])
    #expect(kitchen.priority == 70)
    #expect(kitchen.thermal.heatCapacity == KilowattHoursPerKelvin(5.8))
    #expect(kitchen.thermal.adjacencies.map(\.room) == ["pantry"])
    #expect(pantry.heater == nil)
    #expect(pantry.comfort.usual == ComfortBand(lower: Celsius(17), upper: Celsius(21)))
    #expect(
      pantry.thermal.adjacencies == [
        RoomThermalProperties.Adjacency(room: "kitchen", conductance: WattsPerKelvin(40))
      ])
  }

  @Test("windows have a plane each; a wall where no tilt is given")
  func windows() throws {
    let text = ConfigurationText.small.replacing(
      "heat_capacity_kwh_per_k: 5.8",
      with: """
        heat_capacity_kwh_per_k: 5.8
              windows:
                - {azimuth_degrees: 225, aperture_m2: 1.5}
                - {azimuth_degrees: 180, tilt_degrees: 40, aperture_m2: 0.8}
        """)
    let rooms = try HomeConfiguration(text: text, file: "pems.yaml").home.rooms
    #expect(
      rooms.first?.thermal.windows == [
        RoomWindow(facade: Facade(azimuth: Degrees(225)), aperture: SquareMetres(1.5)),
        RoomWindow(
          facade: Facade(azimuth: Degrees(180), tilt: Degrees(40)), aperture: SquareMetres(0.8)),
      ])
  }

  @Test("keeps the store beside the file unless its path is absolute")
  func history() throws {
    #expect(configuration.history.storePath == "house/pems.db")
    let absolute = ConfigurationText.small + "\nhistory: {store: /var/lib/pems/pems.db}"
    #expect(
      try HomeConfiguration(text: absolute, file: "pems.yaml").history.storePath
        == "/var/lib/pems/pems.db")
  }

  @Test("a path may hold a variable")
  func variable() throws {
    let text = ConfigurationText.small + "\nhistory: {store: \"${PLACE}/x.db\"}"
    let configuration = try HomeConfiguration(
      text: text, file: "pems.yaml", environment: ["PLACE": "/data"])
    #expect(configuration.history.storePath == "/data/x.db")
  }

  @Test("tells which defaults count, once for each key")
  func assumptions() throws {
    let keys = Dictionary(
      uniqueKeysWithValues: configuration.assumptions.map { ($0.keyPath, $0) })
    #expect(keys["safety.maximum_room_temperature_c"]?.value == "25 °C")
    #expect(keys["preferences.yearly_base_load_kwh"]?.value == "3500 kWh")
    #expect(keys["rooms[].thermal.internal_gain_w"]?.count == 2)
    #expect(keys["rooms[].priority"]?.count == 1)
    #expect(keys["battery.capacity_kwh"] == nil)
  }

  @Test("all heaters together have a limit where one is given, from 100 W to 500 kW")
  func maximumHeating() throws {
    func home(_ watts: Int?) throws -> Home {
      let section = watts.map { "\nsafety: {maximum_heating_w: \($0)}" } ?? ""
      return try HomeConfiguration(text: ConfigurationText.small + section, file: "pems.yaml").home
    }
    #expect(try home(nil).safety.maximumHeating == nil)
    #expect(try home(9_000).safety.maximumHeating == Watts(9_000))
    #expect(throws: (any Error).self) { try home(99) }
    #expect(throws: (any Error).self) { try home(500_001) }
  }

  @Test("only site, grid and tariff are needed; what is left out is not there")
  func smallest() throws {
    let end = try #require(ConfigurationText.small.range(of: "\npv:"))
    let text = String(ConfigurationText.small[..<end.lowerBound])
    let home = try HomeConfiguration(text: text, file: "pems.yaml").home
    #expect(home.pvArrays.isEmpty && home.inverter == nil && home.battery == nil)
    #expect(home.rooms.isEmpty && home.chargePoints.isEmpty && home.vehicles.isEmpty)
    #expect(home.safety.minimumRoomTemperature == Celsius(16))
  }

  @Test("the reference house is right and as the mission says")
  func referenceHouse() throws {
    let path = ReferenceMaterial.package.appending(path: "Examples/reference-house/pems.yaml").path
    let home = try HomeConfiguration(contentsOf: path, environment: [:]).home
    #expect(home.rooms.count == 17)
    #expect(
      home.heatedRooms.reduce(Watts.zero) { $0 + ($1.heater?.power ?? .zero) } == Watts(20_830))
    #expect(home.pvArrays.map(\.peakPower) == [Watts(5_400), Watts(5_400)])
    #expect(home.pvArrays.map(\.azimuth) == [Degrees(135), Degrees(225)])
    #expect(home.battery?.capacity == KilowattHours(10))
    #expect(home.grid.importLimit == Watts(17_250))
    #expect(home.chargePoints.first?.maximumPower == Watts(11_040))
  }

  @Test(
    "the reference house has the rooms and powers that were recorded",
    .enabled(
      if: ReferenceMaterial.has("data/loxone_house/rooms.csv"),
      Comment(rawValue: ReferenceMaterial.missing("data/loxone_house/rooms.csv"))))
  func recordedRooms() throws {
    let table = try String(
      contentsOf: ReferenceMaterial.url("data/loxone_house/rooms.csv"), encoding: .utf8)
    let recorded = table.split(whereSeparator: \.isNewline).dropFirst().map { line in
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      return "\(fields[0]) \(Int(((Double(fields[1]) ?? .nan) * 1_000).rounded()))"
    }
    let path = ReferenceMaterial.package.appending(path: "Examples/reference-house/pems.yaml").path
    let home = try HomeConfiguration(contentsOf: path, environment: [:]).home
    #expect(home.rooms.map { "\($0.name) \(Int($0.heater?.power.rawValue ?? 0))" } == recorded)
  }
}
