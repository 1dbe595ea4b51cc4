// SPDX-License-Identifier: MIT
public import TimeSeries

/// One time a heater was on, and how the room cooled after it.
public struct HeatingCycle: Sendable, Hashable, Codable {
  /// How long the heater was on; above 0.
  public let heatingHours: Hours
  /// The room when the heater came on.
  public let start: Celsius
  /// The room when the heater went off.
  public let end: Celsius
  /// How long the cooling after it was watched, `nil` where it was not.
  public let coolingHours: Hours?
  /// How far the room fell in that time, positive for cooling.
  public let coolingDrop: Kelvins?

  /// A cycle as it was observed.
  public init(
    heatingHours: Hours, start: Celsius, end: Celsius, coolingHours: Hours? = nil,
    coolingDrop: Kelvins? = nil
  ) {
    self.heatingHours = heatingHours
    self.start = start
    self.end = end
    self.coolingHours = coolingHours
    self.coolingDrop = coolingDrop
  }

  /// Warming rate while the heater was on.
  public var heatUpRate: KelvinsPerHour {
    KelvinsPerHour((end - start).rawValue / heatingHours.rawValue)
  }

  /// Cooling rate after it, positive for cooling; `nil` where it was not watched.
  public var coolDownRate: KelvinsPerHour? {
    guard let coolingHours, let coolingDrop, coolingHours > .zero else { return nil }
    return KelvinsPerHour(coolingDrop.rawValue / coolingHours.rawValue)
  }
}

/// How a room was heated over weeks: all that remains when no series was kept.
public struct HeatingStatistics: Sendable, Hashable, Codable {
  /// The room's name.
  public let room: String
  /// Heat of its heater when on.
  public let power: Watts
  /// Share of time the heater was on.
  public let duty: Fraction
  /// Mean of room minus outdoor temperature over the same time; above 0 in the heating season.
  public let meanDifference: Kelvins
  /// Typical warming with the heater on; `nil` when it never was.
  public let heatUpRate: KelvinsPerHour?
  /// Typical cooling with the heater off, positive for cooling.
  public let coolDownRate: KelvinsPerHour?
  /// The cycles, any number of them.
  public let cycles: [HeatingCycle]

  /// Statistics of one room.
  public init(
    room: String, power: Watts, duty: Fraction, meanDifference: Kelvins,
    heatUpRate: KelvinsPerHour?, coolDownRate: KelvinsPerHour?, cycles: [HeatingCycle]
  ) {
    self.room = room
    self.power = power
    self.duty = duty
    self.meanDifference = meanDifference
    self.heatUpRate = heatUpRate
    self.coolDownRate = coolDownRate
    self.cycles = cycles
  }
}
