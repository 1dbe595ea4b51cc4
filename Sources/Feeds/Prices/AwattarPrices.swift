// SPDX-License-Identifier: MIT
public import Foundation
public import HTTP
import TimeSeries

/// aWATTar (Austria, Germany), and Akkudoktor, which answers in nearly the same words.
public struct AwattarPrices: PriceService {
  /// What messages call it.
  public let name = "aWATTar"
  /// Money of the answers.
  public let currency = "EUR"
  private let address: String

  /// Prices of the country whose address it is.
  public init(address: String = "https://api.awattar.at/v1/marketdata") { self.address = address }

  /// One question in milliseconds.
  public func questions(for range: Range<Date>) -> [PriceQuestion] {
    func milliseconds(_ time: Date) -> String { "\(Int(time.timeIntervalSince1970) * 1_000)" }
    let request = HTTPRequest(
      address,
      query: [
        ("start", milliseconds(range.lowerBound)), ("end", milliseconds(range.upperBound)),
      ])
    return [PriceQuestion(request, range: range)]
  }

  private struct Answer: Decodable {
    struct Row: Decodable {
      let start_timestamp: Double
      let end_timestamp: Double
      let marketprice: Double
      let unit: String
    }
    let rows: [Row]

    enum CodingKeys: String, CodingKey { case data, values }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      rows =
        try container.decodeIfPresent([Row].self, forKey: .data)
        ?? container.decode([Row].self, forKey: .values)
    }
  }

  /// Reads the rows, each with its start and end.
  public func prices(
    in response: HTTPResponse, to question: PriceQuestion, at time: Date
  ) throws(FeedError) -> [PriceEntry] {
    var list = PriceList(service: name, knownSince: time)
    for row in try FeedBody.decode(Answer.self, from: response, service: name).rows {
      guard row.unit.lowercased() == "eur/mwh" else {
        throw .unreadable(service: name, reason: "prices in '\(row.unit)'")
      }
      try list.add(
        row.marketprice.perMegawattHour,
        from: Date(timeIntervalSince1970: row.start_timestamp / 1_000),
        seconds: (row.end_timestamp - row.start_timestamp) / 1_000)
    }
    return try list.published(for: question.range)
  }
}
