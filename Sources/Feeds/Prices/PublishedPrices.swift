// SPDX-License-Identifier: MIT
public import Foundation
public import Household
public import TimeSeries

/// The price of energy in one market time unit, with the time since which it is known.
public struct PriceEntry: Sendable, Hashable, Codable {
  /// When it begins.
  public let start: Date
  /// When it ends; after the start.
  public let end: Date
  /// The price.
  public let price: PricePerKilowattHour
  /// When it was published, or read for the first time.
  public let knownSince: Date

  /// A price from `start` to `end`.
  public init(start: Date, end: Date, price: PricePerKilowattHour, knownSince: Date) {
    self.start = start
    self.end = end
    self.price = price
    self.knownSince = knownSince
  }

  /// The length in seconds.
  var seconds: TimeInterval { end.timeIntervalSince(start) }
}

/// Day-ahead prices as they are known: ascending, without overlaps, with gaps where nothing is out.
public struct PublishedPrices: Sendable, Hashable, Codable, DayAheadPricing {
  /// ISO 4217 code of the money.
  public let currency: String
  /// The prices in order of time.
  public private(set) var entries: [PriceEntry]

  /// Prices in one currency. Where entries overlap, the shorter one counts, then the earlier in the
  /// list; a longer one that is only partly covered goes as a whole.
  public init(currency: String, entries: [PriceEntry] = []) {
    self.currency = currency
    self.entries = []
    merge(entries)
  }

  /// Adds prices; a new one takes the place of a known one at the same time, which keeps the time
  /// since which it is known when the price is the same. Cost O(n log n).
  public mutating func merge(_ new: [PriceEntry]) {
    let before = Dictionary(entries.map { ($0.start, $0) }, uniquingKeysWith: { first, _ in first })
    let dated = new.filter { $0.end > $0.start }.map { entry in
      guard let known = before[entry.start], known.end == entry.end, known.price == entry.price
      else { return entry }
      return known.knownSince < entry.knownSince ? known : entry
    }
    var kept: [PriceEntry] = []
    let ranked = (dated + entries).enumerated().sorted {
      ($0.element.start, $0.element.seconds, $0.offset)
        < ($1.element.start, $1.element.seconds, $1.offset)
    }
    for (_, entry) in ranked {
      while let last = kept.last, last.end > entry.start, last.seconds > entry.seconds {
        kept.removeLast()
      }
      if let last = kept.last, last.end > entry.start { continue }
      kept.append(entry)
    }
    entries = kept
  }

  /// The prices that were published by `time`: each step the mean of the units it is made of, or the
  /// unit it lies in; missing where any part of it is not known.
  public func spotPrices(
    publishedBefore time: Date, on grid: TimeGrid
  ) -> Series<PricePerKilowattHour> {
    var position = entries.firstIndex { $0.end > grid.start } ?? entries.count
    let values = grid.indices.map { index -> PricePerKilowattHour? in
      let (start, end) = (grid.date(at: index), grid.date(at: index + 1))
      while position < entries.count, entries[position].end <= start { position += 1 }
      var (cursor, sum, next) = (start, 0.0, position)
      while cursor < end, next < entries.count, entries[next].start <= cursor,
        entries[next].knownSince <= time
      {
        let until = min(end, entries[next].end)
        sum += entries[next].price.rawValue * until.timeIntervalSince(cursor)
        cursor = until
        next += 1
      }
      if next == position + 1, cursor == end { return entries[position].price }
      return cursor < end ? nil : PricePerKilowattHour(sum / Double(grid.stepSeconds))
    }
    return Series(grid: grid, values: values)
  }

  /// Whether every moment of a time has a price.
  public func covers(_ range: Range<Date>) -> Bool {
    var cursor = range.lowerBound
    for entry in entries where entry.end > cursor {
      guard entry.start <= cursor else { return false }
      cursor = entry.end
      if cursor >= range.upperBound { return true }
    }
    return cursor >= range.upperBound
  }

  /// The same prices in other money.
  ///
  /// - Parameter rate: what one unit of this currency costs in the other.
  public func converted(to currency: String, rate: Double) -> PublishedPrices {
    PublishedPrices(
      currency: currency,
      entries: entries.map {
        PriceEntry(start: $0.start, end: $0.end, price: $0.price * rate, knownSince: $0.knownSince)
      })
  }

  /// The same prices as if each had been published at `minuteOfDay` of the local day before its
  /// own: for an archive that does not tell when it was written.
  public func published(
    atMinute minuteOfDay: Int, in calendar: SiteCalendar
  ) -> PublishedPrices {
    PublishedPrices(
      currency: currency,
      entries: entries.map { entry in
        let dayBefore = calendar.day(holding: entry.start, offset: -1).lowerBound
        let known = calendar.instant(
          on: calendar.wallTime(at: dayBefore).date, minuteOfDay: minuteOfDay)
        return PriceEntry(
          start: entry.start, end: entry.end, price: entry.price, knownSince: known ?? dayBefore)
      })
  }
}
