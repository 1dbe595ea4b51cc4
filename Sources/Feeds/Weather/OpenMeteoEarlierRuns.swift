// SPDX-License-Identifier: MIT
public import Foundation
public import HTTP
import TimeSeries

/// What Open-Meteo forecast one, two and three days before each hour, and the forecasts that were
/// known at instants of the past: for models that learn from forecasts before pems has logged any.
///
/// Source: open-meteo.com/en/docs/previous-runs-api: `_previous_dayN` is what was predicted N times
/// 24 hours before the time it is for. Most models reach back to January 2024.
public struct OpenMeteoEarlierRuns: Sendable, Hashable {
  /// What messages call it.
  public static let service = OpenMeteo.service + " earlier runs"
  /// How many days before an hour its forecasts were made.
  static let leads = 1...3
  private static let hour = 3_600.0
  private static let day = 86_400.0

  /// By lead, the shortest first, all on the same hours.
  private let runs: [IssuedWeather]

  /// Reads an answer to `OpenMeteo.earlierRuns`.
  public init(_ response: HTTPResponse) throws(FeedError) {
    let answer = try FeedBody.decode(
      OpenMeteoAnswer.self, from: response, service: Self.service)
    var runs: [IssuedWeather] = []
    for lead in Self.leads {
      runs.append(
        try answer.weather(
          .hourly, issuedAt: .distantPast, suffix: OpenMeteo.suffix(daysBefore: lead)))
    }
    self.runs = runs
  }

  /// The hours that the answer has.
  public var range: Range<Date> { runs.first?.grid.range ?? .distantPast ..< .distantPast }

  /// What had been forecast by an instant, for the three days after it: each hour out of the newest
  /// run that is not younger; `nil` where that has neither temperature nor irradiance.
  public func issued(at time: Date) -> IssuedWeather? {
    let start = Date(
      timeIntervalSince1970: (time.timeIntervalSince1970 / Self.hour).rounded(.up) * Self.hour)
    let grid = TimeGrid(start: start, stepSeconds: 3_600, count: 24 * Self.leads.upperBound)
    func column(_ path: KeyPath<IssuedWeather, [Double?]?>) -> [Double?]? {
      let values = grid.indices.map { index -> Double? in
        let end = grid.date(at: index + 1).timeIntervalSince(time)
        let lead = max(1, Int((end / Self.day).rounded(.up)))
        guard lead <= runs.count else { return nil }
        let run = runs[lead - 1]
        guard let place = run.grid.index(of: grid.date(at: index)) else { return nil }
        return run[keyPath: path]?[place]
      }
      return values.contains { $0 != nil } ? values : nil
    }
    var weather = IssuedWeather(source: OpenMeteo.service, issuedAt: time, grid: grid)
    weather.irradiance = column(\.irradiance)
    weather.temperature = column(\.temperature)
    weather.windSpeed = column(\.windSpeed)
    weather.snowfall = column(\.snowfall)
    weather.cloudCover = column(\.cloudCover)
    return weather.irradiance == nil && weather.temperature == nil ? nil : weather
  }
}
