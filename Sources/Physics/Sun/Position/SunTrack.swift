// SPDX-License-Identifier: MIT
import Foundation
public import Household
public import TimeSeries

/// The sun over many instants at one place, in arrays: what every array of a plant shares.
///
/// A year of quarter-hours takes some ten milliseconds, against one of `SolarPosition` each step within
/// 10⁻⁸ degrees. All arrays have one value an instant.
public struct SunTrack: Sendable, Hashable {
  /// The instants, seconds since 1970-01-01T00:00Z.
  public let unixSeconds: [Double]
  /// Where the sun is seen, with refraction.
  public private(set) var direction: [SkyDirection] = []
  /// The angle from straight up to where it is seen, 0…180°.
  public private(set) var apparentZenithDegrees: [Double] = []
  /// The cosine of the zenith without refraction, −1…1.
  public private(set) var cosZenith: [Double] = []
  /// Relative airmass by Kasten and Young, 1…38; NaN while the sun is below the horizon.
  public private(set) var airmass: [Double] = []
  /// Irradiance outside the atmosphere facing the sun by Spencer, W/m².
  public private(set) var extraterrestrial: [Double] = []

  /// How many instants.
  public var count: Int { unixSeconds.count }

  /// The sun at the middle of each step: a mean over a step belongs to the sun at its middle.
  public init(grid: TimeGrid, location: Location) {
    self.init(
      unixSeconds: grid.indices.map { grid.middle(at: $0).timeIntervalSince1970 },
      location: location)
  }

  /// The sun at given instants, in any order; the cost grows with the span they cover.
  ///
  /// - Parameters:
  ///   - unixSeconds: the instants; finite.
  ///   - location: the place.
  ///   - airCelsius: air temperature an instant for the refraction; by default 12 °C.
  ///   - deltaTSeconds: terrestrial minus universal time; by default the observed one.
  public init(
    unixSeconds: [Double], location: Location, airCelsius: [Double]? = nil,
    deltaTSeconds: Double? = nil
  ) {
    self.unixSeconds = unixSeconds
    guard let first = unixSeconds.min(), let last = unixSeconds.max() else { return }
    let ephemeris = SolarEphemeris(covering: first...last, deltaTSeconds: deltaTSeconds)
    let observer = SolarObserver(location)
    let pressure = AtmosphericPressure.pascals(altitudeMetres: location.altitude.rawValue) / 100
    var columns = Columns(count: unixSeconds.count)
    var (day, dayExtraterrestrial) = (Double.nan, Double.nan)
    for (index, time) in unixSeconds.enumerated() {
      let sun = ephemeris.sun(time)
      let seen = observer.direction(
        hourAngleDegrees: SolarTime.meanSiderealDegrees(time) + sun.siderealOffsetDegrees
          + observer.longitudeDegrees,
        sinDeclination: sun.sinDeclination,
        cosDeclination: (1 - sun.sinDeclination * sun.sinDeclination).squareRoot(),
        distanceAstronomicalUnits: sun.distanceAstronomicalUnits)
      let air = RefractingAir(
        pressureHectopascals: pressure, temperatureCelsius: airCelsius?[index] ?? 12)
      if (time / 86_400).rounded(.down) != day {
        day = (time / 86_400).rounded(.down)
        dayExtraterrestrial = ExtraterrestrialIrradiance.spencer(
          dayOfYear: Double(SolarTime.dayOfYear(time)))
      }
      columns.set(index, seen, air, extraterrestrial: dayExtraterrestrial)
    }
    direction = columns.direction
    apparentZenithDegrees = columns.apparentZenithDegrees
    cosZenith = columns.cosZenith
    airmass = columns.airmass
    extraterrestrial = columns.extraterrestrial
  }

  /// The arrays while they are filled.
  private struct Columns {
    var direction: [SkyDirection]
    var apparentZenithDegrees: [Double]
    var cosZenith: [Double]
    var airmass: [Double]
    var extraterrestrial: [Double]

    init(count: Int) {
      direction = Array(repeating: SkyDirection(east: 0, north: 0, up: -1), count: count)
      apparentZenithDegrees = Array(repeating: 180, count: count)
      cosZenith = Array(repeating: -1, count: count)
      airmass = Array(repeating: .nan, count: count)
      extraterrestrial = Array(repeating: 0, count: count)
    }

    @inline(__always)
    mutating func set(
      _ index: Int, _ seen: SkyDirection, _ air: RefractingAir, extraterrestrial: Double
    ) {
      self.extraterrestrial[index] = extraterrestrial
      cosZenith[index] = seen.up
      let elevation = seen.elevationDegrees
      let refraction = air.refractionDegrees(elevationDegrees: elevation)
      let zenith = 90 - elevation - refraction
      let lifted = refraction == 0 ? seen : seen.lifted(byRadians: refraction.inRadians)
      direction[index] = lifted
      apparentZenithDegrees[index] = zenith
      airmass[index] = Airmass.kastenYoung1989(
        apparentZenithDegrees: zenith, cosZenith: lifted.up)
    }
  }
}

extension SkyDirection {
  /// The same azimuth, higher by a small angle of up to 0.02 rad (refraction is below 0.011).
  @inline(__always)
  func lifted(byRadians angle: Double) -> SkyDirection {
    let level = (east * east + north * north).squareRoot()
    guard level > 0 else { return self }
    let square = angle * angle
    let sine = angle * (1 - square / 6 * (1 - square / 20))
    let cosine = 1 - square / 2 * (1 - square / 12)
    let scale = cosine - sine * up / level
    return SkyDirection(east: east * scale, north: north * scale, up: up * cosine + level * sine)
  }
}
