// SPDX-License-Identifier: MIT
public import Foundation
public import TimeSeries

/// When which prices are asked for: today's at once, tomorrow's from the hour they come out.
public struct PriceRefresh: Sendable, Hashable {
  /// Minutes after local midnight from which tomorrow's prices may be out.
  public let publicationMinute: Int
  /// How long to wait before asking again for what was not there.
  public let retrySeconds: Double
  private let calendar: SiteCalendar

  /// A plan by the clock of the market. 13:05 is when OTE publishes and asks to be read once.
  public init(
    calendar: SiteCalendar, publicationMinute: Int = 13 * 60 + 5, retrySeconds: Double = 600
  ) {
    self.calendar = calendar
    self.publicationMinute = publicationMinute
    self.retrySeconds = retrySeconds
  }

  /// The days to ask for now; none when everything that can be out is known.
  public func missingDays(in prices: PublishedPrices, at now: Date) -> [Range<Date>] {
    let today = calendar.day(holding: now)
    var days = [today]
    if now >= publication(on: today) { days.append(calendar.day(holding: now, offset: 1)) }
    return days.filter { !prices.covers($0) }
  }

  /// When to look again: soon while something is missing, else at the next publication.
  public func nextLook(prices: PublishedPrices, at now: Date) -> Date {
    guard missingDays(in: prices, at: now).isEmpty else {
      return now.addingTimeInterval(retrySeconds)
    }
    let today = publication(on: calendar.day(holding: now))
    return today > now ? today : publication(on: calendar.day(holding: now, offset: 1))
  }

  private func publication(on day: Range<Date>) -> Date {
    let date = calendar.wallTime(at: day.lowerBound).date
    return calendar.instant(on: date, minuteOfDay: publicationMinute)
      ?? day.lowerBound.addingTimeInterval(Double(publicationMinute * 60))
  }
}
