// SPDX-License-Identifier: MIT
import Foundation

/// Brings irradiance from the level onto a tilted plane.
///
/// W/m² in and out. The zenith of all models is the apparent one, as in the reference chain.
public enum Transposition {
  /// The models of the sky's diffuse light.
  public enum Model: String, Sendable, Hashable, CaseIterable {
    /// The same from everywhere. H. Hottel, B. Woertz, Transactions ASME 64 (1942) 91.
    case isotropic
    /// Isotropic and circumsolar. J. Hay, J. Davies, First Canadian Solar Radiation Data Workshop
    /// (1980) 59.
    case hayDavies
    /// Isotropic, circumsolar and horizon, by bins. R. Perez et al., Solar Energy 44 (1990) 271,
    /// doi:10.1016/0038-092X(90)90055-H.
    case perez
    /// Perez without bins. A. Driesse, J. Jensen, R. Perez, Solar Energy 267 (2024) 112093,
    /// doi:10.1016/j.solener.2023.112093.
    case perezDriesse
    /// Hay–Davies with a brighter horizon. D. Reindl, W. Beckman, J. Duffie, Solar Energy 45 (1990) 9,
    /// doi:10.1016/0038-092X(90)90061-G.
    case reindl
    /// Isotropic, brightened under clear skies. T. Klucher, Solar Energy 23 (1979) 111,
    /// doi:10.1016/0038-092X(79)90110-5.
    case klucher
  }

  /// The light of one instant.
  public struct Sky: Sendable, Hashable {
    /// Global horizontal irradiance, W/m².
    public var globalHorizontal: Double
    /// Beam (direct normal) irradiance, W/m².
    public var beamNormal: Double
    /// Diffuse horizontal irradiance, W/m².
    public var diffuseHorizontal: Double
    /// Outside the atmosphere, facing the sun, W/m².
    public var extraterrestrial: Double
    /// Relative airmass; NaN at night. Only the Perez models look at it.
    public var airmass: Double
    /// Where the sun is seen.
    public var sun: SkyDirection
    /// The apparent zenith, 0…180°. Only the Perez models look at it.
    public var zenithDegrees: Double

    /// The light of one instant.
    public init(
      globalHorizontal: Double, beamNormal: Double, diffuseHorizontal: Double,
      extraterrestrial: Double, airmass: Double, sun: SkyDirection, zenithDegrees: Double
    ) {
      self.globalHorizontal = globalHorizontal
      self.beamNormal = beamNormal
      self.diffuseHorizontal = diffuseHorizontal
      self.extraterrestrial = extraterrestrial
      self.airmass = airmass
      self.sun = sun
      self.zenithDegrees = zenithDegrees
    }
  }

  /// Diffuse light of the sky by where it comes from, W/m². The total is never negative; single parts
  /// of the Perez models can be.
  public struct Diffuse: Sendable, Hashable {
    /// Everything.
    public var total: Double
    /// The even part.
    public var isotropic: Double
    /// The part from around the sun.
    public var circumsolar: Double
    /// The part from the horizon.
    public var horizon: Double

    static let undefined = Diffuse(
      total: .nan, isotropic: .nan, circumsolar: .nan, horizon: .nan)
    static let none = Diffuse(total: 0, isotropic: 0, circumsolar: 0, horizon: 0)
  }

  /// The sun under 1° counts as 1° where its light on the level is extrapolated to a plane.
  static let smallestCosZenith = 0.01745

  /// The beam on a plane, 0 or more.
  @inline(__always)
  public static func beam(_ plane: Plane, _ sky: Sky) -> Double {
    max(sky.beamNormal * plane.cosIncidence(sky.sun), 0)
  }

  /// What the ground throws onto a plane.
  ///
  /// - Parameter albedo: reflected share, 0…1: grass 0.2, fresh snow 0.75.
  @inline(__always)
  public static func ground(_ plane: Plane, globalHorizontal: Double, albedo: Double) -> Double {
    globalHorizontal * albedo * (1 - plane.cosTilt) * 0.5
  }

  /// The sky's diffuse light on a plane by one of the models.
  @inline(__always)
  public static func diffuse(_ model: Model, _ plane: Plane, _ sky: Sky) -> Diffuse {
    switch model {
    case .isotropic: isotropic(plane, diffuseHorizontal: sky.diffuseHorizontal)
    case .hayDavies: hayDavies(plane, sky)
    case .perez: Perez.diffuse(plane, sky)
    case .perezDriesse: PerezDriesse.diffuse(plane, sky)
    case .reindl: reindl(plane, sky)
    case .klucher: klucher(plane, sky)
    }
  }

  /// The same light from the whole dome.
  @inline(__always)
  public static func isotropic(_ plane: Plane, diffuseHorizontal: Double) -> Diffuse {
    let total = diffuseHorizontal * plane.skyView
    return Diffuse(total: total, isotropic: total, circumsolar: 0, horizon: 0)
  }

  /// The share of the beam that comes through is the share of the diffuse light around the sun.
  @inline(__always)
  public static func hayDavies(_ plane: Plane, _ sky: Sky) -> Diffuse {
    let anisotropy = sky.beamNormal / sky.extraterrestrial
    let isotropic = max(sky.diffuseHorizontal * (1 - anisotropy) * plane.skyView, 0)
    let circumsolar = max(sky.diffuseHorizontal * anisotropy * projectionRatio(plane, sky), 0)
    return Diffuse(
      total: isotropic + circumsolar, isotropic: isotropic, circumsolar: circumsolar, horizon: 0)
  }

  /// Hay–Davies and a horizon that brightens with the share of the beam on the level.
  @inline(__always)
  public static func reindl(_ plane: Plane, _ sky: Sky) -> Diffuse {
    let anisotropy = sky.beamNormal / sky.extraterrestrial
    let beamHorizontal = max(sky.beamNormal * sky.sun.up, 0)
    let share = sky.globalHorizontal == 0 ? 0 : beamHorizontal / sky.globalHorizontal
    let isotropic = sky.diffuseHorizontal * (1 - anisotropy) * plane.skyView
    let circumsolar = sky.diffuseHorizontal * anisotropy * projectionRatio(plane, sky)
    let horizon = isotropic * share.squareRoot() * plane.horizonFactor
    return Diffuse(
      total: isotropic + circumsolar + horizon, isotropic: isotropic, circumsolar: circumsolar,
      horizon: horizon)
  }

  /// Isotropic with brightening around the sun and at the horizon under clear skies.
  @inline(__always)
  public static func klucher(_ plane: Plane, _ sky: Sky) -> Diffuse {
    let cosIncidence = max(plane.cosIncidence(sky.sun), 0)
    let ratio = sky.diffuseHorizontal / sky.globalHorizontal
    let clarity = ratio.isNaN ? 0 : 1 - ratio * ratio
    let sinZenithSquared = max(1 - sky.sun.up * sky.sun.up, 0)
    let sinZenithCubed = sinZenithSquared * sinZenithSquared.squareRoot()
    let isotropic = sky.diffuseHorizontal * plane.skyView
    let total =
      isotropic * (1 + clarity * plane.horizonFactor)
      * (1 + clarity * cosIncidence * cosIncidence * sinZenithCubed)
    return Diffuse(
      total: total, isotropic: isotropic, circumsolar: total - isotropic, horizon: 0)
  }

  /// The beam on the plane for one on the level.
  @inline(__always)
  private static func projectionRatio(_ plane: Plane, _ sky: Sky) -> Double {
    max(plane.cosIncidence(sky.sun), 0) / max(sky.sun.up, smallestCosZenith)
  }
}
