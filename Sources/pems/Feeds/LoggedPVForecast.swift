// SPDX-License-Identifier: MIT
import Configuration
import Feeds
import Forecasting
import Foundation
import Household
import TimeSeries

/// A PV forecast of a service with the array it is about, as the log keeps it.
struct LoggedPVForecast: Codable {
  /// A service that has been silent for longer has nothing to say.
  private static let longestAgeSeconds = 86_400.0
  /// So much of the log is read: days of several services.
  private static let logTailBytes = 4 << 20

  let array: String?
  let forecast: PVPowerForecast

  /// What the configured services said last, whole plants only.
  static func newest(
    _ services: [FeedSettings.PVService], of home: Home, log: URL, at now: Date, on grid: TimeGrid
  ) -> [ServicePV] {
    let logged = try? ForecastLines.read(Self.self, from: log, tail: logTailBytes)
    let fresh = (logged ?? []).filter {
      $0.forecast.issuedAt <= now
        && now.timeIntervalSince($0.forecast.issuedAt) <= longestAgeSeconds
    }
    return services.compactMap { service in
      guard service.weight > 0 else { return nil }
      let questions = service.questions(for: home, now: now)
      let parts = questions.compactMap { question in
        fresh.last { $0.forecast.source == question.name && $0.array == question.array }
      }
      guard let name = questions.first?.name, parts.count == questions.count else { return nil }
      let powers = parts.map { $0.forecast.power(on: grid) }
      let sum = grid.indices.map { index -> Watts? in
        let steps = powers.compactMap { $0[index] }
        return steps.count == powers.count ? steps.reduce(.zero, +) : nil
      }
      return ServicePV(
        source: name, weight: service.weight, power: Series(grid: grid, values: sum))
    }
  }
}
