// SPDX-License-Identifier: MIT
import Foundation

/// How much of an array lies under snow, from step to step.
///
/// Fresh snow covers all of it; then the cover slides down while sun and warmth allow.
/// Source: B. Marion, R. Schaefer, H. Caine, G. Sanchez, Measured and modeled photovoltaic system
/// energy losses from snow for Colorado and Wisconsin locations, Solar Energy 97 (2013) 112,
/// doi:10.1016/j.solener.2013.07.029; thresholds from D. Ryberg, J. Freeman, NREL/TP-6A20-68705, 2017.
public struct SnowCoverage: Sendable, Hashable {
  /// The covered share, 1 all of it … 0 nothing.
  public private(set) var share: Double
  /// sin(tilt) · how far snow slides in an hour, as a share.
  private let slidePerHour: Double

  /// Snow that falls faster than this covers the array, cm/h.
  public static let coveringCentimetresPerHour = 1.0
  /// Snow slides where air temperature > irradiance / this, °C over W/m².
  public static let slideThreshold = -80.0
  /// How far snow slides in an hour on an upright plane, as a share of the array.
  public static let slideCoefficient = 0.197

  /// An array under a given cover.
  public init(tiltDegrees: Double, share: Double = 0) {
    self.share = share
    slidePerHour = Self.slideCoefficient * sin(tiltDegrees.inRadians)
  }

  /// Whether snowfall of so many centimetres in so many hours covers an array.
  public static func covers(centimetres: Double, hours: Double) -> Bool {
    centimetres / hours > coveringCentimetresPerHour
  }

  /// The weather of one step.
  public struct Step: Sendable, Hashable {
    /// Fresh snow that fell in the step, cm.
    public let snowfallCentimetres: Double
    /// On the array's plane, without the snow, W/m².
    public let planeOfArrayIrradiance: Double
    /// Air temperature, °C.
    public let airCelsius: Double
    /// How long the step lasts.
    public let hours: Double

    /// The weather of one step.
    public init(
      snowfallCentimetres: Double, planeOfArrayIrradiance: Double, airCelsius: Double,
      hours: Double
    ) {
      self.snowfallCentimetres = snowfallCentimetres
      self.planeOfArrayIrradiance = planeOfArrayIrradiance
      self.airCelsius = airCelsius
      self.hours = hours
    }
  }

  /// Goes on by one step and gives the cover at its end. Missing (NaN) snowfall counts as none, missing
  /// irradiance or temperature as no sliding.
  @discardableResult
  public mutating func advance(_ step: Step) -> Double {
    if Self.covers(centimetres: step.snowfallCentimetres, hours: step.hours) {
      share = 1
    } else if step.airCelsius > step.planeOfArrayIrradiance / Self.slideThreshold {
      share = max(0, share - slidePerHour * step.hours)
    }
    return share
  }

  /// The share of direct-current power lost when the modules, in so many strings one above the other,
  /// are covered from the lower edge: a string gives nothing once it is touched.
  public static func directCurrentLoss(share: Double, strings: Int) -> Double {
    (share * Double(strings)).rounded(.up) / Double(strings)
  }
}
