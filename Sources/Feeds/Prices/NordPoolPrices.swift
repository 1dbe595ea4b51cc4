// SPDX-License-Identifier: MIT
public import Foundation
public import HTTP
import TimeSeries

/// The data portal of Nord Pool. Unofficial and for personal use.
public struct NordPoolPrices: PriceService {
  /// What messages call it.
  public let name = "Nord Pool"
  /// Money of the answers.
  public let currency: String
  private let area: String
  private let address: String

  /// Prices of a delivery area, for example `SE3`.
  public init(
    area: String, currency: String = "EUR",
    address: String = "https://dataportal-api.nordpoolgroup.com/api/DayAheadPrices"
  ) {
    self.area = area
    self.currency = currency
    self.address = address
  }

  /// One question a delivery day, which is a day of central European time.
  public func questions(for range: Range<Date>) -> [PriceQuestion] {
    MarketDays.centralEuropean.days(in: range).map { day in
      let request = HTTPRequest(
        address,
        query: [
          ("market", "DayAhead"), ("date", "\(day.date)"), ("deliveryArea", area),
          ("currency", currency),
        ])
      return PriceQuestion(request, range: day.range)
    }
  }

  private struct Answer: Decodable {
    struct Entry: Decodable {
      let deliveryStart: String
      let deliveryEnd: String
      let entryPerArea: [String: Double]
    }
    struct State: Decodable {
      let state: String
      let areas: [String]
    }
    let currency: String
    let multiAreaEntries: [Entry]
    let areaStates: [State]?
  }

  /// Reads the entries of the area once they are final; status 204 is a day that is not out.
  public func prices(
    in response: HTTPResponse, to question: PriceQuestion, at time: Date
  ) throws(FeedError) -> [PriceEntry] {
    guard response.status != 204 else { throw .notPublished(service: name, question.range) }
    let answer = try FeedBody.decode(Answer.self, from: response, service: name)
    guard answer.currency == currency else {
      throw .unreadable(service: name, reason: "prices in \(answer.currency)")
    }
    if let state = answer.areaStates?.first(where: { $0.areas.contains(area) }),
      state.state != "Final"
    {
      throw .notPublished(service: name, question.range)
    }
    var list = PriceList(service: name, knownSince: time)
    for entry in answer.multiAreaEntries {
      guard let price = entry.entryPerArea[area] else { continue }
      guard let start = TimestampText(entry.deliveryStart)?.instant,
        let end = TimestampText(entry.deliveryEnd)?.instant
      else { throw .unreadable(service: name, reason: "a time '\(entry.deliveryStart)'") }
      try list.add(
        price.perMegawattHour, from: start, seconds: end.timeIntervalSince(start),
        currencyScale: currency == "EUR" ? 1 : 15)
    }
    return try list.published(for: question.range)
  }
}
