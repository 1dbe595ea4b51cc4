// SPDX-License-Identifier: MIT
public import TimeSeries

/// Which formulas the chain of a plant uses, and the constants that weather seldom brings.
public struct PlantModels: Sendable, Hashable {
  /// Splits global irradiance where beam or diffuse is not given.
  public var decomposition: Decomposition.Model
  /// Brings the sky's diffuse light onto the arrays.
  public var transposition: Transposition.Model
  /// What the ground reflects, 0…1: grass 0.2, fresh snow 0.75.
  public var albedo: Fraction
  /// The wind where none is given: calm, so that the cells are rather too warm than too cold.
  public var windWithoutMeasurement: MetresPerSecond
  /// Whether undefined diffuse light of the Perez model stays undefined, as in the reference vectors.
  /// A plant that has to give a number takes the isotropic light there.
  public var keepsUndefinedDiffuse: Bool

  /// Formulas and constants; the defaults are those of the forecasts.
  public init(
    decomposition: Decomposition.Model = .erbs, transposition: Transposition.Model = .hayDavies,
    albedo: Fraction = Fraction(0.2),
    windWithoutMeasurement: MetresPerSecond = MetresPerSecond(1),
    keepsUndefinedDiffuse: Bool = false
  ) {
    self.decomposition = decomposition
    self.transposition = transposition
    self.albedo = albedo
    self.windWithoutMeasurement = windWithoutMeasurement
    self.keepsUndefinedDiffuse = keepsUndefinedDiffuse
  }
}
