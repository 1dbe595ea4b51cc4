// SPDX-License-Identifier: MIT
import Configuration
import Foundation
import Household
import Simulation
import TimeSeries

extension RunService {
  /// What is known of the days to come: from the store, or of the simulator in rehearsals.
  ///
  /// - Parameter alert: tells people.
  static func outlook(
    _ configuration: HomeConfiguration, _ options: Options, log: RunLog, now: Date,
    alert: @escaping @Sendable (String) -> Void
  ) throws -> any Outlook {
    guard let seed = options.simulatedOutlookSeed else {
      return LiveOutlook(configuration: configuration, log: log, alert: alert)
    }
    let home = configuration.home
    let weather = SimulatedWeather(location: home.site.location, seed: seed)
    let market = SimulatedDayAheadMarket(
      weather: weather, site: home.site, seed: seed)
    let start = TimeGrid.floor(now, stepSeconds: 900)
    let twin = try SimulatedHome(
      home: home, truth: TruthParameters(), weather: weather, market: market, seed: seed,
      start: start)
    return SimulatedOutlook(home: twin, period: start..<start.addingTimeInterval(16 * 86_400))
  }
}
