// SPDX-License-Identifier: MIT
public import Foundation
public import HTTP
import TimeSeries

/// The Czech market operator, SOAP operation `GetDamPricePeriodE`.
///
/// Quarter-hours since 2025-10-01, hours before. A unit is found by its index in the local day; the
/// printed interval repeats an hour in autumn. Source: OTE, a.s., public data service.
public struct OTEPrices: PriceService {
  /// What messages call it.
  public let name = "OTE"
  /// Money of the answers.
  public let currency = "EUR"
  private static let days = MarketDays(zone: "Europe/Prague")
  private static let firstQuarterHourDay = CivilDate(year: 2025, month: 10, day: 1)
  private static let schema = "http://www.ote-cr.cz/schema/service/public"
  private let address: String

  /// Prices of the Czech zone.
  public init(address: String = "https://www.ote-cr.cz/services/PublicDataService") {
    self.address = address
  }

  /// One question for the days with hours and one for those with quarter-hours.
  public func questions(for range: Range<Date>) -> [PriceQuestion] {
    let days = Self.days.days(in: range)
    return [("PT60M", false), ("PT15M", true)].compactMap { resolution, isQuarterHourly in
      let part = days.filter { ($0.date >= Self.firstQuarterHourDay) == isQuarterHourly }
      guard let first = part.first, let last = part.last else { return nil }
      let body = """
        <?xml version="1.0" encoding="UTF-8"?>\
        <soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" \
        xmlns:pub="\(Self.schema)"><soapenv:Header/><soapenv:Body><pub:GetDamPricePeriodE>\
        <pub:StartDate>\(first.date)</pub:StartDate><pub:EndDate>\(last.date)</pub:EndDate>\
        <pub:PeriodResolution>\(resolution)</pub:PeriodResolution>\
        </pub:GetDamPricePeriodE></soapenv:Body></soapenv:Envelope>
        """
      let request = HTTPRequest(
        address, method: .post,
        headers: [
          "Content-Type": "text/xml; charset=utf-8",
          "SOAPAction": "\"\(Self.schema)/GetDamPricePeriodE\"",
        ], body: Array(body.utf8))
      return PriceQuestion(request, range: first.range.lowerBound..<last.range.upperBound)
    }
  }

  /// Reads the items; a day that is not out has none.
  public func prices(
    in response: HTTPResponse, to question: PriceQuestion, at time: Date
  ) throws(FeedError) -> [PriceEntry] {
    try FeedBody.require("xml", in: response, service: name)
    guard let document = XMLTreeReader.read(response.body), document.name == "Envelope" else {
      throw .unreadable(service: name, reason: "not a whole SOAP answer")
    }
    if let fault = document.descendants("Fault").first {
      throw .refused(service: name, reason: fault.value("faultstring") ?? "a SOAP fault")
    }
    var list = PriceList(service: name, knownSince: time)
    for item in document.descendants("Item") {
      guard let day = item.value("Date").flatMap({ TimestampText($0 + "T00:00") })?.date,
        let index = item.value("PeriodIndex").flatMap({ Int($0) }),
        let price = item.value("Price").flatMap({ Double($0) })
      else { throw .unreadable(service: name, reason: "an item without date, index or price") }
      let seconds = item.value("PeriodResolution") == "PT60M" ? 3_600 : 900
      guard let start = Self.days.start(of: index, seconds: seconds, on: day) else {
        throw .unreadable(service: name, reason: "\(day) has no unit \(index) of \(seconds) s")
      }
      try list.add(price.perMegawattHour, from: start, seconds: Double(seconds))
    }
    return try list.published(for: question.range)
  }
}
