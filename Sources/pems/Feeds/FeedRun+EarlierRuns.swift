// SPDX-License-Identifier: MIT
import Configuration
import Feeds
import Foundation
import HTTP
import History
import Household
import TimeSeries

extension FeedRun {
  /// So many past days are asked for at once; an answer of them has about half a megabyte.
  private static let daysAtOnce = 90
  private static let day = 86_400.0

  /// What was forecast at noon of past days: into a log of its own, and what physics makes of each
  /// next day into the store where it has nothing there, as `pems run` does every noon.
  func fetchIssued(days: Int, into report: inout FeedReport) async throws {
    let noons = noons(ofPastDays: days)
    let location = configuration.home.site.location
    let known = Set(((try? files.earlierWeather.read())?.runs ?? []).map(\.issuedAt))
    for start in stride(from: 0, to: noons.count, by: Self.daysAtOnce) {
      let piece = noons[start..<min(start + Self.daysAtOnce, noons.count)]
      guard let first = piece.first, let last = piece.last else { continue }
      let requests = configuration.feeds.weather.compactMap {
        $0.earlierRunsQuestion(
          at: location, from: first, to: last.addingTimeInterval(3 * Self.day))
      }
      for request in requests {
        do {
          let runs = try await fetcher.fetch(request, service: OpenMeteoEarlierRuns.service) {
            response throws(FeedError) in try OpenMeteoEarlierRuns(response)
          }
          let issued = piece.compactMap { runs.issued(at: $0) }
          for weather in issued where !known.contains(weather.issuedAt) {
            try files.earlierWeather.append(weather)
          }
          let steps = try failing { try storeExpectations(of: issued) }
          report.add(
            .weather, OpenMeteoEarlierRuns.service,
            "\(issued.count) of \(piece.count) days from \(first.formatted(.iso8601)), "
              + "\(steps) steps of pv_forecast_w that the store did not have")
        } catch let error as FeedError {
          report.fail(.weather, OpenMeteoEarlierRuns.service, "\(error)")
        }
      }
    }
  }

  /// Noon by the clock of the site, of the past days and of today where it is over.
  private func noons(ofPastDays days: Int) -> [Date] {
    let calendar = configuration.home.site.calendar
    return (-days...0).compactMap { offset in
      let day = calendar.day(holding: now, offset: offset)
      return calendar.instant(on: calendar.wallTime(at: day.lowerBound).date, minuteOfDay: 720)
    }.filter { $0 <= now }
  }

  /// What physics made of the forecasts, for days of which the store knows no expectation.
  ///
  /// - Returns: how many steps came in.
  private func storeExpectations(of issued: [IssuedWeather]) throws -> Int {
    let archive = HomeArchive(home: configuration.home, store: store, days: 1)
    let history = try SQLiteHistory(file: store, access: .writing)
    var added = 0
    for weather in issued {
      let tomorrow = configuration.home.site.calendar.day(holding: weather.issuedAt, offset: 1)
      let grid = TimeGrid(covering: tomorrow, stepSeconds: 900)
      guard let known = weather.weather(issuedBefore: weather.issuedAt, on: grid),
        let expected = archive.expectation(of: known, at: weather.issuedAt),
        try history.samples(of: expected.signal, in: tomorrow).isEmpty
      else { continue }
      added += try history.merge(expected.samples, for: expected.signal).added
    }
    return added
  }
}
