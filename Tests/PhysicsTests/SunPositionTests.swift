// SPDX-License-Identifier: MIT
import Foundation
import Household
import Physics
import TestSupport
import Testing
import TimeSeries

@Suite("Solar position")
struct SunPositionTests {
  /// NREL/TP-560-34302, Table A5.1: Golden, Colorado.
  static let golden = Location(
    latitude: Degrees(39.742476), longitude: Degrees(-105.1786), altitude: Metres(1830.14))
  static let worked = instant("2003-10-17T19:30:30Z")

  @Test("gives the report's worked example to its printed digits")
  func workedExample() {
    let position = SolarPosition(
      at: Self.worked, location: Self.golden,
      air: RefractingAir(pressureHectopascals: 820, temperatureCelsius: 11),
      deltaT: .seconds(67))
    #expect(abs(position.apparentZenith.rawValue - 50.11162) < 5e-6)
    #expect(abs(position.azimuth.rawValue - 194.34024) < 5e-6)
    #expect(abs(position.equationOfTime.seconds / 60 - 14.6415) < 1e-4)
  }

  @Test("gives the geocentric steps of the worked example")
  func geocentricSteps() {
    let sun = GeocentricSun(
      unixSeconds: Self.worked.timeIntervalSince1970, deltaTSeconds: 67)
    #expect(abs(sun.distanceAstronomicalUnits - 0.9965422974) < 1e-10)
    #expect(abs(sun.rightAscensionDegrees - 202.22741) < 5e-6)
    #expect(abs(sun.declinationDegrees - -9.31434) < 5e-6)
  }

  @Test("gives sunrise, transit and sunset of the worked example")
  func workedDay() throws {
    let day = SolarDay(holding: Self.worked, location: Self.golden, deltaT: .seconds(67))
    let sunrise = try #require(day.sunrise)
    let sunset = try #require(day.sunset)
    #expect(abs(sunrise.timeIntervalSince(instant("2003-10-17T13:12:43Z"))) < 1)
    #expect(abs(day.transit.timeIntervalSince(instant("2003-10-17T18:46:04Z"))) < 2)
    #expect(abs(sunset.timeIntervalSince(instant("2003-10-18T00:20:19Z"))) < 1)
  }

  @Test(
    "stands as high as its declination at both poles, whatever the hour",
    arguments: ["2025-06-21T02:42:00Z", "2025-12-21T15:03:00Z", "2100-03-20T08:00:00Z"])
  func poles(time: String) {
    for hour in 0..<4 {
      let date = instant(time).addingTimeInterval(Double(hour) * 21_600)
      let declination = GeocentricSun(
        unixSeconds: date.timeIntervalSince1970, deltaTSeconds: 69
      ).declinationDegrees
      for (latitude, sign) in [(90.0, 1.0), (-90, -1)] {
        let position = SolarPosition(
          at: date,
          location: Location(
            latitude: Degrees(latitude), longitude: Degrees(0), altitude: Metres(0)))
        // the parallax of the sun is 0.0024°
        #expect(abs(position.elevation.rawValue - sign * declination) < 0.0026)
        #expect((0..<360).contains(position.azimuth.rawValue))
      }
    }
  }

  @Test("knows polar day, polar night and the days between in Tromsø")
  func polarDays() {
    let tromso = Location(
      latitude: Degrees(69.649), longitude: Degrees(18.955), altitude: Metres(0))
    let midsummer = SolarDay(holding: instant("2025-06-21T12:00:00Z"), location: tromso)
    let midwinter = SolarDay(holding: instant("2025-12-21T12:00:00Z"), location: tromso)
    let spring = SolarDay(holding: instant("2025-03-20T12:00:00Z"), location: tromso)
    #expect(midsummer.light == .polarDay)
    #expect(midwinter.light == .polarNight)
    #expect(spring.sunrise != nil && spring.sunset != nil)
  }

  @Test("stands the sun at −0.8333° at sunrise and sunset", arguments: [2024, 2025, 1975, 2100])
  func horizonAtSunrise(year: Int) throws {
    let brno = Location(latitude: Degrees(49.2), longitude: Degrees(16.6), altitude: Metres(0))
    for month in 1...12 {
      let noon = try Date(
        "\(year)-\(month < 10 ? "0" : "")\(month)-15T12:00:00Z", strategy: .iso8601)
      let day = SolarDay(holding: noon, location: brno)
      for crossing in [try #require(day.sunrise), try #require(day.sunset)] {
        let position = SolarPosition(at: crossing, location: brno)
        #expect(abs(position.elevation.rawValue - -0.8333) < 0.01)
      }
    }
  }

  @Test("is the same on the leap day as between its neighbours")
  func leapDay() {
    let brno = Location(latitude: Degrees(49.2), longitude: Degrees(16.6), altitude: Metres(0))
    let noons = (0..<3).map { day in
      SolarPosition(
        at: instant("2024-02-28T11:00:00Z").addingTimeInterval(Double(day) * 86_400),
        location: brno
      ).zenith.rawValue
    }
    // the sun climbs 0.37° a day at the end of February
    #expect(abs((noons[0] - noons[1]) - (noons[1] - noons[2])) < 0.01)
    #expect(abs(noons[0] - noons[1] - 0.37) < 0.02)
  }

  @Test("is within 1e-8 degrees of the exact one over whole years", arguments: [1975, 2024, 2100])
  func trackAgainstPositions(year: Int) throws {
    let start = try Date("\(year)-01-01T00:00:00Z", strategy: .iso8601)
    let places = [(49.2, 16.6, 237.0), (-89.9, 0, 2_800), (0, 179.9, 0)]
    for (latitude, longitude, altitude) in places {
      let location = Location(
        latitude: Degrees(latitude), longitude: Degrees(longitude), altitude: Metres(altitude))
      let times = (0..<800).map {
        start.timeIntervalSince1970 + Double($0) * 366 * 86_400 / 800
      }
      let track = SunTrack(unixSeconds: times, location: location)
      for (index, time) in times.enumerated() {
        let exact = SolarPosition(at: Date(timeIntervalSince1970: time), location: location)
        #expect(
          abs(track.apparentZenithDegrees[index] - exact.apparentZenith.rawValue) < 1e-8,
          "\(Date(timeIntervalSince1970: time))")
        let turn = abs(track.direction[index].azimuthDegrees - exact.azimuth.rawValue)
        let nearZenith = max(sin(exact.zenith.radians), 1e-3)
        #expect(min(turn, 360 - turn) < 1e-8 / nearZenith)
      }
    }
  }
}
