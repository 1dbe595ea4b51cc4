// SPDX-License-Identifier: MIT
import Feeds
import Foundation
import HTTP
import Household
import TestSupport
import Testing
import TimeSeries

/// Answers in the shape of open-meteo.com/en/docs/ensemble-api.
@Suite("Weather ensembles")
struct EnsembleTests {
  private let start = instant("2026-06-10T00:00:00Z")

  /// Six hours of some members; `change` may leave columns out or change them.
  private func answer(
    members: Int, _ change: (inout [String: String]) -> Void = { _ in }
  ) -> HTTPResponse {
    var columns: [String: String] = [:]
    for member in 0..<members {
      let suffix = member == 0 ? "" : String(format: "_member%02d", member)
      columns["temperature_2m" + suffix] = "[1\(member).5,11,12,13,14,15]"
      columns["shortwave_radiation" + suffix] = "[0,\(member),20,30,40,50]"
    }
    change(&columns)
    let first = Int(start.timeIntervalSince1970)
    let times = (0..<6).map { "\(first + $0 * 3_600)" }.joined(separator: ",")
    let body =
      #"{"utc_offset_seconds":0,"hourly_units":{"time":"unixtime"},"hourly":{"time":[\#(times)],"#
      + columns.map { #""\#($0)":\#($1)"# }.sorted().joined(separator: ",") + "}}"
    return HTTPResponse(
      status: 200, headers: ["content-type": "application/json"], body: Array(body.utf8))
  }

  private func read(_ response: HTTPResponse) throws(FeedError) -> WeatherEnsemble {
    try OpenMeteo.ensemble(in: response, model: "icon_seamless", issuedAt: start)
  }

  @Test("members come in the service's order, their sun as the mean of the hour that begins")
  func reads() throws {
    let ensemble = try read(answer(members: 12))
    #expect(ensemble.source == "Open-Meteo icon_seamless")
    #expect(ensemble.grid == TimeGrid(start: start, stepSeconds: 3_600, count: 6))
    #expect(ensemble.members.count == 12)
    // Radiation is over the hour before its label; temperature holds at it.
    #expect(ensemble.members[11].irradiance == [11, 20, 30, 40, 50, nil])
    #expect(ensemble.members[3].temperature == [12.25, 11.5, 12.5, 13.5, 14.5, 15])
  }

  @Test("a member without sun or temperature is left out, too few members are an error by name")
  func missingMembers() throws {
    let lacking = try read(
      answer(members: 12) { columns in
        columns["shortwave_radiation_member04"] = nil
        columns["temperature_2m_member05"] = nil
      })
    #expect(lacking.members.count == 10)
    let error = #expect(throws: FeedError.self) { try read(answer(members: 1)) }
    #expect("\(try #require(error))".contains("is 'icon_seamless' an ensemble?"))
    #expect(throws: FeedError.self) {
      try read(answer(members: 12) { $0["temperature_2m_member07"] = "[1,2]" })
    }
  }

  @Test("only members that are whole over a time count for it")
  func complete() throws {
    let ensemble = try read(
      answer(members: 12) { $0["shortwave_radiation_member02"] = "[0,1,null,3,4,5]" })
    func whole(_ first: Double, _ last: Double) -> WeatherEnsemble? {
      ensemble.complete(
        over: start.addingTimeInterval(first * 3_600)..<start.addingTimeInterval(last * 3_600))
    }
    #expect(whole(0, 1)?.members.count == 12)
    // A quarter-hour inside the second and third hour; what is missing lies in the second.
    #expect(whole(1.75, 2.25)?.members.count == 11)
    #expect(whole(1.75, 2.25)?.grid.count == 2)
    #expect(whole(1.75, 2.25)?.members[2].irradiance == [20, 30])
    #expect(whole(4, 6) == nil)  // the last hour has no sun in any member
    #expect(whole(5, 7) == nil && whole(-1, 1) == nil)
  }

  @Test("what is logged begins with the running hour and reads back to the same bits")
  func logged() throws {
    let ensemble = try read(answer(members: 12)).from(start.addingTimeInterval(2.5 * 3_600))
    #expect(ensemble.grid.start == start.addingTimeInterval(7_200) && ensemble.grid.count == 4)
    let folder = try TemporaryFolder()
    let file = URL(filePath: folder.path("e.jsonl"))
    try ForecastLines.append(ensemble, to: file)
    // A line with too few values, as from a careless hand, is passed over.
    let line = try String(contentsOf: file, encoding: .utf8)
    try (line + line.replacing("15]", with: "15,16]")).write(
      to: file, atomically: true, encoding: .utf8)
    #expect(try ForecastLines.read(WeatherEnsemble.self, from: file) == [ensemble])
    #expect(ensemble.from(.distantFuture).grid.count == 0)
  }
}
