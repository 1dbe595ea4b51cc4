// SPDX-License-Identifier: MIT
public import Foundation
public import HTTP
import TimeSeries

/// Octopus Agile (Great Britain): half-hours, pence for a kilowatt-hour, the newest first.
public struct OctopusPrices: PriceService {
  /// What messages call it.
  public let name = "Octopus"
  /// Money of the answers.
  public let currency = "GBP"
  private let address: String
  private let includesTax: Bool

  /// Prices of a product in a region (a letter `A`…`P`), with or without value added tax.
  public init(
    product: String, region: String, includesTax: Bool,
    address: String = "https://api.octopus.energy"
  ) {
    self.address =
      address + "/v1/products/\(product)/electricity-tariffs/E-1R-\(product)-\(region)"
      + "/standard-unit-rates/"
    self.includesTax = includesTax
  }

  /// One question with all rows on one page, which takes 1500.
  public func questions(for range: Range<Date>) -> [PriceQuestion] {
    let request = HTTPRequest(
      address,
      query: [
        ("period_from", range.lowerBound.formatted(.iso8601)),
        ("period_to", range.upperBound.formatted(.iso8601)), ("page_size", "1500"),
      ])
    return [PriceQuestion(request, range: range)]
  }

  private struct Answer: Decodable {
    struct Row: Decodable {
      let value_exc_vat: Double
      let value_inc_vat: Double
      let valid_from: String
      let valid_to: String?
      let payment_method: String?
    }
    let next: String?
    let results: [Row]
  }

  /// Reads the rows of those who pay by direct debit; one without an end counts to the end of the
  /// question.
  public func prices(
    in response: HTTPResponse, to question: PriceQuestion, at time: Date
  ) throws(FeedError) -> [PriceEntry] {
    let answer = try FeedBody.decode(Answer.self, from: response, service: name)
    guard answer.next == nil else {
      throw .unreadable(service: name, reason: "more rows than fit one page: ask for fewer days")
    }
    var list = PriceList(service: name, knownSince: time)
    for row in answer.results where row.payment_method ?? "DIRECT_DEBIT" == "DIRECT_DEBIT" {
      guard let start = TimestampText(row.valid_from)?.instant else {
        throw .unreadable(service: name, reason: "a time '\(row.valid_from)'")
      }
      let end: Date
      if let text = row.valid_to {
        guard let told = TimestampText(text)?.instant else {
          throw .unreadable(service: name, reason: "a time '\(text)'")
        }
        end = told
      } else {
        end = max(question.range.upperBound, start.addingTimeInterval(1_800))
      }
      let pence = includesTax ? row.value_inc_vat : row.value_exc_vat
      try list.add(pence / 100, from: start, seconds: end.timeIntervalSince(start))
    }
    return try list.published(for: question.range)
  }
}
