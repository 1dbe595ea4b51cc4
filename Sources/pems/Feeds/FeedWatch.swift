// SPDX-License-Identifier: MIT
import Configuration
import Feeds
import Foundation
import Household

/// Keeps prices and forecasts of a running pems fresh: what `pems fetch` does, when it is time.
///
/// What comes in goes into the store and the files beside it, where the next decision finds it, so
/// that a plan never waits for a service and a restart knows what was known before.
struct FeedWatch: Sendable {
  private static let lookSeconds = 5

  let configuration: HomeConfiguration
  let log: RunLog
  let now: @Sendable () -> Date
  /// Told when prices or weather came that were not known before.
  let onNews: @Sendable () -> Void

  /// Whether there is anything to ask.
  var isNeeded: Bool {
    let feeds = configuration.feeds
    return !(feeds.prices.isEmpty && feeds.weather.isEmpty && feeds.pv.isEmpty)
  }

  /// Asks until the task is cancelled.
  func run() async {
    guard isNeeded else { return }
    let calendar = configuration.home.site.calendar
    var schedule = FeedSchedule(newestWeather: newestWeather, newestEnsemble: newestEnsemble)
    while !Task.isCancelled {
      let (time, subjects) = (now(), schedule.due(at: now()))
      if !subjects.isEmpty {
        let report = await ask(subjects, at: time)
        schedule.note(report, at: time, calendar: calendar)
        if report.bringsNews { onNews() }
      }
      try? await Task.sleep(for: .seconds(Self.lookSeconds))  // cancelled: the loop ends
    }
  }

  private func ask(_ subjects: Set<FeedSubject>, at time: Date) async -> FeedReport {
    let store = configuration.history.storePath
    do {
      let report = try await FeedRun(
        configuration: configuration, store: store, now: time, policy: RetryPolicy(attempts: 3)
      ).run(subjects)
      for line in report.lines where !Task.isCancelled {
        let fields = [
          "subject": line.subject.rawValue, "service": line.service, "note": line.note,
        ]
        guard !line.isFetched else {
          log.write(.info, "fetched", fields)
          continue
        }
        log.writeSparsely(
          .warning, "fetch_failed", key: "fetch \(line.subject) \(line.service)",
          every: .seconds(3_600), fields)
      }
      return report
    } catch {
      log.writeSparsely(.warning, "fetch_failed", key: "fetch", ["problem": "\(error)"])
      return FeedReport(at: time, store: store, asked: subjects)
    }
  }

  private var newestWeather: Date? {
    let log = try? FeedFiles(store: configuration.history.storePath).weather.read(tail: 1 << 20)
    return log?.runs.last?.issuedAt
  }

  private var newestEnsemble: Date? {
    LoggedEnsembles(configuration, store: configuration.history.storePath).newest(before: now())?
      .issuedAt
  }
}
