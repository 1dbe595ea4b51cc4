// SPDX-License-Identifier: MIT
import Configuration
import Feeds
import Foundation
import Household

extension StreamDoctor {
  /// So much of a log is read: days of several services.
  private static let logTailBytes = 8 << 20

  /// The verdict on the newest answer of each configured weather service and ensemble.
  func checkForecasts() -> [Check] {
    let services = configuration.feeds.weather
    let files = FeedFiles(store: store)
    let issued =
      ((try? files.weather.read(tail: Self.logTailBytes))?.newest(issuedBefore: now) ?? [])
      .map { ($0.source, $0.issuedAt) }
    let newest = Dictionary(issued, uniquingKeysWith: { $1 })
    let weather = services.map { service in
      judge("weather of \(service.name)", newest[service.name], isNeeded: true)
    }
    // What is only logged harms no plan.
    let isUsed = configuration.home.plansForScenariosOfSun
    let ensembles = LoggedEnsembles(configuration, store: store)
    return weather
      + services.compactMap(\.ensembleName).map { name in
        let known = ensembles.newest(of: [name], before: now)
        return judge("ensemble of \(name)", known?.issuedAt, isNeeded: isUsed)
      }
  }

  private func judge(_ name: String, _ newest: Date?, isNeeded: Bool) -> Check {
    let age = newest.map { now.timeIntervalSince($0) }
    let isStale = (age ?? 0) > staleAfterSeconds
    let note =
      age.map { isStale ? "nothing new for \(Self.duration($0)): pems fetch tells why" : "" }
      ?? "never received: pems fetch tells why"
    return Check(
      signal: name, store: "forecasts", status: age == nil ? .missing : isStale ? .stale : .found,
      isNeeded: isNeeded, newest: newest, note: note)
  }
}
