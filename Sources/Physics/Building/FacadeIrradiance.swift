// SPDX-License-Identifier: MIT
public import Household
public import TimeSeries

/// Irradiance on the walls and roofs of a house from the irradiance on the level.
public enum FacadeIrradiance {
  /// The irradiance on each of some planes; a step without a reading stays without.
  ///
  /// Decomposition by Erbs, transposition by Hay and Davies, ground albedo 0.2.
  public static func series(
    globalHorizontal: Series<WattsPerSquareMetre>, location: Location,
    facades: [Facade] = Facade.usual
  ) -> [Series<WattsPerSquareMetre>] {
    let sun = SunTrack(grid: globalHorizontal.grid, location: location)
    let planes = facades.map {
      Plane(tiltDegrees: $0.tilt.rawValue, azimuthDegrees: $0.azimuth.rawValue)
    }
    var columns = [[WattsPerSquareMetre?]](repeating: [], count: planes.count)
    for (index, reading) in globalHorizontal.values.enumerated() {
      let light = reading.map { sky($0.rawValue, sun, index) }
      for (position, plane) in planes.enumerated() {
        columns[position].append(light.map { WattsPerSquareMetre(onPlane(plane, $0)) })
      }
    }
    return columns.map { Series(grid: globalHorizontal.grid, values: $0) }
  }

  private static func sky(_ global: Double, _ sun: SunTrack, _ index: Int) -> Transposition.Sky {
    let parts = Decomposition.parts(
      .erbs, globalHorizontal: max(0, global), cosZenith: sun.cosZenith[index],
      extraterrestrial: sun.extraterrestrial[index])
    return Transposition.Sky(
      globalHorizontal: max(0, global), beamNormal: parts.beamNormal,
      diffuseHorizontal: parts.diffuseHorizontal, extraterrestrial: sun.extraterrestrial[index],
      airmass: sun.airmass[index], sun: sun.direction[index],
      zenithDegrees: sun.apparentZenithDegrees[index])
  }

  private static func onPlane(_ plane: Plane, _ sky: Transposition.Sky) -> Double {
    let sum =
      Transposition.beam(plane, sky) + Transposition.hayDavies(plane, sky).total
      + Transposition.ground(plane, globalHorizontal: sky.globalHorizontal, albedo: 0.2)
    return sum.isFinite ? max(0, sum) : 0
  }
}
