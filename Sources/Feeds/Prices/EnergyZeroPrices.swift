// SPDX-License-Identifier: MIT
public import Foundation
public import HTTP
import TimeSeries

/// EnergyZero (Netherlands), the market price of electricity in hours without tax.
public struct EnergyZeroPrices: PriceService {
  /// What messages call it.
  public let name = "EnergyZero"
  /// Money of the answers.
  public let currency = "EUR"
  private let address: String

  /// Prices of the Netherlands.
  public init(address: String = "https://public.api.energyzero.nl/public/v1/prices") {
    self.address = address
  }

  /// One question a local day.
  public func questions(for range: Range<Date>) -> [PriceQuestion] {
    MarketDays(zone: "Europe/Amsterdam").days(in: range).map { day in
      let (year, month, dayOfMonth) = (day.date.year, day.date.month, day.date.day)
      let request = HTTPRequest(
        address,
        query: [
          ("date", "\(dayOfMonth)-\(month)-\(year)"), ("interval", "INTERVAL_HOUR"),
          ("energyType", "ENERGY_TYPE_ELECTRICITY"),
        ])
      return PriceQuestion(request, range: day.range)
    }
  }

  private struct Answer: Decodable {
    struct Row: Decodable {
      struct Price: Decodable { let value: String }
      let start: String
      let end: String
      let price: Price
    }
    let base: [Row]
  }

  /// Reads the list of prices without tax.
  public func prices(
    in response: HTTPResponse, to question: PriceQuestion, at time: Date
  ) throws(FeedError) -> [PriceEntry] {
    var list = PriceList(service: name, knownSince: time)
    for row in try FeedBody.decode(Answer.self, from: response, service: name).base {
      guard let start = TimestampText(row.start)?.instant,
        let end = TimestampText(row.end)?.instant, let price = Double(row.price.value)
      else { throw .unreadable(service: name, reason: "a row at '\(row.start)'") }
      try list.add(price, from: start, seconds: end.timeIntervalSince(start))
    }
    return try list.published(for: question.range)
  }
}
