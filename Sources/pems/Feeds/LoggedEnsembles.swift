// SPDX-License-Identifier: MIT
import Configuration
import Feeds
import Foundation
import Household
import TimeSeries

/// The weather ensembles that the configured services have sent, as the log beside a store keeps them.
struct LoggedEnsembles {
  /// What a plan may count on.
  enum Answer {
    /// None is configured, or plans are not made for scenarios.
    case unused
    /// A young one, whole on the grid of the plan.
    case known(WeatherEnsemble)
    /// None that is good enough, and why.
    case missing(reason: String)
  }

  /// An older one has lost its lead over the spread that was learned: a day, as for services of PV.
  static let longestAgeSeconds = 86_400.0
  /// So much of the log is read: some ten ensembles.
  private static let logTailBytes = 1 << 20

  private let names: [String]
  private let log: URL
  private let isUsed: Bool

  /// The log of a store.
  init(_ configuration: HomeConfiguration, store: String) {
    names = configuration.feeds.weather.compactMap(\.ensembleName)
    log = FeedFiles(store: store).ensemble
    isUsed = configuration.home.plansForScenariosOfSun
  }

  /// The newest one of the configured services.
  func newest(before now: Date) -> WeatherEnsemble? { newest(of: names, before: now) }

  /// The newest one of some services.
  func newest(of names: [String], before now: Date) -> WeatherEnsemble? {
    guard !names.isEmpty else { return nil }
    let logged = try? ForecastLines.read(
      WeatherEnsemble.self, from: log, tail: Self.logTailBytes)
    return logged?.last { $0.issuedAt <= now && names.contains($0.source) }
  }

  /// What a plan on a grid may count on.
  func answer(at now: Date, on grid: TimeGrid) -> Answer {
    guard isUsed, let name = names.first else { return .unused }
    guard let newest = newest(before: now) else {
      return .missing(reason: "none of \(name) has been received; scenarios do without")
    }
    let age = now.timeIntervalSince(newest.issuedAt)
    guard age <= Self.longestAgeSeconds else {
      return .missing(
        reason: "that of \(newest.source) is \(Int(age / 3_600)) h old; scenarios do without")
    }
    guard let whole = newest.complete(over: grid.range) else {
      return .missing(
        reason: "fewer than \(WeatherEnsemble.fewestMembers) members of \(newest.source) are whole "
          + "until \(grid.end.formatted(.iso8601)); scenarios do without")
    }
    return .known(whole)
  }
}

extension FeedSettings.WeatherService {
  /// What messages and the log call its ensemble; `nil` where none is configured.
  var ensembleName: String? { ensemble.map { OpenMeteo.service(ofEnsemble: $0.model) } }
}

extension Home {
  /// Whether an ensemble has a use: there is a roof whose scenarios are planned for.
  var plansForScenariosOfSun: Bool {
    inverter != nil && !pvArrays.isEmpty && preferences.planning.uncertainty == .scenarios
  }
}
