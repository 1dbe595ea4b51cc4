// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing
import TimeSeries

@testable import Devices

/// Hand-checked instants in Prague, where the clock goes back on 2026-10-25 at 01:00 UTC.
@Suite("Lines of a Miniserver's logger")
struct LoxoneLineTests {
  private let prague = SiteCalendar(timeZone: TimeZone(identifier: "Europe/Prague") ?? .gmt)

  private func time(_ wall: String, cameAt arrival: String) throws -> String {
    let line = try #require(LoxoneLine("\(wall);temperature_kitchen;21.5;kitchen;temperature;_;_"))
    return line.time(arrivedAt: instant(arrival), calendar: prague).formatted(.iso8601)
  }

  @Test("counts at the second it was written, in summer and in winter")
  func siteTime() throws {
    #expect(
      try time("2026-07-01 14:00:05", cameAt: "2026-07-01T12:00:07Z") == "2026-07-01T12:00:05Z")
    #expect(
      try time("2026-01-12 14:00:05", cameAt: "2026-01-12T13:00:07Z") == "2026-01-12T13:00:05Z")
  }

  @Test(
    "of the hour that comes twice it is the one in which it came; the skipped hour is none",
    arguments: [
      ("2026-10-25 02:30:00", "2026-10-25T00:30:02Z", "2026-10-25T00:30:00Z"),
      ("2026-10-25 02:30:00", "2026-10-25T01:30:02Z", "2026-10-25T01:30:00Z"),
      ("2026-10-25 03:00:00", "2026-10-25T02:00:01Z", "2026-10-25T02:00:00Z"),
      ("2026-03-29 01:59:59", "2026-03-29T01:00:00Z", "2026-03-29T00:59:59Z"),
      ("2026-03-29 03:00:00", "2026-03-29T01:00:01Z", "2026-03-29T01:00:00Z"),
    ])
  func daylightSaving(wall: String, arrival: String, expected: String) throws {
    #expect(try time(wall, cameAt: arrival) == expected)
  }

  @Test("a clock that is wrong, ahead or no clock at all: the arrival counts")
  func wrongClock() throws {
    let arrival = "2026-07-01T12:00:07Z"
    for wall in [
      "2026-07-01 12:00:05", "2009-01-01 00:00:00", "2026-07-01 14:00:20", "2026-13-41 99:00:00",
      "", "now",
    ] { #expect(try time(wall, cameAt: arrival) == arrival, "\(wall)") }
  }

  @Test("without a name and a finite number it is no line; what follows may be missing")
  func fields() throws {
    for text in ["", "a;b", "a;b;", "a;b;nan", "a;b;1e999", "a;b;x"] {
      #expect(LoxoneLine(text) == nil, "\(text)")
    }
    let line = try #require(LoxoneLine("2026-07-01 14:00:05;Temperature_Outside;-3.5"))
    #expect(line.name == "temperature_outside" && line.value == -3.5)
    #expect(line.room == "_" && line.type == "default")
  }
}
