// SPDX-License-Identifier: MIT
import Forecasting
import Foundation
import History
import Household
import Simulation
import Synchronization
import TimeSeries

/// What a running pems knows of the time to come: prices and the past out of its store.
///
/// A store that cannot be read leaves the last picture in place, and the forecasts say what is
/// missing.
final class LiveOutlook: Sendable {
  private let home: Home
  private let path: String
  private let log: RunLog
  private let remembered = Mutex(Past())

  private struct Past {
    var baseLoad: [Sample] = []
    var pv: [Sample] = []
    var spot: [Sample] = []
  }

  init(home: Home, storePath: String, log: RunLog) {
    self.home = home
    path = storePath
    self.log = log
  }

  private static let step = 900

  /// What is known now.
  func known(at time: Date, on grid: TimeGrid, snapshot: Snapshot) -> ForecastInputs {
    let past = refreshed(at: time, until: grid.end)
    func series<Value: Quantity>(_ samples: [Sample], days: Double) -> Series<Value> {
      let steps = TimeGrid(
        covering: time.addingTimeInterval(
          -days * 86_400)..<TimeGrid.floor(
            time, stepSeconds: Self.step), stepSeconds: Self.step)
      let values = Resampling.hold(maximumAge: 3_600).apply(samples, to: steps)
      return Series(grid: steps, values: values.map { $0.map { Value(rawValue: $0) } })
    }
    let published = Resampling.hold(maximumAge: 3_599).apply(past.spot, to: grid)
    return ForecastInputs(
      issuedAt: time, grid: grid, weather: nil,
      outdoorTemperature: snapshot.outdoorTemperature?.value,
      publishedSpotPrice: Series(
        grid: grid, values: published.map { $0.map { PricePerKilowattHour($0) } }),
      pastSpotPrice: series(past.spot, days: 14),
      baseLoadHistory: series(past.baseLoad, days: 56),
      pvHistory: home.inverter == nil ? nil : series(past.pv, days: 15),
      vehicles: snapshot.vehicles.mapValues(\.value))
  }

  private func refreshed(at time: Date, until end: Date) -> Past {
    do {
      var past = Past()
      let history = try SQLiteHistory(file: path, access: .reading)
      let load = try history.samples(
        of: .baseLoadPower, in: time.addingTimeInterval(-56 * 86_400)..<time)
      past.baseLoad =
        try load.isEmpty
        ? history.samples(of: .loadPower, in: time.addingTimeInterval(-56 * 86_400)..<time) : load
      past.pv = try history.samples(of: .pvPower, in: time.addingTimeInterval(-15 * 86_400)..<time)
      past.spot = try history.samples(
        of: .spotPrice(currency: home.site.currency),
        in: time.addingTimeInterval(-14 * 86_400)..<end)
      remembered.withLock { [past] in $0 = past }
    } catch {
      log.writeSparsely(.warning, "store_unreadable", key: "store", ["problem": "\(error)"])
    }
    return remembered.withLock { $0 }
  }
}
