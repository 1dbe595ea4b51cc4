// SPDX-License-Identifier: MIT
import Foundation

/// Beam irradiance from a series of global irradiance: DISC, corrected by how restless the sky is and
/// how much water the air holds.
///
/// Meant for measured hourly (or shorter) series; a forecast is too smooth for it.
/// Source: R. Perez, P. Ineichen, E. Maxwell, R. Seals, A. Zelenka, Dynamic global-to-direct irradiance
/// conversion models, ASHRAE Transactions 98 (1992) 354.
public enum Dirint {
  /// One step of the series.
  public struct Step: Sendable, Hashable {
    /// W/m².
    public var globalHorizontal: Double
    /// The true zenith.
    public var zenithDegrees: Double
    /// 1…366.
    public var dayOfYear: Double
    /// The dew point, °C, where it is known.
    public var dewPointCelsius: Double?

    /// One step of the series.
    public init(
      globalHorizontal: Double, zenithDegrees: Double, dayOfYear: Double,
      dewPointCelsius: Double? = nil
    ) {
      self.globalHorizontal = globalHorizontal
      self.zenithDegrees = zenithDegrees
      self.dayOfYear = dayOfYear
      self.dewPointCelsius = dewPointCelsius
    }
  }

  /// The beam (direct normal) irradiance of each step, W/m²; NaN while the sun is below the horizon.
  ///
  /// The first and last step and those beside the night have one neighbour only and use it alone.
  ///
  /// - Parameters:
  ///   - steps: in the order of time, evenly spaced, without gaps.
  ///   - pressurePascals: at the place.
  ///   - usesNeighbours: whether the change against the steps before and after counts.
  public static func beamNormal(
    _ steps: [Step], pressurePascals: Double = AtmosphericPressure.seaLevelPascals,
    usesNeighbours: Bool = true
  ) -> [Double] {
    let discs = steps.map {
      Disc.beam(
        globalHorizontal: $0.globalHorizontal, zenithDegrees: $0.zenithDegrees,
        dayOfYear: $0.dayOfYear, pressurePascals: pressurePascals)
    }
    let ktPrimes = discs.map {
      ClearnessIndex.ktPrime(kt: $0.clearnessIndex, airmass: $0.airmass)
    }
    return steps.indices.map { index in
      let change = usesNeighbours ? change(ktPrimes, at: index) : nil
      if usesNeighbours, change == nil { return .nan }
      guard
        let clearness = bin(ktPrimes[index], clearnessLimits, closesAt: 1),
        let zenith = bin(steps[index].zenithDegrees, zenithLimits, closesAt: .infinity),
        let delta = change.map({ bin($0, changeLimits, closesAt: 1) }) ?? 6
      else { return .nan }
      let water = steps[index].dewPointCelsius.map { waterBin(dewPointCelsius: $0) } ?? 4
      let position = ((clearness * 6 + zenith) * 7 + delta) * 5 + water
      return discs[index].beamNormal * DirintTable.coefficients[position]
    }
  }

  private static let clearnessLimits = [0.24, 0.4, 0.56, 0.7, 0.8]
  private static let zenithLimits = [25.0, 40, 55, 70, 80]
  private static let changeLimits = [0.015, 0.035, 0.07, 0.15, 0.3]

  /// Δkt′: the mean distance to the neighbours that are there; `nil` without any.
  private static func change(_ ktPrimes: [Double], at index: Int) -> Double? {
    let neighbours = [index - 1, index + 1].filter { ktPrimes.indices.contains($0) }
    let distances = neighbours.map { abs(ktPrimes[index] - ktPrimes[$0]) }.filter { !$0.isNaN }
    return distances.isEmpty ? nil : distances.reduce(0, +) / Double(distances.count)
  }

  /// Which of the bins between 0, the limits and the end a value lies in.
  private static func bin(_ value: Double, _ limits: [Double], closesAt end: Double) -> Int? {
    guard value >= 0, value <= end else { return nil }
    return limits.firstIndex { value < $0 } ?? limits.count
  }

  /// The water above a place, W = exp(0.07·Td − 0.075) cm, in bins of 1, 2 and 3 cm.
  private static func waterBin(dewPointCelsius: Double) -> Int {
    min(Int(exp(0.07 * dewPointCelsius - 0.075)), 3)
  }
}
