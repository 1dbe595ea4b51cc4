// SPDX-License-Identifier: MIT
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@Suite("Comfort and daily windows")
struct ComfortTests {
  let calendar: SiteCalendar

  init() throws {
    calendar = SiteCalendar(
      timeZone: try #require(TimeZone(identifier: "Europe/Prague")), holidays: .czechRepublic)
  }

  private func wall(_ text: String) -> SiteCalendar.WallTime {
    calendar.wallTime(at: instant(text))
  }

  @Test(
    "how far a temperature is outside of the band",
    arguments: [(19.0, 1.0), (20.0, 0.0), (21.0, 0.0), (22.0, 0.0), (22.5, 0.5)])
  func violation(temperature: Double, expected: Double) {
    let band = ComfortBand(lower: Celsius(20), upper: Celsius(22))
    #expect(band.violation(of: Celsius(temperature)) == Kelvins(expected))
  }

  @Test("the first open period counts, else the usual band")
  func schedule() {
    func band(_ lower: Double) -> ComfortBand {
      ComfortBand(lower: Celsius(lower), upper: Celsius(lower + 2))
    }
    let schedule = ComfortSchedule(
      usual: band(20),
      periods: [
        ComfortSchedule.Period(
          window: DailyWindow(days: .daysOff, startMinute: 1_320, endMinute: 480), band: band(19)),
        ComfortSchedule.Period(
          window: DailyWindow(startMinute: 1_320, endMinute: 360), band: band(18)),
      ])
    // Monday 12:00 and 22:00, Sunday 22:00, Monday 00:30 (no day off), Sunday 07:30.
    #expect(schedule.band(at: wall("2026-03-02T11:00:00Z")) == band(20))
    #expect(schedule.band(at: wall("2026-03-02T21:00:00Z")) == band(18))
    #expect(schedule.band(at: wall("2026-03-01T21:00:00Z")) == band(19))
    #expect(schedule.band(at: wall("2026-03-01T23:30:00Z")) == band(18))
    #expect(schedule.band(at: wall("2026-03-01T06:30:00Z")) == band(19))
  }

  @Test(
    "a window is half-open, and over midnight when its end is not after its start",
    arguments: [
      (600, 660, 599, false), (600, 660, 600, true), (600, 660, 659, true), (600, 660, 660, false),
      (1_320, 360, 1_319, false), (1_320, 360, 1_320, true), (1_320, 360, 1_439, true),
      (1_320, 360, 0, true), (1_320, 360, 359, true), (1_320, 360, 360, false),
      (600, 600, 599, true), (600, 600, 600, true), (0, 1_440, 0, true), (0, 1_440, 1_439, true),
    ])
  func window(start: Int, end: Int, minute: Int, isOpen: Bool) throws {
    let time = wall("2026-03-01T23:00:00Z")
    #expect(time.minuteOfDay == 0)
    let at = calendar.wallTime(
      at: instant("2026-03-01T23:00:00Z").addingTimeInterval(Double(minute) * 60))
    #expect(DailyWindow(startMinute: start, endMinute: end).contains(at) == isOpen)
  }

  @Test("working days and days off share the week, holidays are days off")
  func days() {
    let monday = wall("2026-03-02T12:00:00Z")
    let saturday = wall("2026-03-07T12:00:00Z")
    let goodFriday = wall("2026-04-03T12:00:00Z")
    #expect(DaySelection.workingDays.contains(monday) && !DaySelection.daysOff.contains(monday))
    #expect(!DaySelection.workingDays.contains(saturday) && DaySelection.daysOff.contains(saturday))
    #expect(DaySelection.daysOff.contains(goodFriday) && DaySelection.all.contains(goodFriday))
  }
}
