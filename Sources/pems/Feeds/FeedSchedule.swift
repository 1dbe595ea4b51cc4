// SPDX-License-Identifier: MIT
import Foundation
import Household
import TimeSeries

/// When a running pems asks which kind of service again.
struct FeedSchedule {
  /// Weather models run every few hours; an hour old is fresh.
  private static let weatherSeconds = 3_600.0
  /// Ensembles run every three to twelve hours, and an answer of one counts as several requests.
  private static let ensembleSeconds = 10_800.0
  /// After a failure, and between looks for prices that should be out.
  private static let soonSeconds = 600.0
  /// Each PV service has its own quota, so it is only seen whether a request is due.
  private static let pvSeconds = 900.0

  private var next: [FeedSubject: Date] = [:]

  /// A schedule by which everything is due, but weather only an hour after the newest forecast, and an
  /// ensemble three: a program that is started again and again does not ask each time.
  init(newestWeather: Date? = nil, newestEnsemble: Date? = nil) {
    next[.weather] = newestWeather?.addingTimeInterval(Self.weatherSeconds)
    next[.ensemble] = newestEnsemble?.addingTimeInterval(Self.ensembleSeconds)
  }

  /// What is to be asked now. A time too far ahead, after the clock was set back, counts for nothing.
  func due(at now: Date) -> Set<FeedSubject> {
    Set(
      FeedSubject.asked.filter { subject in
        guard let time = next[subject] else { return true }
        return time <= now || time > now.addingTimeInterval(2 * 86_400)
      })
  }

  /// Notes what became of a round.
  ///
  /// - Parameter calendar: that of the site; prices of tomorrow come out after one o'clock there.
  mutating func note(_ report: FeedReport, at now: Date, calendar: SiteCalendar) {
    for subject in report.asked {
      switch subject {
      case .weather:
        let isFetched = report.lines.contains { $0.subject == subject && $0.isFetched }
        next[subject] = now.addingTimeInterval(isFetched ? Self.weatherSeconds : Self.soonSeconds)
      case .ensemble:
        let isFailed = report.lines.contains { $0.subject == subject && !$0.isFetched }
        next[subject] = now.addingTimeInterval(isFailed ? Self.soonSeconds : Self.ensembleSeconds)
      case .prices:
        next[subject] =
          report.hasAllPrices
          ? FeedRun.publication(after: now, calendar: calendar)
          : now.addingTimeInterval(Self.soonSeconds)
      case .pv: next[subject] = now.addingTimeInterval(Self.pvSeconds)
      case .rates: break  // asked together with the prices
      }
    }
  }
}
