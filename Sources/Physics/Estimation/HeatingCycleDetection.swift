// SPDX-License-Identifier: MIT
public import TimeSeries

extension HeatingStatistics {
  /// Cycles, duty and rates of a room from its series.
  ///
  /// A heating begins where heat exceeds a tenth of its usual maximum and ends where it falls below
  /// for longer than `pause`; shorter pauses belong to it. The cooling after it is watched until the
  /// next heating, for at most four hours.
  ///
  /// - Parameters:
  ///   - pause: hours off that still belong to one heating.
  /// - Returns: `nil` when the three series are not on one grid, or no step has all three.
  public init?(
    room: String, temperature: Series<Celsius>, heat: Series<Watts>, outdoor: Series<Celsius>,
    pause: Hours = Hours(0.5)
  ) {
    let grid = temperature.grid
    guard heat.grid == grid, outdoor.grid == grid else { return nil }
    let powers = heat.values.map { $0?.rawValue ?? 0 }
    let full = quantile(powers.filter { $0 > 1 }, 0.95) ?? 0
    var (difference, known, on) = (0.0, 0.0, 0.0)
    for index in grid.indices {
      guard let inside = temperature[index], let outside = outdoor[index], heat[index] != nil
      else { continue }
      difference += (inside - outside).rawValue
      known += 1
      if full > 0 { on += min(1, powers[index] / full) }
    }
    guard known > 0 else { return nil }
    let cycles = Self.cycles(
      temperature, isOn: powers.map { full > 0 && $0 > full / 10 }, pause: pause.rawValue)
    self.init(
      room: room, power: Watts(full), duty: Fraction(on / known),
      meanDifference: Kelvins(difference / known),
      heatUpRate: median(cycles.map(\.heatUpRate.rawValue).filter { $0 > 0 }).map {
        KelvinsPerHour($0)
      },
      coolDownRate: median(cycles.compactMap { $0.coolDownRate?.rawValue }.filter { $0 > 0 }).map {
        KelvinsPerHour($0)
      }, cycles: cycles)
  }

  /// Hours that the cooling is watched.
  private static let longestCooling = 4.0

  private static func cycles(
    _ temperature: Series<Celsius>, isOn: [Bool], pause: Double
  ) -> [HeatingCycle] {
    let hours = temperature.grid.stepHours
    let runs = runs(isOn, joining: Int((pause / hours).rounded()))
    return runs.enumerated().compactMap { index, run -> HeatingCycle? in
      let next = index + 1 < runs.count ? runs[index + 1].lowerBound : isOn.count
      let cooled = min(next, run.upperBound + Int((longestCooling / hours).rounded())) - 1
      guard run.lowerBound > 0, run.upperBound < isOn.count,
        let start = temperature[run.lowerBound], let end = temperature[run.upperBound]
      else { return nil }
      let last = cooled > run.upperBound ? temperature[cooled] : nil
      return HeatingCycle(
        heatingHours: Hours(Double(run.count) * hours), start: start, end: end,
        coolingHours: last.map { _ in Hours(Double(cooled - run.upperBound) * hours) },
        coolingDrop: last.map { end - $0 })
    }
  }

  private static func runs(_ isOn: [Bool], joining pause: Int) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    for (index, on) in isOn.enumerated() where on {
      if let last = runs.last, index - last.upperBound <= pause {
        runs[runs.count - 1] = last.lowerBound..<index + 1
      } else {
        runs.append(index..<index + 1)
      }
    }
    return runs
  }
}
