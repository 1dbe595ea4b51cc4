// SPDX-License-Identifier: MIT
import Configuration
import Forecasting
import Foundation
import Household
import TimeSeries

/// What a running pems knows of the time to come: what `pems fetch` and the recorder put into its
/// store. A store that cannot be read leaves nothing known: the last plan stays in force for a while
/// and the forecasts say what is missing.
struct LiveOutlook: Sendable {
  let configuration: HomeConfiguration
  let log: RunLog

  /// What is known now.
  func known(at time: Date, on grid: TimeGrid, snapshot: Snapshot) -> ForecastInputs {
    do {
      let outlook = try StoredOutlook(
        configuration: configuration, store: configuration.history.storePath, at: time,
        until: grid.end)
      return outlook.known(at: time, on: grid, snapshot: snapshot)
    } catch {
      log.writeSparsely(.warning, "store_unreadable", key: "store", ["problem": "\(error)"])
      return nothing(at: time, on: grid, snapshot: snapshot)
    }
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
