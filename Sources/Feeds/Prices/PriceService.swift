// SPDX-License-Identifier: MIT
public import Foundation
public import HTTP
import TimeSeries

/// A market or supplier that publishes prices: how it is asked, and what its answers mean. Pure; the
/// asking itself is `FeedFetcher`'s.
public protocol PriceService: Sendable {
  /// What messages call it.
  var name: String { get }
  /// ISO 4217 code of the money it answers in.
  var currency: String { get }
  /// The questions that together cover a time, each with the part that it is about.
  func questions(for range: Range<Date>) -> [PriceQuestion]
  /// The prices in an answer, known since `time`. Those outside the question are allowed.
  ///
  /// - Throws: `notPublished` when the answer is whole and has no price; never an empty list.
  func prices(
    in response: HTTPResponse, to question: PriceQuestion, at time: Date
  ) throws(FeedError) -> [PriceEntry]
}

/// One request and the time it is about.
public struct PriceQuestion: Sendable, Hashable {
  /// What is sent.
  public let request: HTTPRequest
  /// What is asked for.
  public let range: Range<Date>

  /// A request about a time.
  public init(_ request: HTTPRequest, range: Range<Date>) {
    self.request = request
    self.range = range
  }
}

/// A list of prices that checks what comes in.
struct PriceList {
  /// The harmonised maximum is 4 EUR/kWh; beyond five times that a unit was mixed up.
  /// Source: ACER decision 01/2023 on the harmonised maximum clearing price.
  private static let largestPrice = 20.0

  let service: String
  let knownSince: Date
  private(set) var entries: [PriceEntry] = []

  init(service: String, knownSince: Date) {
    self.service = service
    self.knownSince = knownSince
  }

  /// Adds a price for one kilowatt-hour.
  mutating func add(
    _ price: Double, from start: Date, seconds: TimeInterval, currencyScale: Double = 1
  ) throws(FeedError) {
    guard price.isFinite, abs(price) <= Self.largestPrice * currencyScale else {
      throw .implausible(
        service: service, what: "\(price) a kWh at \(start.formatted(.iso8601))")
    }
    guard seconds >= 60, seconds <= 366 * 86_400 else {
      throw .implausible(
        service: service, what: "a price for \(seconds) s at \(start.formatted(.iso8601))")
    }
    entries.append(
      PriceEntry(
        start: start, end: start.addingTimeInterval(seconds),
        price: .init(price), knownSince: knownSince))
  }

  /// The prices, of which there must be one.
  func published(for range: Range<Date>) throws(FeedError) -> [PriceEntry] {
    guard !entries.isEmpty else { throw .notPublished(service: service, range) }
    return entries
  }

  /// How long each of some starts counts: until the next one, when that is a market time unit;
  /// otherwise, and at the end, as long as the one before, or `fallback`.
  static func lengths(of starts: [Date], fallback: TimeInterval) -> [TimeInterval] {
    var last = fallback
    return starts.indices.map { index in
      if index + 1 < starts.count {
        let step = starts[index + 1].timeIntervalSince(starts[index])
        if [900, 1_800, 3_600].contains(step) { last = step }
      }
      return last
    }
  }
}

extension Double {
  /// A price of the exchanges, which is for a megawatt-hour, for one kilowatt-hour.
  var perMegawattHour: Double { self / 1_000 }
}
