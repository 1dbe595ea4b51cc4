// SPDX-License-Identifier: MIT
import Feeds
import Foundation
import History
import Household
import TimeSeries

/// The weather that was, out of an archive, for hours of which a store has no readings of its own.
struct PastWeather {
  private let weather: IssuedWeather
  private let end: Date

  /// - Parameter end: hours that end later are no past.
  init(_ weather: IssuedWeather, until end: Date) {
    self.weather = weather
    self.end = end
  }

  private var columns: [(signal: SignalName, values: [Double?])] {
    [
      (.outdoorTemperature, weather.temperature), (.windSpeed, weather.windSpeed),
      (.globalHorizontalIrradiance, weather.irradiance), (.snowfall, weather.snowfall),
    ].compactMap { signal, values in values.map { (signal, $0) } }
  }

  /// Stores the means (snow: the sums) of the hours that have no reading there yet.
  ///
  /// - Returns: how many came in.
  func store(in history: SQLiteHistory) throws(HistoryError) -> Int {
    let grid = weather.grid
    var added = 0
    for (signal, values) in columns {
      let known = Set(
        try history.samples(of: signal, in: grid.range).compactMap { grid.index(of: $0.time) })
      let samples = grid.indices.compactMap { index -> Sample? in
        guard index < values.count, let value = values[index], !known.contains(index),
          grid.date(at: index + 1) <= end
        else { return nil }
        return Sample(time: grid.date(at: index), value: value)
      }
      added += try history.merge(samples, for: signal).added
    }
    return added
  }
}
