// SPDX-License-Identifier: MIT
public import Foundation
public import HTTP
import TimeSeries

/// The transparency platform of the European grid operators, document A44 (day-ahead prices).
///
/// Source: ENTSO-E, Transparency Platform RESTful API, Day-ahead Prices [12.1.D]; curve type A03
/// leaves out a position whose price is the one before it.
public struct EntsoePrices: PriceService {
  /// What messages call it.
  public let name = "ENTSO-E"
  /// Money of the answers.
  public let currency = "EUR"
  private let address: String
  private let area: String
  private let token: Secret

  /// Prices of a bidding zone by its EIC code, `10YCZ-CEPS-----N` for the Czech Republic.
  public init(
    area: String, token: Secret, address: String = "https://web-api.tp.entsoe.eu/api"
  ) {
    self.address = address
    self.area = area
    self.token = token
  }

  /// One question for the whole time.
  public func questions(for range: Range<Date>) -> [PriceQuestion] {
    let request = HTTPRequest(
      address,
      query: [
        ("securityToken", token.revealed), ("documentType", "A44"), ("in_Domain", area),
        ("out_Domain", area), ("periodStart", Self.compact(range.lowerBound)),
        ("periodEnd", Self.compact(range.upperBound)),
      ], secrets: [token])
    return [PriceQuestion(request, range: range)]
  }

  /// Reads a publication document, with any number of series, resolutions and slots.
  public func prices(
    in response: HTTPResponse, to question: PriceQuestion, at time: Date
  ) throws(FeedError) -> [PriceEntry] {
    try FeedBody.require("xml", in: response, service: name)
    guard let document = XMLTreeReader.read(response.body) else {
      throw .unreadable(service: name, reason: "not a whole XML document")
    }
    if document.name == "Acknowledgement_MarketDocument" {
      let reason = document["Reason"]
      if reason?.value("code") == "999", reason?.value("text")?.hasPrefix("No matching") ?? true {
        throw .notPublished(service: name, question.range)
      }
      throw .refused(service: name, reason: reason?.value("text") ?? "no reason given")
    }
    guard document.name == "Publication_MarketDocument" else {
      throw .unreadable(service: name, reason: "a document '\(document.name)'")
    }
    var periods: [Period] = []
    for series in document.all("TimeSeries") {
      for element in series.all("Period") {
        periods.append(try period(element, of: series))
      }
    }
    var list = PriceList(service: name, knownSince: time)
    for period in Self.preferred(periods) {
      for (index, price) in period.prices.enumerated() {
        guard let price else { continue }
        try list.add(
          price.perMegawattHour, from: period.start(of: index), seconds: period.stepSeconds)
      }
    }
    return try list.published(for: question.range)
  }

  /// One period with a price, or none, for each of its steps.
  private struct Period {
    let start: Date
    let stepSeconds: TimeInterval
    let sequence: Int
    let prices: [Double?]

    var end: Date { start(of: prices.count) }

    func start(of index: Int) -> Date { start.addingTimeInterval(stepSeconds * Double(index)) }
  }

  /// Only the first auction where several are published for one time, finest step first.
  private static func preferred(_ periods: [Period]) -> [Period] {
    periods.filter { period in
      !periods.contains {
        $0.sequence < period.sequence && $0.start < period.end && period.start < $0.end
      }
    }.sorted { $0.stepSeconds < $1.stepSeconds }
  }

  private func period(
    _ element: XMLElementNode, of series: XMLElementNode
  ) throws(FeedError) -> Period {
    guard series.value("currency_Unit.name") ?? "EUR" == currency,
      series.value("price_Measure_Unit.name") ?? "MWH" == "MWH"
    else { throw .unreadable(service: name, reason: "prices that are not in EUR for a MWh") }
    let steps = ["PT15M": 900.0, "PT30M": 1_800, "PT60M": 3_600]
    guard let interval = element["timeInterval"],
      let start = interval.value("start").flatMap(TimestampText.init)?.instant,
      let end = interval.value("end").flatMap(TimestampText.init)?.instant,
      let step = element.value("resolution").flatMap({ steps[$0] })
    else { throw .unreadable(service: name, reason: "a period without time or resolution") }
    let count = end.timeIntervalSince(start) / step
    guard count >= 1, count <= 40_000, count == count.rounded() else {
      throw .unreadable(service: name, reason: "a period of \(count) steps")
    }
    var prices = [Double?](repeating: nil, count: Int(count))
    for point in element.all("Point") {
      guard let position = point.value("position").flatMap({ Int($0) }),
        let price = point.value("price.amount").flatMap({ Double($0) })
      else { throw .unreadable(service: name, reason: "a point without position or price") }
      if prices.indices.contains(position - 1) { prices[position - 1] = price }
    }
    if series.value("curveType") == "A03" {
      for index in prices.indices.dropFirst() where prices[index] == nil {
        prices[index] = prices[index - 1]
      }
    }
    let sequence = series.value("classificationSequence_AttributeInstanceComponent.position")
    return Period(
      start: start, stepSeconds: step, sequence: sequence.flatMap { Int($0) } ?? 1, prices: prices)
  }

  /// `yyyyMMddHHmm` in UTC.
  private static func compact(_ time: Date) -> String {
    time.formatted(.iso8601).filter(\.isNumber).prefix(12).description
  }
}
