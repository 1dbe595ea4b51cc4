// SPDX-License-Identifier: MIT
public import TimeSeries

/// The temperatures at which people are content, both ends included.
public struct ComfortBand: Sendable, Hashable {
  /// The coldest.
  public let lower: Celsius
  /// The warmest, above `lower`.
  public let upper: Celsius

  /// A band.
  ///
  /// - Precondition: `lower < upper`.
  public init(lower: Celsius, upper: Celsius) {
    precondition(lower < upper, "a comfort band has room inside")
    self.lower = lower
    self.upper = upper
  }

  /// How far a temperature is below or above the band; zero inside.
  public func violation(of temperature: Celsius) -> Kelvins {
    max(.zero, max(lower - temperature, temperature - upper))
  }
}

/// The band of a room over the day.
public struct ComfortSchedule: Sendable, Hashable {
  /// One window with a band of its own.
  public struct Period: Sendable, Hashable {
    /// When it holds.
    public let window: DailyWindow
    /// The band then.
    public let band: ComfortBand

    /// A band for a window.
    public init(window: DailyWindow, band: ComfortBand) {
      self.window = window
      self.band = band
    }
  }

  /// The band outside all periods.
  public let usual: ComfortBand
  /// The first open period counts.
  public let periods: [Period]

  /// A band with exceptions by time of day.
  public init(usual: ComfortBand, periods: [Period] = []) {
    self.usual = usual
    self.periods = periods
  }

  /// The band at a time.
  public func band(at time: SiteCalendar.WallTime) -> ComfortBand {
    periods.first { $0.window.contains(time) }?.band ?? usual
  }
}
