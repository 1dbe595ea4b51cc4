// SPDX-License-Identifier: MIT
public import Foundation
public import Household
public import TimeSeries

/// What a household draws without heaters and cars, minute by minute: a quiet night, a morning and
/// an evening peak, cooking and washing at hours that differ from day to day.
///
/// A local day is generated from the seed and its date alone, so the past is as easy to have as
/// the future. The expected energy of a year is the one the home states.
public struct SimulatedBaseLoad: Sendable, Hashable {
  /// The energy expected in a year.
  public let yearly: KilowattHours
  /// The household's clock.
  public let calendar: SiteCalendar
  /// What makes it differ from other households.
  public let seed: UInt64

  /// A household.
  public init(yearly: KilowattHours, calendar: SiteCalendar, seed: UInt64) {
    self.yearly = yearly
    self.calendar = calendar
    self.seed = seed
  }

  /// The base load of the home's people.
  public init(home: Home, seed: UInt64) {
    self.init(
      yearly: home.preferences.yearlyBaseLoad, calendar: home.site.calendar, seed: seed)
  }

  /// The mean power of each step of a grid, with steps of whole minutes.
  public func power(on grid: TimeGrid) -> Series<Watts> {
    var day: (range: Range<Date>, watts: [Double]) = (grid.start..<grid.start, [])
    let minutes = max(1, grid.stepSeconds / 60)
    let values = grid.indices.map { step -> Double in
      let start = grid.date(at: step)
      let sum = (0..<minutes).reduce(0.0) { sum, minute in
        let date = start.addingTimeInterval(Double(minute) * 60)
        if !day.range.contains(date) {
          let range = calendar.day(holding: date)
          day = (range, minuteWatts(of: range))
        }
        return sum + day.watts[Int(date.timeIntervalSince(day.range.lowerBound) / 60)]
      }
      return sum / Double(minutes)
    }
    return Series(grid: grid, rawValues: values)
  }

  /// The past of `days` whole days before an instant, in quarter-hours: what a forecaster that is
  /// switched on now would find in its history.
  public func history(before end: Date, days: Int) -> Series<Watts> {
    let last = TimeGrid.floor(end, stepSeconds: 900)
    return power(
      on: TimeGrid(
        start: last.addingTimeInterval(-86_400 * Double(days)), stepSeconds: 900,
        count: days * 96))
  }

  /// The power of each minute of a local day, W; 1380, 1440 or 1500 numbers.
  func minuteWatts(of day: Range<Date>) -> [Double] {
    let count = Int(day.upperBound.timeIntervalSince(day.lowerBound) / 60)
    let wall = calendar.wallTime(at: day.lowerBound)
    let number = Int((day.lowerBound.timeIntervalSince1970 / 86_400).rounded())
    let pattern = HouseholdPattern(isDayOff: wall.isDayOff)
    let level = exp(0.12 * noise(.baseLoadLevel).persistent(from: number, count: 1, memory: 4)[0])
    let busyness = noise(.baseLoadBusyness)
      .persistent(from: number * 48, count: 52, memory: 3)
    let season = 1 + 0.12 * cos(2 * .pi * (Double(number % 365) - 10) / 365.25)
    var watts = (0..<count).map { minute -> Double in
      let hour = self.wallHour(minute, dayStart: day.lowerBound, shift: count - 1_440)
      let mood = busyness[min(51, minute / 30)]
      let busy = exp(0.45 * mood - 0.1)
      return pattern.quietWatts + pattern.livelyWatts(hour: hour) * level * season * busy
    }
    let flicker = noise(.baseLoadFlicker)
    for minute in 0..<count {
      watts[minute] += 25 * flicker.normal(number * 1_500 + minute)
    }
    addAppliances(to: &watts, pattern: pattern, day: number)
    let scale = yearly.rawValue / HouseholdPattern.expectedYearlyKilowattHours
    return watts.map { max(20, $0) * scale }
  }

  /// The hour on the wall of a minute; after 02:00 shifted on the two days the clocks change.
  private func wallHour(_ minute: Int, dayStart: Date, shift: Int) -> Double {
    let shifted = minute >= 120 ? minute - shift : minute
    return Double(min(1_439, max(0, shifted))) / 60
  }

  private func addAppliances(to watts: inout [Double], pattern: HouseholdPattern, day: Int) {
    let draw = noise(.baseLoadAppliances)
    for (index, appliance) in HouseholdPattern.appliances.enumerated() {
      let chance = pattern.isDayOff ? appliance.dayOffChance : appliance.workingDayChance
      let position = (day * 64 + index) * 4
      guard draw.uniform(position) < chance else { continue }
      let start = (appliance.usualHour + appliance.spreadHours * draw.normal(position + 1)) * 60
      let minutes = Int(appliance.minutes * (0.8 + 0.4 * draw.uniform(position + 2)))
      for minute in 0..<minutes {
        let index = Int(start) + minute
        guard watts.indices.contains(index) else { continue }
        watts[index] += appliance.watts
      }
    }
  }

  private func noise(_ stream: SeededNoise.Stream) -> SeededNoise {
    SeededNoise(seed: seed, stream: stream)
  }
}
