// SPDX-License-Identifier: MIT
public import TimeSeries

/// One step of a plant beside what the physics expected, with what else the house knows of it.
public struct PVObservation: Sendable, Hashable {
  /// What the plant gave.
  public var power: Watts?
  /// What the calibrated plant would have given in the weather.
  public var expected: Watts?
  /// Global irradiance over that of a clear sky.
  public var clearIndex: Double?
  /// What flowed into the grid, 0 or more.
  public var export: Watts?
  /// What one exported kilowatt-hour earned.
  public var exportPrice: PricePerKilowattHour?
  /// Whether the battery could take nothing more.
  public var isBatteryFull: Bool?
  /// Whether the inverter reported a limit, derating or an export limit.
  public var reportsLimit: Bool?
  /// Air temperature.
  public var temperature: Celsius?
  /// Fresh snow in the step.
  public var snowfall: Millimetres?
  /// Rain in the step.
  public var rain: Millimetres?

  /// A step; what nobody knows stays `nil`.
  public init(
    power: Watts?, expected: Watts?, clearIndex: Double? = nil, export: Watts? = nil,
    exportPrice: PricePerKilowattHour? = nil, isBatteryFull: Bool? = nil,
    reportsLimit: Bool? = nil, temperature: Celsius? = nil, snowfall: Millimetres? = nil,
    rain: Millimetres? = nil
  ) {
    self.power = power
    self.expected = expected
    self.clearIndex = clearIndex
    self.export = export
    self.exportPrice = exportPrice
    self.isBatteryFull = isBatteryFull
    self.reportsLimit = reportsLimit
    self.temperature = temperature
    self.snowfall = snowfall
    self.rain = rain
  }
}
