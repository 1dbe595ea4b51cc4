// SPDX-License-Identifier: MIT
import Feeds
import Foundation
import HTTP
import Household
import TestSupport
import Testing
import TimeSeries

/// What was known at an instant of the past, out of Open-Meteo's earlier runs.
@Suite("Open-Meteo's earlier runs")
struct EarlierRunsTests {
  private static let first = instant("2026-06-08T00:00:00Z")

  /// Six days of hours; the value of lead N at hour h is 1000 N + h.
  private static func answer(missing: ClosedRange<Int>? = nil) -> HTTPResponse {
    let labels = (0..<144).map { "\(Int(first.timeIntervalSince1970) + $0 * 3_600)" }
    let columns = (1...3).flatMap { lead in
      ["temperature_2m", "shortwave_radiation"].map { name in
        let values = (0..<144).map { hour in
          missing?.contains(hour) ?? false ? "null" : "\(1_000 * lead + hour)"
        }
        return "\"\(name)_previous_day\(lead)\":[\(values.joined(separator: ","))]"
      }
    }
    return response(labels, columns)
  }

  private static func response(_ labels: [String], _ columns: [String]) -> HTTPResponse {
    let body =
      #"{"utc_offset_seconds":0,"hourly_units":{"time":"unixtime"},"hourly":{"time":["#
      + labels.joined(separator: ",") + "]," + columns.joined(separator: ",") + "}}"
    return HTTPResponse(
      status: 200, headers: ["content-type": "application/json"], body: Array(body.utf8))
  }

  @Test("each hour comes out of the newest run that is not younger than the instant")
  func leads() throws {
    let runs = try OpenMeteoEarlierRuns(Self.answer())
    let noon = instant("2026-06-08T12:00:00Z")
    let weather = try #require(runs.issued(at: noon))
    #expect(weather.issuedAt == noon && weather.grid.start == noon && weather.grid.count == 72)
    // Radiation at label h is of the hour before: the step from hour 12 to 13 has label 13.
    let sun = try #require(weather.irradiance)
    #expect(sun[0] == 1_013 && sun[23] == 1_036)
    #expect(sun[24] == 2_037 && sun[47] == 2_060)
    #expect(sun[48] == 3_061 && sun[71] == 3_084)
    // Temperatures are means of the values at both ends of the hour.
    #expect(weather.temperature?[0] == 1_012.5 && weather.temperature?[24] == 2_036.5)
  }

  @Test("an instant within an hour takes no value that was predicted after it")
  func odd() throws {
    let runs = try OpenMeteoEarlierRuns(Self.answer())
    let weather = try #require(runs.issued(at: instant("2026-06-08T11:30:00Z")))
    #expect(weather.grid.start == instant("2026-06-08T12:00:00Z"))
    // The hour that ends 24.5 h later was predicted half an hour later a day before: too young.
    #expect(weather.irradiance?[22] == 1_035 && weather.irradiance?[23] == 2_036)
    #expect(weather.irradiance?[71] == .some(nil))
  }

  @Test("hours that the service does not have are missing, and days without any are no forecast")
  func missing() throws {
    let runs = try OpenMeteoEarlierRuns(Self.answer(missing: 0...40))
    let weather = try #require(runs.issued(at: instant("2026-06-08T12:00:00Z")))
    #expect(weather.irradiance?[27] == .some(nil) && weather.irradiance?[28] == 2_041)
    let none = try OpenMeteoEarlierRuns(Self.answer(missing: 0...143))
    #expect(none.issued(at: instant("2026-06-08T12:00:00Z")) == nil)
  }

  @Test(
    "a real answer of November 2024 gives the mean of its own columns at each lead",
    .enabled(
      if: ReferenceMaterial.has("data/d_si_openmeteo_previous_runs"),
      Comment(rawValue: ReferenceMaterial.missing("data/d_si_openmeteo_previous_runs"))))
  func recorded() throws {
    let file = ReferenceMaterial.url("data/d_si_openmeteo_previous_runs/weather_fore.csv")
    let rows = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline)
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    let names = rows[0]
    let hours = rows.dropFirst()
    let labels = hours.compactMap { row in
      Date(isoLike: row[0]).map { "\(Int($0.timeIntervalSince1970))" }
    }
    #expect(labels.count == hours.count && labels.count > 200)
    let columns = try (1...3).map { lead in
      let name = "temperature_2m_previous_day\(lead)"
      let place = try #require(names.firstIndex(of: name))
      let values = hours.map { $0[place].isEmpty ? "null" : $0[place] }
      return "\"\(name)\":[\(values.joined(separator: ","))]"
    }
    let runs = try OpenMeteoEarlierRuns(Self.response(labels, columns))
    let noon = instant("2024-11-06T11:00:00Z")
    let weather = try #require(runs.issued(at: noon))
    let start = try #require(labels.firstIndex(of: "\(Int(noon.timeIntervalSince1970))"))
    for (step, lead) in [(0, 1), (12, 1), (23, 1), (24, 2), (40, 2), (48, 3), (71, 3)] {
      let place = try #require(names.firstIndex(of: "temperature_2m_previous_day\(lead)"))
      let table = Array(hours)
      let here = try #require(Double(table[start + step][place]))
      let next = try #require(Double(table[start + step + 1][place]))
      let found = try #require(weather.temperature?[step])
      #expect(abs(found - (here + next) / 2) < 1e-9, "step \(step)")
    }
  }
}

extension Date {
  /// `2024-11-02 23:00:00+00:00`.
  fileprivate init?(isoLike text: String) {
    guard let date = try? Date(text.replacing(" ", with: "T"), strategy: .iso8601) else {
      return nil
    }
    self = date
  }
}
