// SPDX-License-Identifier: MIT
public import Foundation
public import TimeSeries

/// A place on Earth.
public struct Location: Sendable, Hashable {
  /// North is positive, −90…90.
  public let latitude: Degrees
  /// East is positive, −180…180.
  public let longitude: Degrees
  /// Above sea level.
  public let altitude: Metres

  /// A place by its coordinates.
  public init(latitude: Degrees, longitude: Degrees, altitude: Metres) {
    self.latitude = latitude
    self.longitude = longitude
    self.altitude = altitude
  }
}

/// Where the home is and by which clock and money its people live.
public struct Site: Sendable, Hashable {
  /// What the owner calls it.
  public let name: String
  /// Where it is.
  public let location: Location
  /// The wall clock.
  public let timeZone: TimeZone
  /// The public holidays.
  public let holidays: HolidayCalendar
  /// ISO 4217, for example `CZK`: the money of every price and cost.
  public let currency: String
  /// The civil time of the site.
  public let calendar: SiteCalendar

  /// A site.
  public init(
    name: String, location: Location, timeZone: TimeZone, holidays: HolidayCalendar,
    currency: String
  ) {
    self.name = name
    self.location = location
    self.timeZone = timeZone
    self.holidays = holidays
    self.currency = currency
    calendar = SiteCalendar(timeZone: timeZone, holidays: holidays)
  }
}
