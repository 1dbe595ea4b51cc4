// SPDX-License-Identifier: MIT
import Foundation
public import HTTP
public import TimeSeries

/// The Czech National Bank's daily rates.
public struct ExchangeRates: Sendable, Hashable, Codable {
  /// The day they are valid for.
  public let date: CivilDate
  /// How many crowns one unit costs, by ISO 4217 code; the crown itself costs one.
  public let crowns: [String: Double]

  /// Rates of a day.
  public init(date: CivilDate, crowns: [String: Double]) {
    self.date = date
    self.crowns = crowns.merging(["CZK": 1]) { $1 }
  }

  /// What one unit of a currency costs in another; `nil` when the bank does not list one of them.
  public func rate(from source: String, to target: String) -> Double? {
    guard let source = crowns[source], let target = crowns[target] else { return nil }
    return source / target
  }

  /// The question for the newest rates.
  public static func question(
    address: String = "https://api.cnb.cz/cnbapi/exrates/daily?lang=EN"
  ) -> HTTPRequest { HTTPRequest(address) }

  /// Reads an answer of the bank: its JSON, or the older text with `|` between the columns.
  public init(_ response: HTTPResponse) throws(FeedError) {
    if response.mediaType?.contains("json") ?? false {
      try self.init(json: response)
    } else {
      try FeedBody.require("text/plain", in: response, service: Self.service)
      try self.init(text: String(decoding: response.body, as: UTF8.self))
    }
  }

  private static let service = "Czech National Bank"

  private struct Answer: Decodable {
    struct Row: Decodable {
      let validFor: String
      let amount: Double
      let currencyCode: String
      let rate: Double
    }
    let rates: [Row]
  }

  private init(json response: HTTPResponse) throws(FeedError) {
    let rows = try FeedBody.decode(Answer.self, from: response, service: Self.service).rates
    guard let date = rows.first.flatMap({ TimestampText($0.validFor + "T00:00") })?.date else {
      throw .unreadable(service: Self.service, reason: "no rate with its date")
    }
    try self.init(date: date, rows: rows.map { ($0.currencyCode, $0.amount, $0.rate) })
  }

  private init(text: String) throws(FeedError) {
    let lines = text.split(whereSeparator: \.isNewline)
    let numbers = lines.first?.split(separator: " ").first?.split(separator: ".").compactMap {
      Int($0)
    }
    guard let numbers, numbers.count == 3, lines.count > 2 else {
      throw .unreadable(service: Self.service, reason: "the first line is no date")
    }
    let rows = lines.dropFirst(2).compactMap { line -> (String, Double, Double)? in
      let fields = line.split(separator: "|", omittingEmptySubsequences: false)
      guard fields.count == 5, let amount = Double(fields[2]),
        let rate = Double(fields[4].replacingOccurrences(of: ",", with: "."))
      else { return nil }
      return (String(fields[3]), amount, rate)
    }
    try self.init(
      date: CivilDate(year: numbers[2], month: numbers[1], day: numbers[0]), rows: rows)
  }

  private init(date: CivilDate, rows: [(String, Double, Double)]) throws(FeedError) {
    // The bank lists prices of 1, 100 or 1000 units; anything else would make a rate of nothing.
    guard rows.allSatisfy({ (1...1e6).contains($0.1) && $0.2 > 0 && $0.2 < 1e6 }),
      rows.contains(where: { $0.0 == "EUR" })
    else { throw .implausible(service: Self.service, what: "rates without a positive euro") }
    self.init(
      date: date, crowns: Dictionary(rows.map { ($0.0, $0.2 / $0.1) }, uniquingKeysWith: { $1 }))
  }
}
