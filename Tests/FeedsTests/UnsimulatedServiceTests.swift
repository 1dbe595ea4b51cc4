// SPDX-License-Identifier: MIT
import Feeds
import Foundation
import HTTP
import Household
import TestSupport
import Testing
import TimeSeries

/// EnergyZero and Bright Sky, which the simulated providers do not have, from a server of this test.
@Suite("Services over HTTP that nobody simulates")
struct UnsimulatedServiceTests {
  private typealias Action = LoopbackServer.Action

  private let amsterdam = SiteCalendar(timeZone: TimeZone(identifier: "Europe/Amsterdam") ?? .gmt)
  private let place = Location(
    latitude: Degrees(50.1), longitude: Degrees(14.4), altitude: Metres(250))

  private func fetcher() -> FeedFetcher {
    FeedFetcher(client: HTTPClient(), policy: .never, seed: 1) { _ in }
  }

  private static func json(_ body: String) -> [Action] {
    LoopbackServer.answer(body, headers: ["Content-Type: application/json"])
  }

  /// Hours of a day as EnergyZero writes them; the price is the number of the hour in cents.
  private static func energyZero(_ day: Range<Date>) -> String {
    let grid = TimeGrid(covering: day, stepSeconds: 3_600)
    let rows = grid.indices.map { index in
      let (start, end) = (grid.date(at: index), grid.date(at: index + 1))
      return #"{"start":"\#(start.formatted(.iso8601))","end":"\#(end.formatted(.iso8601))","#
        + #""price":{"value":"\#(Double(index) / 100)"}}"#
    }
    return #"{"base":["# + rows.joined(separator: ",") + "]}"
  }

  /// Hours from an instant on as Bright Sky writes them: as many degrees as the number of the hour.
  private static func brightSky(from start: Date, hours: Int) -> String {
    let rows = (0...hours).map { hour in
      let time = start.addingTimeInterval(Double(hour) * 3_600)
      return #"{"timestamp":"\#(time.formatted(.iso8601))","temperature":\#(hour),"#
        + #""solar":0.\#(hour % 10),"wind_speed":36,"cloud_cover":50}"#
    }
    return #"{"weather":["# + rows.joined(separator: ",") + #"],"sources":[]}"#
  }

  @Test("EnergyZero: four equal quarters of 23, 24 and 25 hours; a day without prices is told")
  func energyZeroDays() async throws {
    for (date, quarters) in [("2026-03-29", 92), ("2026-06-10", 96), ("2026-10-25", 100)] {
      let day = amsterdam.day(holding: instant(date + "T10:00:00Z"))
      let server = try LoopbackServer { _, _ in Self.json(Self.energyZero(day)) }
      let grid = TimeGrid(covering: day, stepSeconds: 900)
      let found = try await fetcher().prices(
        of: EnergyZeroPrices(address: server.address), for: day, at: day.lowerBound
      ).spotPrices(publishedBefore: day.lowerBound, on: grid)
      #expect(found.values.count == quarters)
      #expect(found.values.enumerated().allSatisfy { $1?.rawValue == Double($0 / 4) / 100 })
      let (year, month, dayOfMonth) = (
        date.prefix(4), Int(date.dropFirst(5).prefix(2)),
        date.suffix(2)
      )
      #expect(server.requests[0].head.contains("date=\(dayOfMonth)-\(month ?? 0)-\(year)"))
      server.stop()
    }
    let day = amsterdam.day(holding: instant("2026-06-10T10:00:00Z"))
    let late = try LoopbackServer { _, _ in Self.json(#"{"base":[]}"#) }
    do throws(FeedError) {
      _ = try await fetcher().prices(
        of: EnergyZeroPrices(address: late.address), for: day, at: day.lowerBound)
      Issue.record("expected an error")
    } catch {
      guard case .notPublished = error else {
        Issue.record("expected 'not published', got \(error)")
        return
      }
    }
  }

  @Test("Bright Sky: energy of the hour before its label, also on the days of 23 and 25 hours")
  func brightSkyDays() async throws {
    for date in ["2026-03-28T23:00:00Z", "2026-10-24T22:00:00Z"] {
      let start = instant(date)
      let server = try LoopbackServer { _, _ in Self.json(Self.brightSky(from: start, hours: 72)) }
      let weather = try await fetcher().fetch(
        BrightSky.question(
          location: place, from: start, to: start.addingTimeInterval(3 * 86_400),
          address: server.address), service: BrightSky.service
      ) { response throws(FeedError) in try BrightSky.weather(in: response, issuedAt: start) }
      #expect(weather.grid.start == start)
      #expect(weather.temperature?[26] == 26.5)
      #expect(abs((weather.irradiance?[26] ?? 0) - 700) < 1e-9)  // of the label 27
      #expect(abs((weather.windSpeed?[0] ?? 0) - 10) < 1e-9)
      #expect(server.requests[0].head.contains("tz=UTC"))
      server.stop()
    }
  }

  private static func faults(_ whole: String) -> [(name: String, actions: [Action], Bool)] {
    let cut = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
    return [
      ("status 429", LoopbackServer.answer("slow down", status: "429 Slow"), true),
      ("status 500", LoopbackServer.answer("oops", status: "500 Oops"), true),
      ("status 401", LoopbackServer.answer("who?", status: "401 Who"), false),
      (
        "broke before the end",
        [.send(Array((cut + "\(whole.utf8.count)\r\n\r\n" + whole.prefix(60)).utf8)), .close], true
      ),
      ("not valid", json(String(whole.prefix(60))), true),
      ("no answer in time", [.wait(milliseconds: 1_000)] + json(whole), true),
      ("text/html", LoopbackServer.answer("<html>", headers: ["Content-Type: text/html"]), true),
    ]
  }

  @Test("every fault is told by its name and gives neither prices nor weather")
  func faults() async throws {
    let day = amsterdam.day(holding: instant("2026-06-10T10:00:00Z"))
    let bodies = [
      Self.energyZero(day), Self.brightSky(from: day.lowerBound, hours: 72),
    ]
    for (position, body) in bodies.enumerated() {
      for (name, actions, isTransient) in Self.faults(body) {
        let server = try LoopbackServer { _, _ in actions }
        let service = EnergyZeroPrices(address: server.address)
        let question = try #require(service.questions(for: day).first)
        var request =
          position == 0
          ? question.request
          : BrightSky.question(
            location: place, from: day.lowerBound, to: day.upperBound, address: server.address)
        if name == "no answer in time" { request.limits.totalSeconds = 0.2 }
        do throws(FeedError) {
          _ = try await fetcher().fetch(request, service: "x") { response throws(FeedError) in
            position == 0
              ? try service.prices(in: response, to: question, at: day.lowerBound).count
              : try BrightSky.weather(in: response, issuedAt: day.lowerBound).grid.count
          }
          Issue.record("\(position), \(name): expected an error")
        } catch {
          #expect("\(error)".contains(name), "\(position): \(error)")
          #expect(error.isTransient == isTransient, "\(position), \(name)")
        }
        server.stop()
      }
    }
  }
}
