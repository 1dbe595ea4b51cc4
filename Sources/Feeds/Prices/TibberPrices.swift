// SPDX-License-Identifier: MIT
public import Foundation
public import HTTP
import TimeSeries

/// Tibber (Norway, Sweden, Germany, Netherlands): today and tomorrow in quarter-hours.
public struct TibberPrices: PriceService {
  /// Which of Tibber's prices is read.
  public enum Component: String, Sendable, Hashable {
    /// What the customer pays, tax included.
    case total
    /// The energy alone.
    case energy
  }

  /// What messages call it.
  public let name = "Tibber"
  /// Money of the answers.
  public let currency: String
  private let address: String
  private let token: Secret
  private let component: Component

  /// Prices of the first home of an account.
  public init(
    token: Secret, currency: String, component: Component,
    address: String = "https://api.tibber.com/v1-beta/gql"
  ) {
    self.token = token
    self.currency = currency
    self.component = component
    self.address = address
  }

  /// One question; Tibber has only today and tomorrow.
  public func questions(for range: Range<Date>) -> [PriceQuestion] {
    let fields = "{total energy tax startsAt}"
    let query =
      "{viewer{homes{currentSubscription{priceInfo(resolution:QUARTER_HOURLY)"
      + "{today\(fields)tomorrow\(fields)}}}}}"
    var request = HTTPRequest(
      address, method: .post, headers: ["Content-Type": "application/json"],
      body: Array("{\"query\":\"\(query)\"}".utf8))
    request.authorization = .token(scheme: "Bearer", token)
    return [PriceQuestion(request, range: range)]
  }

  private struct Answer: Decodable {
    struct Fault: Decodable { let message: String }
    struct Content: Decodable { let viewer: Viewer }
    struct Viewer: Decodable { let homes: [Home] }
    struct Home: Decodable { let currentSubscription: Subscription? }
    struct Subscription: Decodable { let priceInfo: Prices? }
    struct Prices: Decodable {
      let today: [Row]
      let tomorrow: [Row]
    }
    struct Row: Decodable {
      let total: Double?
      let energy: Double?
      let startsAt: String
    }
    let errors: [Fault]?
    let data: Content?
  }

  /// Reads today and tomorrow; tomorrow is empty until about 13 h.
  public func prices(
    in response: HTTPResponse, to question: PriceQuestion, at time: Date
  ) throws(FeedError) -> [PriceEntry] {
    let answer = try FeedBody.decode(Answer.self, from: response, service: name)
    if let fault = answer.errors?.first { throw .refused(service: name, reason: fault.message) }
    let subscriptions = answer.data?.viewer.homes.compactMap(\.currentSubscription?.priceInfo)
    guard let info = subscriptions?.first else {
      throw .refused(service: name, reason: "the account has no home with a subscription")
    }
    var list = PriceList(service: name, knownSince: time)
    for rows in [info.today, info.tomorrow] {
      var starts: [Date] = []
      for row in rows {
        guard let start = TimestampText(row.startsAt)?.instant else {
          throw .unreadable(service: name, reason: "a time '\(row.startsAt)'")
        }
        starts.append(start)
      }
      let lengths = PriceList.lengths(of: starts, fallback: 900)
      for (index, row) in rows.enumerated() {
        guard let price = component == .total ? row.total : row.energy else {
          throw .unreadable(service: name, reason: "no '\(component)' at \(row.startsAt)")
        }
        try list.add(
          price, from: starts[index], seconds: lengths[index],
          currencyScale: currency == "EUR" ? 1 : 15)
      }
    }
    return try list.published(for: question.range)
  }
}
