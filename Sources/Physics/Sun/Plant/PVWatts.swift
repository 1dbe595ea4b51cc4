// SPDX-License-Identifier: MIT

/// The power models of NREL's PVWatts version 5.
///
/// Source: A. Dobos, PVWatts version 5 manual, NREL/TP-6A20-62641, 2014, doi:10.2172/1158421.
public enum PVWatts {
  /// Direct-current power, W (eq. 8): proportional to the light, falling with the cell's warmth.
  ///
  /// - Parameters:
  ///   - effectiveIrradiance: light behind the glass, W/m², 0 or more.
  ///   - cellCelsius: temperature of the cells.
  ///   - peakWatts: power at 1000 W/m² and 25 °C.
  ///   - temperatureCoefficientPerKelvin: about −0.004.
  @inline(__always)
  public static func directCurrentWatts(
    effectiveIrradiance: Double, cellCelsius: Double, peakWatts: Double,
    temperatureCoefficientPerKelvin: Double
  ) -> Double {
    effectiveIrradiance * 0.001 * peakWatts
      * (1 + temperatureCoefficientPerKelvin * (cellCelsius - 25))
  }

  /// Direct-current power with less efficiency in weak light, W, 0 or more.
  ///
  /// Source: B. Marion, Numerical method for angle-of-incidence correction …, and PVWatts 5 in SAM; the
  /// share k of the peak power is lost at 200 W/m², 0 at 0 and at 1000 W/m².
  public static func weakLightDirectCurrentWatts(
    _ watts: Double, effectiveIrradiance: Double, peakWatts: Double, k: Double
  ) -> Double {
    guard effectiveIrradiance < 1_000 else { return max(watts, 0) }
    let below = 1 - effectiveIrradiance / 200
    let error =
      effectiveIrradiance <= 200
      ? k * (1 - below * below * below * below) : k * (1_000 - effectiveIrradiance) / 800
    return max(watts - peakWatts * error, 0)
  }

  /// Shares of power that a plant loses outside the other models, each 0…1.
  public struct Losses: Sendable, Hashable {
    /// Each loss by itself; they multiply.
    public var shares: [Double]

    /// Losses that each take their share of what the others left.
    public init(_ shares: [Double]) { self.shares = shares }

    /// Soiling 2, shading 3, mismatch 2, wiring 2, connections 0.5, light-induced 1.5, nameplate 1 and
    /// availability 3 %: 14.08 % together (Table 3 of the manual).
    public static let typical = Losses([0.02, 0.03, 0, 0.02, 0.02, 0.005, 0.015, 0.01, 0, 0.03])

    /// All together.
    public var total: Double { 1 - shares.reduce(1) { $0 * (1 - $1) } }
  }

  /// Alternating-current power of an inverter, W, 0…`efficiency` · `directCurrentLimit` (eqs. 9–12).
  ///
  /// - Parameters:
  ///   - directCurrentWatts: what its arrays give together; NaN counts as nothing.
  ///   - directCurrentLimit: the direct-current power at which it gives its rated power, W, above 0.
  ///   - efficiency: nominal, about 0.96.
  ///   - referenceEfficiency: of the curve's inverter.
  @inline(__always)
  public static func alternatingCurrentWatts(
    directCurrentWatts: Double, directCurrentLimit: Double, efficiency: Double,
    referenceEfficiency: Double = 0.9637
  ) -> Double {
    guard directCurrentWatts > 0 else { return 0 }
    let load = directCurrentWatts / directCurrentLimit
    let actual = efficiency / referenceEfficiency * (-0.0162 * load - 0.0059 / load + 0.9858)
    return max(0, min(efficiency * directCurrentLimit, actual * directCurrentWatts))
  }
}
