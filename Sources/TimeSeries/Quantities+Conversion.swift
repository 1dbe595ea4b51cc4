// SPDX-License-Identifier: MIT

extension Duration {
  /// The length in hours.
  @inlinable public var hours: Double { seconds / 3_600 }

  /// The length in seconds.
  @inlinable public var seconds: Double {
    let (whole, attoseconds) = components
    return Double(whole) + Double(attoseconds) * 1e-18
  }

  /// A length given in minutes.
  @inlinable public static func minutes(_ count: Int) -> Duration { .seconds(count * 60) }

  /// A length given in hours.
  @inlinable public static func hours(_ count: Int) -> Duration { .seconds(count * 3_600) }
}

extension Watts {
  /// A power given in kilowatts.
  @inlinable public static func kilowatts(_ value: Double) -> Watts { Watts(value * 1_000) }

  /// The power in kilowatts.
  @inlinable public var kilowatts: Double { rawValue / 1_000 }

  /// The energy of a power held for a time. The only way power becomes energy.
  @inlinable public static func * (power: Watts, duration: Duration) -> KilowattHours {
    KilowattHours(power.kilowatts * duration.hours)
  }
}

extension KilowattHours {
  /// The mean power that gives this energy over a time longer than zero.
  @inlinable public static func / (energy: KilowattHours, duration: Duration) -> Watts {
    Watts.kilowatts(energy.rawValue / duration.hours)
  }

  /// What an amount of energy costs at a price.
  @inlinable public static func * (energy: KilowattHours, price: PricePerKilowattHour) -> Money {
    Money(energy.rawValue * price.rawValue)
  }
}

extension Celsius {
  /// How much warmer one temperature is than another.
  @inlinable public static func - (left: Celsius, right: Celsius) -> Kelvins {
    Kelvins(left.rawValue - right.rawValue)
  }

  /// A temperature raised by a difference.
  @inlinable public static func + (temperature: Celsius, difference: Kelvins) -> Celsius {
    Celsius(temperature.rawValue + difference.rawValue)
  }

  /// A temperature lowered by a difference.
  @inlinable public static func - (temperature: Celsius, difference: Kelvins) -> Celsius {
    Celsius(temperature.rawValue - difference.rawValue)
  }
}

extension Fraction {
  /// A fraction given in per cent, as people and devices write it.
  @inlinable public static func percent(_ value: Double) -> Fraction { Fraction(value / 100) }

  /// The fraction in per cent, for outside surfaces.
  @inlinable public var percent: Double { rawValue * 100 }
}

extension Degrees {
  /// The angle in radians.
  @inlinable public var radians: Double { rawValue * .pi / 180 }

  /// An angle given in radians.
  @inlinable public static func radians(_ value: Double) -> Degrees { Degrees(value * 180 / .pi) }
}
