// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing
import TimeSeries

@testable import pems

/// Hand-checked instants around an afternoon in Prague.
@Suite("When a running pems asks which services")
struct FeedScheduleTests {
  private let prague = SiteCalendar(timeZone: TimeZone(identifier: "Europe/Prague") ?? .gmt)

  private func report(
    _ subjects: Set<FeedSubject>, fetched: Set<FeedSubject>, at now: Date, all: Bool = false
  ) -> FeedReport {
    var report = FeedReport(at: now, store: "x", asked: subjects)
    for subject in subjects {
      if fetched.contains(subject) {
        report.add(subject, "a", "")
      } else {
        report.fail(subject, "a", "")
      }
    }
    report.hasAllPrices = all
    return report
  }

  @Test(
    "everything at the start, weather hourly, an ensemble thrice as rarely, sooner after a failure")
  func periods() {
    let start = instant("2026-03-28T10:00:00Z")
    var schedule = FeedSchedule()
    #expect(schedule.due(at: start) == [.prices, .weather, .ensemble, .pv])
    schedule.note(
      report(
        [.prices, .weather, .ensemble, .pv], fetched: [.weather, .ensemble], at: start, all: true),
      at: start, calendar: prague)
    #expect(schedule.due(at: start.addingTimeInterval(899)) == [])
    #expect(schedule.due(at: start.addingTimeInterval(900)) == [.pv])
    #expect(schedule.due(at: start.addingTimeInterval(3_600)) == [.pv, .weather])
    schedule.note(report([.weather], fetched: [], at: start), at: start, calendar: prague)
    #expect(schedule.due(at: start.addingTimeInterval(600)) == [.weather])
    #expect(!schedule.due(at: start.addingTimeInterval(10_799)).contains(.ensemble))
    let later = start.addingTimeInterval(10_800)
    #expect(schedule.due(at: later).contains(.ensemble))
    schedule.note(report([.ensemble], fetched: [], at: later), at: later, calendar: prague)
    #expect(!schedule.due(at: later.addingTimeInterval(599)).contains(.ensemble))
    #expect(schedule.due(at: later.addingTimeInterval(600)).contains(.ensemble))
    // A home without an ensemble is not looked at every ten minutes.
    schedule.note(
      FeedReport(at: later, store: "x", asked: [.ensemble]), at: later, calendar: prague)
    #expect(!schedule.due(at: later.addingTimeInterval(600)).contains(.ensemble))
  }

  @Test("prices once a day after publication, every ten minutes while they are late")
  func prices() {
    var schedule = FeedSchedule()
    // 13:05 in Prague is 12:05 UTC in winter and 11:05 in summer, the day after.
    let morning = instant("2026-03-28T10:00:00Z")
    schedule.note(
      report([.prices, .pv], fetched: [.prices], at: morning, all: true), at: morning,
      calendar: prague)
    #expect(!schedule.due(at: instant("2026-03-28T12:04:59Z")).contains(.prices))
    let noon = instant("2026-03-28T12:05:00Z")
    #expect(schedule.due(at: noon).contains(.prices))
    schedule.note(report([.prices], fetched: [.prices], at: noon), at: noon, calendar: prague)
    #expect(!schedule.due(at: noon.addingTimeInterval(599)).contains(.prices))
    let later = noon.addingTimeInterval(600)
    #expect(schedule.due(at: later).contains(.prices))
    schedule.note(
      report([.prices], fetched: [.prices], at: later, all: true), at: later, calendar: prague)
    #expect(!schedule.due(at: instant("2026-03-29T11:04:59Z")).contains(.prices))
    #expect(schedule.due(at: instant("2026-03-29T11:05:00Z")).contains(.prices))
  }

  @Test("a restart asks no weather that is fresh; a clock set back by years stops nothing")
  func restarts() {
    let now = instant("2026-03-28T10:00:00Z")
    let schedule = FeedSchedule(
      newestWeather: now.addingTimeInterval(-1_800), newestEnsemble: now.addingTimeInterval(-3_600))
    #expect(schedule.due(at: now) == [.prices, .pv])
    #expect(schedule.due(at: now.addingTimeInterval(1_800)) == [.prices, .pv, .weather])
    #expect(
      schedule.due(at: now.addingTimeInterval(7_200)) == [.prices, .pv, .weather, .ensemble])
    #expect(
      schedule.due(at: now.addingTimeInterval(-9 * 86_400)) == [.prices, .pv, .weather, .ensemble])
  }
}
