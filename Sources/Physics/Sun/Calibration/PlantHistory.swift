// SPDX-License-Identifier: MIT
public import TimeSeries

/// What a plant gave, beside the weather of the same steps.
public struct PlantHistory: Sendable, Hashable {
  /// The weather, measured or from an archive; wind and snowfall may be absent.
  public let weather: PlantWeather
  /// The plant's alternating current; missing where it was not measured.
  public let power: Series<Watts>
  /// Steps to leave out, because the plant gave less than it could: curtailed, snowed in, switched off.
  public let excluded: Set<Int>

  /// Weather and power on one grid.
  ///
  /// - Precondition: equal grids.
  public init(weather: PlantWeather, power: Series<Watts>, excluded: Set<Int> = []) {
    precondition(weather.grid == power.grid, "power and weather of a history are on one grid")
    self.weather = weather
    self.power = power
    self.excluded = excluded
  }

  /// The steps.
  public var grid: TimeGrid { power.grid }

  /// The same with the stamps of the power put right in the stretches a calibration found to be off.
  public func correctingClock(_ findings: [ClockFinding]) -> PlantHistory {
    guard !findings.isEmpty else { return self }
    return correctingClock(
      lateMinutes: grid.indices.map { index in
        let time = grid.date(at: index)
        return findings.first { $0.range.contains(time) }?.lateMinutes ?? 0
      })
  }

  /// The same with the power as a clock says it that is off: moved earlier in some steps.
  ///
  /// - Parameter minutes: for each step by how much the stamp of its power is late; a part of a step
  ///   takes its share of both neighbours.
  func correctingClock(lateMinutes minutes: [Int]) -> PlantHistory {
    let stepMinutes = Double(grid.stepSeconds) / 60
    let corrected: [Watts?] = grid.indices.map { index in
      let position = Double(index) + Double(minutes[index]) / stepMinutes
      let before = Int(position.rounded(.down))
      let share = position - Double(before)
      guard grid.indices.contains(before), let first = power[before] else { return nil }
      guard share > 0 else { return first }
      guard grid.indices.contains(before + 1), let second = power[before + 1] else { return nil }
      return first * (1 - share) + second * share
    }
    return PlantHistory(
      weather: weather, power: Series(grid: grid, values: corrected), excluded: excluded)
  }
}
