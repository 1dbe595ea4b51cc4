// SPDX-License-Identifier: MIT
public import Foundation
public import HTTP
import TimeSeries

/// energy-charts.info of Fraunhofer ISE. Read `license_info` before passing its numbers on.
public struct EnergyChartsPrices: PriceService {
  /// What messages call it.
  public let name = "energy-charts"
  /// Money of the answers.
  public let currency = "EUR"
  private let address: String
  private let zone: String

  /// Prices of a bidding zone, for example `CZ` or `DE-LU`.
  public init(zone: String, address: String = "https://api.energy-charts.info/price") {
    self.zone = zone
    self.address = address
  }

  /// One question; the service counts in local days, the last included.
  public func questions(for range: Range<Date>) -> [PriceQuestion] {
    let days = MarketDays.centralEuropean.days(in: range)
    guard let first = days.first, let last = days.last else { return [] }
    let request = HTTPRequest(
      address,
      query: [("bzn", zone), ("start", "\(first.date)"), ("end", "\(last.date)")])
    return [PriceQuestion(request, range: first.range.lowerBound..<last.range.upperBound)]
  }

  private struct Answer: Decodable {
    let unix_seconds: [Int]
    let price: [Double?]
    let unit: String
  }

  /// Reads the two arrays; a `null` is a price that is not out.
  public func prices(
    in response: HTTPResponse, to question: PriceQuestion, at time: Date
  ) throws(FeedError) -> [PriceEntry] {
    let answer = try FeedBody.decode(Answer.self, from: response, service: name)
    guard answer.unix_seconds.count == answer.price.count else {
      throw .unreadable(service: name, reason: "times and prices are not equally many")
    }
    guard answer.unit.filter({ !$0.isWhitespace }).uppercased() == "EUR/MWH" else {
      throw .unreadable(service: name, reason: "prices in '\(answer.unit)'")
    }
    let starts = answer.unix_seconds.map { Date(timeIntervalSince1970: Double($0)) }
    let lengths = PriceList.lengths(of: starts, fallback: 900)
    var list = PriceList(service: name, knownSince: time)
    for (index, price) in answer.price.enumerated() {
      guard let price else { continue }
      try list.add(price.perMegawattHour, from: starts[index], seconds: lengths[index])
    }
    return try list.published(for: question.range)
  }
}
