// SPDX-License-Identifier: MIT
import TimeSeries

/// What happens on one array in one step, from the light to the direct current.
public struct ArrayStep: Sendable, Hashable {
  /// The cosine of the angle of incidence, −1…1.
  public let cosIncidence: Double
  /// The beam on the plane, W/m².
  public let beam: Double
  /// The sky's diffuse light on the plane, W/m².
  public let skyDiffuse: Double
  /// The ground's light on the plane, W/m².
  public let groundDiffuse: Double
  /// The share of the beam that the glass lets through, 0…1.
  public let modifier: Double
  /// The temperature of the cells, °C.
  public let cellCelsius: Double
  /// Direct-current power after losses, W.
  public let directCurrentWatts: Double

  /// All light on the plane, W/m².
  public var planeOfArrayIrradiance: Double { beam + (skyDiffuse + groundDiffuse) }

  /// The light behind the glass, W/m². Diffuse light is not diminished: `losses` hold that.
  public var effectiveIrradiance: Double { beam * modifier + (skyDiffuse + groundDiffuse) }

  /// The chain for one array: transposition, glass, cell temperature, direct current, losses.
  ///
  /// - Parameters:
  ///   - array: how the modules lie and what they are.
  ///   - models: which formulas.
  ///   - sky: the light of the step.
  ///   - airCelsius: air temperature.
  ///   - wind: m/s, at the height that the array's temperature model asks for.
  @inline(__always)
  public init(
    _ array: PlantArray, _ models: PlantModels, _ sky: Transposition.Sky, airCelsius: Double,
    wind: Double
  ) {
    let plane = array.plane
    cosIncidence = plane.cosIncidence(sky.sun)
    var beam = max(sky.beamNormal * cosIncidence, 0)
    var diffuse = Transposition.diffuse(models.transposition, plane, sky)
    if !models.keepsUndefinedDiffuse, diffuse.total.isNaN || sky.airmass.isNaN {
      diffuse = Transposition.isotropic(plane, diffuseHorizontal: sky.diffuseHorizontal)
    }
    var skyDiffuse = diffuse.total
    if let shading = array.shading {
      let share = shading.beamShare(sky.sun)
      beam *= share
      skyDiffuse -= (1 - share) * diffuse.circumsolar
    }
    self.beam = beam
    self.skyDiffuse = skyDiffuse
    groundDiffuse = Transposition.ground(
      plane, globalHorizontal: sky.globalHorizontal, albedo: models.albedo.rawValue)
    modifier = array.glass.value(cosIncidence: cosIncidence)
    let total = beam + (skyDiffuse + groundDiffuse)
    cellCelsius = array.cellTemperature.cellCelsius(
      irradiance: total, airCelsius: airCelsius, wind: wind)
    let direct = PVWatts.directCurrentWatts(
      effectiveIrradiance: beam * modifier + (skyDiffuse + groundDiffuse),
      cellCelsius: cellCelsius, peakWatts: array.peakPower.rawValue,
      temperatureCoefficientPerKelvin: array.temperatureCoefficientPerKelvin)
    directCurrentWatts = direct * (1 - array.losses.rawValue)
  }
}
