// SPDX-License-Identifier: MIT
public import TimeSeries

/// What a plant gives over a grid, with the steps that lead there.
public struct PlantPower: Sendable, Hashable {
  /// One array's part.
  public struct Array: Sendable, Hashable {
    /// The array's name.
    public let name: String
    /// The light on its plane, with shading and without snow.
    public let planeOfArrayIrradiance: Series<WattsPerSquareMetre>
    /// How warm its cells are.
    public let cellTemperature: Series<Celsius>
    /// Its direct current after losses and snow.
    public let directCurrent: Series<Watts>
    /// Its share of the inverter's alternating current.
    public let alternatingCurrent: Series<Watts>
  }

  /// The plant's alternating current: production is positive; missing where an input it needs is.
  public let total: Series<Watts>
  /// The alternating current of each inverter.
  public let inverters: [Series<Watts>]
  /// Each array's part, in the plant's order.
  public let arrays: [Array]
  /// How many steps an inverter's limit clipped.
  public let clippedSteps: Int
  /// What was missing or refused in the weather.
  public let diagnostics: [Diagnostic]

  /// The steps.
  public var grid: TimeGrid { total.grid }
}
