// SPDX-License-Identifier: MIT
import Configuration
import Feeds
import Forecasting
import Foundation
import Household
import Simulation
import Synchronization
import TimeSeries

/// What a running pems knows of the time to come: what `pems fetch` and the recorder put into its
/// store. A store that cannot be read leaves nothing known: the last plan stays in force for a while
/// and the forecasts say what is missing.
///
/// Where the weather comes from is told when it changes: the newest run, climatology, persistence, none;
/// and whether scenarios have an ensemble.
final class LiveOutlook: Outlook {
  private let configuration: HomeConfiguration
  private let log: RunLog
  private let alert: @Sendable (String) -> Void
  private let origins = Mutex<[String: String]>([:])

  /// What is known in a home; `alert` tells people.
  init(
    configuration: HomeConfiguration, log: RunLog, alert: @escaping @Sendable (String) -> Void
  ) {
    self.configuration = configuration
    self.log = log
    self.alert = alert
  }

  /// What is known now.
  func known(at time: Date, on grid: TimeGrid, snapshot: Snapshot) -> ForecastInputs {
    do {
      let outlook = try StoredOutlook(
        configuration: configuration, store: configuration.history.storePath, at: time,
        until: grid.end)
      let weather = outlook.weather(at: time, on: grid)
      let ensemble = outlook.ensemble(at: time, on: grid)
      tell(weather)
      tell(ensemble)
      return outlook.known(
        at: time, on: grid, snapshot: snapshot, weather: weather, ensemble: ensemble)
    } catch {
      log.writeSparsely(.warning, "store_unreadable", key: "store", ["problem": "\(error)"])
      return nothing(at: time, on: grid, snapshot: snapshot)
    }
  }

  private func tell(_ weather: WeatherLadder.Answer?) {
    let isFresh = weather?.rung == .forecast
    let reason =
      weather?.diagnostics.first?.message
      ?? "neither forecast nor measured: configure a weather service (docs/configuration.md)"
    tell("weather", from: weather?.rung.rawValue ?? "none", warning: isFresh ? nil : reason)
  }

  private func tell(_ ensemble: LoggedEnsembles.Answer) {
    switch ensemble {
    case .unused: break
    case .known(let known): tell("ensemble", from: known.source, warning: nil)
    case .missing(let reason): tell("ensemble", from: "none", warning: reason)
    }
  }

  /// Tells where something comes from, when that has changed; a warning goes to people too.
  private func tell(_ subject: String, from origin: String, warning: String?) {
    let isNew = origins.withLock { origins in
      origins.updateValue(origin, forKey: subject) != origin
    }
    guard isNew else { return }
    guard let warning else { return log.write(.info, subject, ["from": origin]) }
    log.write(.warning, subject, ["from": origin, "reason": warning])
    alert("\(subject): \(warning)")
  }

  private func nothing(at time: Date, on grid: TimeGrid, snapshot: Snapshot) -> ForecastInputs {
    let past = TimeGrid(start: grid.start, stepSeconds: grid.stepSeconds, count: 0)
    return ForecastInputs(
      issuedAt: time, grid: grid, weather: nil,
      outdoorTemperature: snapshot.outdoorTemperature?.value,
      publishedSpotPrice: Series(grid: grid, constant: nil),
      pastSpotPrice: Series(grid: past, values: []),
      baseLoadHistory: Series(grid: past, values: []),
      pvHistory: nil, vehicles: snapshot.vehicles.mapValues(\.value))
  }
}
