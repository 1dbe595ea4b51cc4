// SPDX-License-Identifier: MIT
import Foundation

/// How warm the cells get: air temperature, sun and wind in, cell temperature out.
///
/// Irradiance on the plane in W/m², air temperature in °C, wind in m/s. Each model says at which height
/// its wind is measured.
public enum CellTemperature: Sendable, Hashable {
  /// Sandia's model, wind at 10 m. Source: D. King, W. Boyson, J. Kratochvil, SAND2004-3535, eqs. 11, 12.
  case sapm(Sandia)
  /// Two coefficients of heat loss, wind at module height. Source: D. Faiman, Progress in
  /// Photovoltaics 16 (2008) 307, doi:10.1002/pip.813.
  case faiman(u0: Double, u1: Double)
  /// Like Faiman with absorption and efficiency. Source: PVsyst help, Array thermal losses; A. Driesse,
  /// 49th IEEE PVSC (2022) 0385.
  case pvsyst(PVsyst)
  /// From the nominal operating cell temperature, wind at 10 m. Source: P. Gilman et al., SAM
  /// photovoltaic model technical reference update, NREL/TP-6A20-67399, 2018.
  case nominalOperating(NominalOperating)
  /// A rise of k kelvin for a W/m², 0.02…0.04. Source: R. Ross, 12th IEEE PVSC (1976) 196.
  case ross(k: Double)

  /// Sandia's coefficients of a mounting (SAND2004-3535, Table 1).
  public struct Sandia: Sendable, Hashable {
    let a: Double
    let b: Double
    let deltaT: Double

    /// - Parameters:
    ///   - a: logarithm of the rise of the module's back for a W/m² without wind.
    ///   - b: how wind cools, s/m, below 0.
    ///   - deltaT: how much warmer the cell is than the back at 1000 W/m², K.
    public init(a: Double, b: Double, deltaT: Double) {
      (self.a, self.b, self.deltaT) = (a, b, deltaT)
    }

    /// Glass on both sides, free on a rack.
    public static let openRackGlassGlass = Sandia(a: -3.47, b: -0.0594, deltaT: 3)
    /// Glass on both sides, close to a roof.
    public static let closeMountGlassGlass = Sandia(a: -2.98, b: -0.0471, deltaT: 1)
    /// A foil at the back, free on a rack.
    public static let openRackGlassPolymer = Sandia(a: -3.56, b: -0.0750, deltaT: 3)
    /// A foil at the back, on insulation.
    public static let insulatedBackGlassPolymer = Sandia(a: -2.81, b: -0.0455, deltaT: 0)

    /// The temperature of the module's back, °C.
    @inline(__always)
    public func moduleCelsius(irradiance: Double, airCelsius: Double, wind: Double) -> Double {
      irradiance * exp(a + b * wind) + airCelsius
    }
  }

  /// PVsyst's coefficients of a mounting.
  public struct PVsyst: Sendable, Hashable {
    let constantLoss: Double
    let windLoss: Double
    let efficiency: Double
    let absorption: Double

    /// - Parameters:
    ///   - constantLoss: W/(m²·K).
    ///   - windLoss: W/(m²·K) for a m/s.
    ///   - efficiency: of the module, 0…1.
    ///   - absorption: share of the light that warms or becomes power, 0…1.
    public init(
      constantLoss: Double, windLoss: Double = 0, efficiency: Double = 0.1,
      absorption: Double = 0.9
    ) {
      (self.constantLoss, self.windLoss) = (constantLoss, windLoss)
      (self.efficiency, self.absorption) = (efficiency, absorption)
    }

    /// Air on both sides.
    public static let freestanding = PVsyst(constantLoss: 29)
    /// Built into an insulated roof.
    public static let insulated = PVsyst(constantLoss: 15)
    /// With a gap to the roof.
    public static let semiIntegrated = PVsyst(constantLoss: 20)
  }

  /// The nominal operating cell temperature of a data sheet, with SAM's corrections.
  public struct NominalOperating: Sendable, Hashable {
    let nominalCelsius: Double
    let efficiency: Double
    let windFactor: Double
    let transmittanceAbsorptance: Double

    /// - Parameters:
    ///   - nominalCelsius: at 800 W/m², 20 °C and 1 m/s, about 45 °C.
    ///   - efficiency: of the module, 0…1.
    ///   - storeys: height of the array, 1 or 2, which says how much of the wind at 10 m reaches it.
    ///   - standoffInches: gap behind the modules in the inches of the source; 4 or more is free.
    ///   - transmittanceAbsorptance: 0…1.
    public init(
      nominalCelsius: Double, efficiency: Double, storeys: Int = 1, standoffInches: Double = 4,
      transmittanceAbsorptance: Double = 0.9
    ) {
      self.nominalCelsius = nominalCelsius + Self.rise(standoffInches: standoffInches)
      self.efficiency = efficiency
      self.transmittanceAbsorptance = transmittanceAbsorptance
      windFactor = storeys > 1 ? 0.61 : 0.51
    }

    /// How much warmer modules run that stand close to a roof, K.
    private static func rise(standoffInches inches: Double) -> Double {
      switch inches {
      case ...0: 0
      case ..<0.5: 18
      case ..<1.5: 11
      case ..<2.5: 6
      case ...3.5: 2
      default: 0
      }
    }
  }

  /// The ratio of the wind at a roof's modules, 2 m above the ground, to that at 10 m.
  ///
  /// Source: SAM (NREL/TP-6A20-67399), array height of one storey.
  public static let windAtModulesShare = 0.51

  /// Faiman's mean of seven modules in the Negev.
  public static let faimanDefault = CellTemperature.faiman(u0: 25, u1: 6.84)

  /// The temperature of the cells, °C.
  @inline(__always)
  public func cellCelsius(irradiance: Double, airCelsius: Double, wind: Double) -> Double {
    switch self {
    case .sapm(let sandia):
      return sandia.moduleCelsius(irradiance: irradiance, airCelsius: airCelsius, wind: wind)
        + irradiance / 1_000 * sandia.deltaT
    case .faiman(let u0, let u1):
      return airCelsius + irradiance / (u0 + u1 * wind)
    case .pvsyst(let mount):
      let heat = irradiance * mount.absorption * (1 - mount.efficiency)
      return airCelsius + heat / (mount.constantLoss + mount.windLoss * wind)
    case .nominalOperating(let sheet):
      let rise = irradiance / 800 * (sheet.nominalCelsius - 20)
      let kept = 1 - sheet.efficiency / sheet.transmittanceAbsorptance
      return airCelsius + rise * kept * 9.5 / (5.7 + 3.8 * sheet.windFactor * wind)
    case .ross(let k):
      return airCelsius + k * irradiance
    }
  }
}

extension CellTemperature {
  /// What turns wind at 10 m into the wind this model was fitted with.
  var windShare: Double {
    switch self {
    case .faiman, .pvsyst: Self.windAtModulesShare
    case .sapm, .nominalOperating, .ross: 1
    }
  }
}
