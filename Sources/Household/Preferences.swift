// SPDX-License-Identifier: MIT
public import TimeSeries

/// What the people of the home want beside a small bill, each wish in money.
public struct Preferences: Sendable, Hashable {
  /// One kelvin below the band for one hour.
  public let coldCostPerKelvinHour: Money
  /// One kelvin above the band for one hour.
  public let warmCostPerKelvinHour: Money
  /// Taken off the value of every exported kilowatt-hour: the wish to use one's own sun.
  public let exportPenalty: PricePerKilowattHour
  /// The energy every home uses in a year without heating and cars, for the first days when there
  /// is no history.
  public let yearlyBaseLoad: KilowattHours
  /// How plans are made.
  public let planning: PlanningSettings

  /// The wishes of the home.
  public init(
    coldCostPerKelvinHour: Money, warmCostPerKelvinHour: Money,
    exportPenalty: PricePerKilowattHour, yearlyBaseLoad: KilowattHours,
    planning: PlanningSettings = PlanningSettings()
  ) {
    self.coldCostPerKelvinHour = coldCostPerKelvinHour
    self.warmCostPerKelvinHour = warmCostPerKelvinHour
    self.exportPenalty = exportPenalty
    self.yearlyBaseLoad = yearlyBaseLoad
    self.planning = planning
  }
}

/// Limits that protect people and hardware; they hold whatever a plan says.
public struct SafetySettings: Sendable, Hashable {
  /// No heater runs in a room warmer than this.
  public let maximumRoomTemperature: Celsius
  /// Every heater runs in a room colder than this.
  public let minimumRoomTemperature: Celsius
  /// The share of the main fuse that may be used.
  public let fuseMargin: Fraction
  /// A reading older than this is no reading.
  public let maximumReadingAge: Duration
  /// The most that all heaters together may draw; `nil` for no limit but the fuse.
  public let maximumHeating: Watts?

  /// Safety limits.
  public init(
    maximumRoomTemperature: Celsius, minimumRoomTemperature: Celsius, fuseMargin: Fraction,
    maximumReadingAge: Duration, maximumHeating: Watts? = nil
  ) {
    self.maximumRoomTemperature = maximumRoomTemperature
    self.minimumRoomTemperature = minimumRoomTemperature
    self.fuseMargin = fuseMargin
    self.maximumReadingAge = maximumReadingAge
    self.maximumHeating = maximumHeating
  }
}
