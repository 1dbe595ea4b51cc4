// SPDX-License-Identifier: MIT
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@testable import Physics

@Suite("Windows in planes of any direction")
struct FacadeTests {
  private static let brno = Location(
    latitude: Degrees(49.2), longitude: Degrees(16.6), altitude: Metres(240))

  private func facade(_ azimuth: Double, _ tilt: Double = 90) -> Facade {
    Facade(azimuth: Degrees(azimuth), tilt: Degrees(tilt))
  }

  /// Days of hours with a clear sky of half the strength of a sine.
  private static func level(days: Int) -> Series<WattsPerSquareMetre> {
    let grid = TimeGrid(
      start: instant("2026-03-01T00:00:00Z"), stepSeconds: 3_600, count: days * 24)
    return Series(
      grid: grid,
      values: grid.indices.map { step in
        let hour = Double(step % 24) + 0.5
        // Every third day is overcast, so that level and planes are told apart.
        let peak = step / 24 % 3 == 0 ? 120.0 : 480
        return WattsPerSquareMetre(max(0, peak * sin((hour - 5.2) / 11.6 * .pi)))
      })
  }

  private func energy(_ series: Series<WattsPerSquareMetre>, _ hours: Range<Int>) -> Double {
    series.grid.indices.filter { hours.contains($0 % 24) }
      .reduce(0) { $0 + (series[$1]?.rawValue ?? 0) }
  }

  @Test("a plane that lies flat gets what the level gets, whatever it is said to face")
  func flat() {
    let level = Self.level(days: 3)
    let flat = FacadeIrradiance.series(
      globalHorizontal: level, location: Self.brno, facades: [facade(0, 0), facade(213, 0)])
    for step in level.grid.indices {
      for plane in flat {
        let difference = (plane[step]?.rawValue ?? -1) - (level[step]?.rawValue ?? -2)
        // The beam of the lowest sun is left out by the transposition.
        #expect(abs(difference) < 0.02 * (level[step]?.rawValue ?? 0) + 5, "step \(step)")
      }
    }
  }

  @Test("south-east has its sun before noon, south-west after; a roof to the south gets the most")
  func directions() {
    let level = Self.level(days: 6)
    let planes = FacadeIrradiance.series(
      globalHorizontal: level, location: Self.brno,
      facades: [facade(135), facade(225), facade(180, 40), facade(0)])
    // Noon is at 10:54 UTC in Brno.
    #expect(energy(planes[0], 0..<10) > 1.5 * energy(planes[0], 12..<24))
    #expect(energy(planes[1], 12..<24) > 1.5 * energy(planes[1], 0..<10))
    let day = planes.map { energy($0, 0..<24) }
    #expect(day[2] == day.max() && day[3] == day.min())
  }

  @Test("rooms name their windows; each plane drives the network once, behind the level")
  func configured() throws {
    func room(_ name: String, _ windows: [RoomWindow]) -> Room {
      Room(
        name: name, heater: nil,
        comfort: ComfortSchedule(usual: ComfortBand(lower: Celsius(20), upper: Celsius(22))),
        thermal: RoomThermalProperties(
          heatLoss: WattsPerKelvin(20), heatCapacity: KilowattHoursPerKelvin(3),
          solarAperture: SquareMetres(0.25), windows: windows), priority: 50)
    }
    let (west, roof) = (facade(245), facade(155, 40))
    let rooms = [
      room("a", [RoomWindow(facade: west, aperture: SquareMetres(2))]),
      room(
        "b",
        [
          RoomWindow(facade: roof, aperture: SquareMetres(1)),
          RoomWindow(facade: west, aperture: SquareMetres(0.5)),
          RoomWindow(facade: west, aperture: SquareMetres(0.5)),
        ]),
    ]
    #expect(rooms.facades == [west, roof])
    let network = try ThermalNetwork(rooms: rooms)
    #expect(network.facadeCount == 3)
    #expect(
      network.rooms.map { $0.solarApertures.map(\.rawValue) } == [[0.25, 2, 0], [0.25, 1, 1]])
    #expect([Room]().identifiedFacades == Facade.usual)
  }

  @Test("a window to the south-west is found by identification and reaches the planner's form")
  func identified() throws {
    let (days, southWest) = (28, facade(225))
    let level = Self.level(days: days)
    let grid = level.grid
    let onPlane = FacadeIrradiance.series(
      globalHorizontal: level, location: Self.brno, facades: [southWest])
    let truth = try ThermalNetwork(
      rooms: [
        ThermalRoom(
          name: "room", airCapacity: KilowattHoursPerKelvin(2.5),
          conductanceToOutdoors: WattsPerKelvin(30),
          solarApertures: [SquareMetres(0), SquareMetres(2.5)])
      ], facadeCount: 2)
    let discrete = try DiscreteThermalNetwork(truth, stepSeconds: 3_600)
    var state = ThermalState(network: truth, roomTemperatures: [Celsius(20)])
    var generator = SplitMix64(seed: 11)
    var (air, heat, outdoor): ([Celsius?], [Watts?], [Celsius?]) = ([], [], [])
    for step in grid.indices {
      var forcing = ThermalForcing(network: truth, stepCount: 1)
      let outside = Celsius(
        4 + 3 * sin(Double(step) / 37) - 2 * cos(Double(step % 24) / 24 * 2 * .pi))
      let reading = state.temperature(ofRoom: 0)
      let wanted = step % 24 < 6 ? 19.0 : 21
      let power = Watts(reading.rawValue < wanted ? 1_500 : 0)
      forcing.setOutdoor(outside, at: 0)
      forcing.setIrradiance(onPlane[0][step] ?? .zero, onFacade: 1, at: 0)
      forcing.setHeat(power, inRoom: 0, at: 0)
      air.append(reading + Celsius(Double.random(in: -0.05...0.05, using: &generator)))
      heat.append(power)
      outdoor.append(outside)
      discrete.step(&state, forcing: forcing, at: 0)
    }
    let record = try HouseRecord(
      grid: grid, outdoor: Series(grid: grid, values: outdoor), irradiances: [level] + onPlane,
      facades: [southWest],
      rooms: [
        HouseRecord.Room(
          name: "room", temperature: Series(grid: grid, values: air),
          heating: .power(Series(grid: grid, values: heat)))
      ], localHours: grid.indices.map { Double($0 % 24) + 0.5 })
    let identification = try HouseIdentification(record: record)
    let models = try identification.house([identification.room(0)]).models(learnedUntil: grid.end)
    #expect(models.planes == [southWest])

    // The home has a roof window too: the network knows both planes, the model its own.
    let roof = facade(180, 45)
    let home = [
      Room(
        name: "room", heater: nil,
        comfort: ComfortSchedule(usual: ComfortBand(lower: Celsius(20), upper: Celsius(22))),
        thermal: RoomThermalProperties(
          heatLoss: WattsPerKelvin(30), heatCapacity: KilowattHoursPerKelvin(2),
          windows: [RoomWindow(facade: roof, aperture: SquareMetres(1))]), priority: 50)
    ]
    #expect(ThermalNetwork.facades(of: home, models: models) == [roof, southWest])
    let network = try ThermalNetwork(rooms: home, models: models)
    let planner = try DiscreteThermalNetwork(network, stepSeconds: 900).roomStepModels()[0]
    let gains = planner.solarKelvinsPerKilowattPerSquareMetre
    #expect(gains.count == 3 && gains[0] < 0.2 * gains[2] && gains[1] == 0)
    let aperture = gains[2] / planner.powerKelvinsPerKilowatt
    #expect(abs(aperture - 2.5) < 0.4, "\(aperture) m²")
  }
}
