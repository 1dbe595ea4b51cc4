// SPDX-License-Identifier: MIT
public import Household
public import TimeSeries

/// Modules of one orientation behind an inverter, as the physics sees them.
public struct PlantArray: Sendable, Hashable {
  /// The name in results and findings.
  public var name: String
  /// How it lies: tilt and azimuth.
  public var plane: Plane
  /// Direct-current power at 1000 W/m² and 25 °C.
  public var peakPower: Watts
  /// Change of power for one kelvin above 25 °C as a share, about −0.004.
  public var temperatureCoefficientPerKelvin: Double
  /// Soiling, wiring, mismatch and light-induced losses together, of the direct-current power.
  public var losses: Fraction
  /// How warm its cells get.
  public var cellTemperature: CellTemperature
  /// What its glass lets through of the beam.
  public var glass: IncidenceAngleModifier
  /// What stands between it and the sun.
  public var shading: ShadingTable?
  /// Strings one above the other, for snow that covers them from below.
  public var strings: Int
  /// The position of its inverter in the plant.
  public var inverter: Int

  /// Modules of one orientation.
  ///
  /// - Parameters:
  ///   - name: the name in results and findings.
  ///   - tilt: 0° flat … 90° upright.
  ///   - azimuth: where it faces, clockwise from north: 180° is south.
  ///   - peakPower: at 1000 W/m² and 25 °C, 0 or more.
  ///   - temperatureCoefficientPerKelvin: about −0.004.
  ///   - losses: 0…1 of the direct-current power.
  ///   - cellTemperature: by default modules close to a roof.
  ///   - glass: by default ordinary solar glass.
  ///   - shading: what stands between it and the sun, if that is known.
  ///   - strings: at least 1.
  ///   - inverter: the position of its inverter in the plant.
  public init(
    name: String, tilt: Degrees, azimuth: Degrees, peakPower: Watts,
    temperatureCoefficientPerKelvin: Double = -0.004, losses: Fraction = Fraction(0.14),
    cellTemperature: CellTemperature = .sapm(.closeMountGlassGlass),
    glass: IncidenceAngleModifier = .physical(.plain), shading: ShadingTable? = nil,
    strings: Int = 1, inverter: Int = 0
  ) {
    self.name = name
    plane = Plane(tiltDegrees: tilt.rawValue, azimuthDegrees: azimuth.rawValue)
    self.peakPower = peakPower
    self.temperatureCoefficientPerKelvin = temperatureCoefficientPerKelvin
    self.losses = losses
    self.cellTemperature = cellTemperature
    self.glass = glass
    self.shading = shading
    self.strings = max(strings, 1)
    self.inverter = inverter
  }

  /// The array of a home's configuration.
  public init(
    _ array: PVArray, cellTemperature: CellTemperature = .sapm(.closeMountGlassGlass),
    inverter: Int = 0
  ) {
    self.init(
      name: array.name, tilt: array.tilt, azimuth: array.azimuth, peakPower: array.peakPower,
      temperatureCoefficientPerKelvin: array.temperatureCoefficientPerKelvin,
      losses: array.losses, cellTemperature: cellTemperature, inverter: inverter)
  }

  /// 0° flat … 90° upright.
  public var tilt: Degrees { Degrees(plane.tiltDegrees) }

  /// Where it faces, clockwise from north.
  public var azimuth: Degrees { Degrees(plane.azimuthDegrees) }
}

/// Turns the direct current of its arrays into alternating current, up to a limit.
public struct PlantInverter: Sendable, Hashable {
  /// The most it gives; what the sun offers beyond is clipped.
  public var ratedPower: Watts
  /// Nominal efficiency, 0…1.
  public var efficiency: Fraction

  /// An inverter by its rated alternating-current power, above 0.
  public init(ratedPower: Watts, efficiency: Fraction = Fraction(0.96)) {
    self.ratedPower = ratedPower
    self.efficiency = efficiency
  }

  /// The inverter of a home's configuration.
  public init(_ inverter: Inverter) {
    self.init(ratedPower: inverter.ratedPower, efficiency: inverter.efficiency)
  }

  /// Alternating-current power for the direct-current power of its arrays.
  @inline(__always)
  public func alternatingCurrent(directCurrent: Watts) -> Watts {
    Watts(
      PVWatts.alternatingCurrentWatts(
        directCurrentWatts: directCurrent.rawValue,
        directCurrentLimit: ratedPower.rawValue / efficiency.rawValue,
        efficiency: efficiency.rawValue))
  }
}
