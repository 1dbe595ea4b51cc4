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

  /// The answer of today's interface, or of the GraphQL one before it.
  private struct Answer: Decodable {
    struct Row: Decodable {
      struct Price: Decodable { let value: String }
      let start: String
      let end: String
      let price: Price
    }
    struct OlderRow: Decodable {
      let from: String
      let till: String
      let energyPriceExcl: Double
    }
    struct Older: Decodable {
      struct Market: Decodable { let prices: [OlderRow] }
      let energyMarketPrices: Market
    }
    struct Fault: Decodable { let message: String }

    let fault: String?
    let rows: [(start: String, end: String, price: Double?)]

    private enum CodingKeys: String, CodingKey { case base, data, errors }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      fault = try values.decodeIfPresent([Fault].self, forKey: .errors)?.first?.message
      if values.contains(.base) {
        rows = try values.decode([Row].self, forKey: .base).map {
          ($0.start, $0.end, Double($0.price.value))
        }
      } else if let empty = try? values.decodeIfPresent([String].self, forKey: .data) {
        // Without prices `data` is an empty list in place of a map.
        guard empty.isEmpty else {
          throw DecodingError.dataCorruptedError(
            forKey: .data, in: values, debugDescription: "a list in place of prices")
        }
        rows = []
      } else {
        let data = try values.decodeIfPresent(Older.self, forKey: .data)
        guard data != nil || fault != nil else {
          throw DecodingError.keyNotFound(
            CodingKeys.base, .init(codingPath: [], debugDescription: "no prices"))
        }
        rows = (data?.energyMarketPrices.prices ?? []).map {
          ($0.from, $0.till, $0.energyPriceExcl)
        }
      }
    }
  }

  /// Reads the list of prices without tax.
  public func prices(
    in response: HTTPResponse, to question: PriceQuestion, at time: Date
  ) throws(FeedError) -> [PriceEntry] {
    let answer = try FeedBody.decode(Answer.self, from: response, service: name)
    if let fault = answer.fault { throw .refused(service: name, reason: fault) }
    var list = PriceList(service: name, knownSince: time)
    for row in answer.rows {
      guard let start = TimestampText(row.start)?.instant,
        let end = TimestampText(row.end)?.instant, let price = row.price
      else { throw .unreadable(service: name, reason: "a row at '\(row.start)'") }
      try list.add(price, from: start, seconds: end.timeIntervalSince(start))
    }
    return try list.published(for: question.range)
  }
}
