// SPDX-License-Identifier: MIT
public import Household
import TimeSeries

/// The clear sky by Ineichen and Perez over many instants; all arrays in W/m², one value an instant.
public struct ClearSkySeries: Sendable, Hashable {
  /// Global irradiance on the level.
  public private(set) var globalHorizontal: [Double] = []
  /// Beam irradiance facing the sun.
  public private(set) var beamNormal: [Double] = []
  /// Diffuse irradiance on the level.
  public private(set) var diffuseHorizontal: [Double] = []

  /// The clear sky over a track of the sun.
  ///
  /// - Parameters:
  ///   - sun: the sun over the instants.
  ///   - location: the same place.
  ///   - linkeTurbidity: one for all instants; by default the climatology of the place.
  public init(sun: SunTrack, location: Location, linkeTurbidity: Double? = nil) {
    let altitude = location.altitude.rawValue
    let pressure = AtmosphericPressure.pascals(altitudeMetres: altitude)
    let monthly = LinkeTurbidity.monthlyClimatology(location: location)
    for index in 0..<sun.count {
      guard sun.direction[index].up > 0 else {
        append(.none)
        continue
      }
      append(
        ClearSky.ineichen(
          cosZenith: sun.direction[index].up,
          absoluteAirmass: Airmass.absolute(
            relative: sun.airmass[index], pressurePascals: pressure),
          linkeTurbidity: linkeTurbidity
            ?? LinkeTurbidity.climatology(unixSeconds: sun.unixSeconds[index], monthly: monthly),
          altitudeMetres: altitude, extraterrestrial: sun.extraterrestrial[index]))
    }
  }

  private mutating func append(_ irradiance: ClearSky.Irradiance) {
    globalHorizontal.append(irradiance.globalHorizontal)
    beamNormal.append(irradiance.beamNormal)
    diffuseHorizontal.append(irradiance.diffuseHorizontal)
  }
}
