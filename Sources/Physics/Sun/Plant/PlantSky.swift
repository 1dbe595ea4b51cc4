// SPDX-License-Identifier: MIT
import Foundation
import TimeSeries

/// The weather of a plant as complete columns of numbers: checked, with beam and diffuse separated.
///
/// NaN stands for missing inside; it enters only here and becomes `nil` again in the result.
struct PlantSky {
  private(set) var globalHorizontal: [Double] = []
  private(set) var beamNormal: [Double] = []
  private(set) var diffuseHorizontal: [Double] = []
  let airCelsius: [Double]
  let wind: [Double]
  let snowfallCentimetres: [Double]?
  private(set) var diagnostics: [Diagnostic] = []

  init(weather: PlantWeather, sun: SunTrack, models: PlantModels) {
    let count = sun.count
    airCelsius = weather.temperature.values.map { $0?.rawValue ?? .nan }
    let airless = airCelsius.reduce(into: 0) { if $1.isNaN { $0 += 1 } }
    let calm = models.windWithoutMeasurement.rawValue
    let winds = weather.windSpeed?.values ?? Array(repeating: nil, count: count)
    wind = winds.map { $0.map { max($0.rawValue, 0) } ?? calm }
    let windless = winds.count { $0 == nil }
    // a series without any snow costs nothing
    let snow = weather.snowfall?.values.map { ($0?.rawValue ?? 0) / 10 }
    snowfallCentimetres = snow.flatMap { $0.contains { $0 > 0 } ? $0 : nil }
    reserve(count)
    let night = Self.nightCosine(stepSeconds: weather.grid.stepSeconds)
    var (missing, refused) = (0, 0)
    for index in 0..<count {
      guard sun.cosZenith[index] >= night else {
        append(global: 0, beam: 0, diffuse: 0)
        continue
      }
      let measured = weather.globalHorizontal.values[index]?.rawValue
      let global = measured.flatMap {
        IrradianceLimits.isPlausible(
          globalHorizontal: $0, cosZenith: sun.cosZenith[index],
          extraterrestrial: sun.extraterrestrial[index]) ? $0 : nil
      }
      guard let global else {
        refused += measured == nil ? 0 : 1
        missing += 1
        append(global: .nan, beam: .nan, diffuse: .nan)
        continue
      }
      separate(
        global: max(global, 0), beam: weather.beamNormal?.values[index]?.rawValue,
        diffuse: weather.diffuseHorizontal?.values[index]?.rawValue,
        cosZenith: sun.cosZenith[index], extraterrestrial: sun.extraterrestrial[index],
        model: models.decomposition)
    }
    note(missing: missing, refused: refused, airless: airless, windless: windless)
  }

  private mutating func reserve(_ count: Int) {
    globalHorizontal.reserveCapacity(count)
    beamNormal.reserveCapacity(count)
    diffuseHorizontal.reserveCapacity(count)
  }

  /// Whether a step has no light at all.
  @inline(__always)
  func isDark(_ index: Int) -> Bool {
    globalHorizontal[index] == 0 && diffuseHorizontal[index] == 0 && beamNormal[index] == 0
  }

  /// The light of one step.
  @inline(__always)
  func light(_ index: Int, sun: SunTrack) -> Transposition.Sky {
    Transposition.Sky(
      globalHorizontal: globalHorizontal[index], beamNormal: beamNormal[index],
      diffuseHorizontal: diffuseHorizontal[index], extraterrestrial: sun.extraterrestrial[index],
      airmass: sun.airmass[index], sun: sun.direction[index],
      zenithDegrees: sun.apparentZenithDegrees[index])
  }

  /// Below this the whole step is night: the sun cannot come up before its end.
  private static func nightCosine(stepSeconds: Int) -> Double {
    let turn = Double(stepSeconds) / 2 * 360 / 86_400
    return -sin(min(turn + 0.8333, 90).inRadians)
  }

  /// Beam and diffuse as given, the missing one from the others, both by the decomposition.
  private mutating func separate(
    global: Double, beam: Double?, diffuse: Double?, cosZenith: Double, extraterrestrial: Double,
    model: Decomposition.Model
  ) {
    let isLow = cosZenith < Decomposition.smallestCosZenith
    switch (beam, diffuse) {
    case (let beam?, let diffuse?):
      append(global: global, beam: max(beam, 0), diffuse: max(diffuse, 0))
    case (let beam?, nil):
      append(
        global: global, beam: max(beam, 0),
        diffuse: max(global - max(beam, 0) * max(cosZenith, 0), 0))
    case (nil, let diffuse?):
      let beam = isLow ? 0 : max(global - diffuse, 0) / cosZenith
      append(global: global, beam: min(beam, extraterrestrial), diffuse: max(diffuse, 0))
    case (nil, nil):
      let parts = Decomposition.parts(
        model, globalHorizontal: global, cosZenith: cosZenith, extraterrestrial: extraterrestrial)
      append(global: global, beam: parts.beamNormal, diffuse: parts.diffuseHorizontal)
    }
  }

  @inline(__always)
  private mutating func append(global: Double, beam: Double, diffuse: Double) {
    globalHorizontal.append(global)
    beamNormal.append(beam)
    diffuseHorizontal.append(diffuse)
  }

  private mutating func note(missing: Int, refused: Int, airless: Int, windless: Int) {
    if refused > 0 {
      diagnostics.append(
        Diagnostic(
          .warning, subject: "global irradiance",
          message: "\(refused) steps are outside what the sun can give and count as missing; "
            + "check the unit and the time stamps of the source"))
    }
    if missing > refused {
      diagnostics.append(
        Diagnostic(
          .warning, subject: "global irradiance",
          message: "\(missing - refused) steps of daylight are missing and so is their power"))
    }
    if airless > 0 {
      diagnostics.append(
        Diagnostic(
          .warning, subject: "air temperature",
          message: "\(airless) steps are missing and so is their power "
            + "by day"))
    }
    if windless > 0 {
      diagnostics.append(
        Diagnostic(
          .note, subject: "wind",
          message: "\(windless) steps without wind are computed as almost calm"))
    }
  }
}

/// What a pyranometer can show under any sky.
public enum IrradianceLimits {
  /// A pyranometer that looks into the cold sky at night shows a little less than nothing, W/m².
  public static let smallestGlobalHorizontal = -4.0

  /// Whether a global irradiance is physically possible.
  ///
  /// More than 1.5 times the light outside the atmosphere is refused; clouds that reflect the sun reach
  /// some 1.3 times for a minute. Source: C. Long, E. Dutton, BSRN global network recommended QC tests,
  /// V2.0, 2002, physically possible limits.
  ///
  /// - Parameters:
  ///   - globalHorizontal: W/m².
  ///   - cosZenith: cosine of the true zenith.
  ///   - extraterrestrial: W/m² facing the sun.
  public static func isPlausible(
    globalHorizontal: Double, cosZenith: Double, extraterrestrial: Double
  ) -> Bool {
    guard globalHorizontal.isFinite, globalHorizontal >= smallestGlobalHorizontal else {
      return false
    }
    // a lower limit first, which spares nearly all steps the power
    let cosine = max(cosZenith, 0)
    if globalHorizontal <= extraterrestrial * 1.5 * cosine * cosine + 100 { return true }
    return globalHorizontal <= extraterrestrial * 1.5 * pow(cosine, 1.2) + 100
  }
}
