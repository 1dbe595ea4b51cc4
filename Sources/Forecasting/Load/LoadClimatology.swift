// SPDX-License-Identifier: MIT
public import Foundation
public import TimeSeries

/// Base load as it usually is: what the same time of day on the same kind of day was lately.
///
/// Two classes of days (working days, and days off), slots of the local clock. A slot's empirical
/// quantiles are pulled towards the generic profile while it has been seen only a few times.
public struct LoadClimatology: Sendable {
  /// How far back the climatology looks. Source: eight weeks were the strongest simple reference
  /// on 17 measured homes (docs/models/load-forecast.md).
  public static let window = Duration.hours(8 * 7 * 24)
  /// After this many days of one class a slot trusts its own past as much as the generic profile.
  static let priorDays = 3.0

  private struct Slot {
    var values: [Double] = []
  }

  private let calendar: SiteCalendar
  private let slotMinutes: Int
  private let yearly: KilowattHours
  private let levelScale: Double
  private let working: [Slot]
  private let off: [Slot]

  /// Learns from measured base load.
  ///
  /// - Parameters:
  ///   - history: base load without heaters and cars; steps after `issuedAt` are not looked at.
  ///   - issuedAt: nothing that ends later enters.
  ///   - calendar: the site's clock and holidays.
  ///   - yearly: the home's yearly base load, for the generic profile.
  public init(
    history: Series<Watts>, issuedAt: Date, calendar: SiteCalendar, yearly: KilowattHours
  ) {
    self.calendar = calendar
    self.yearly = yearly
    slotMinutes = max(1, history.grid.stepSeconds / 60)
    let slotCount = (1_440 + slotMinutes - 1) / slotMinutes
    var working = [Slot](repeating: Slot(), count: slotCount)
    var off = working
    var (measured, generic) = (0.0, 0.0)
    let oldest = issuedAt.addingTimeInterval(-Self.window.seconds)
    let times = calendar.wallTimes(on: history.grid)
    for index in history.grid.indices {
      let start = history.grid.date(at: index)
      guard start >= oldest, history.grid.date(at: index + 1) <= issuedAt,
        let value = history[index]
      else { continue }
      let time = times[index]
      let slot = min(slotCount - 1, time.minuteOfDay / slotMinutes)
      if time.isDayOff {
        off[slot].values.append(value.rawValue)
      } else {
        working[slot].values.append(value.rawValue)
      }
      measured += value.rawValue
      generic += GenericLoadProfile.power(at: time, yearly: yearly).rawValue
    }
    self.working = working
    self.off = off
    levelScale = generic > 0 ? measured / generic : 1
  }

  /// The base load of each step, issued now.
  public func forecast(issuedAt: Date, grid: TimeGrid) -> QuantileForecast<Watts> {
    let steps = calendar.wallTimes(on: grid).map(quantiles)
    return QuantileForecast(
      issuedAt: issuedAt, grid: grid, p10: steps.map { Watts($0.p10) },
      p50: steps.map { Watts($0.p50) }, p90: steps.map { Watts($0.p90) },
      mean: steps.map { Watts($0.mean) })
  }

  private typealias Quantiles = (p10: Double, p50: Double, p90: Double, mean: Double)

  private func quantiles(at time: SiteCalendar.WallTime) -> Quantiles {
    let slots = time.isDayOff ? off : working
    let slot = time.minuteOfDay / slotMinutes
    let own = slots[min(slots.count - 1, slot)].values.count
    let generic = GenericLoadProfile.power(at: time, yearly: yearly).rawValue * levelScale
    let spread = GenericLoadProfile.spread
    let prior: Quantiles = (
      spread.p10 * generic, spread.p50 * generic, spread.p90 * generic, generic
    )
    guard own > 0 else { return prior }
    let values = Self.neighbourhood(of: slot, in: slots).sorted()
    let weight = Double(own) / (Double(own) + Self.priorDays)
    func blend(_ measured: Double, _ prior: Double) -> Double {
      weight * measured + (1 - weight) * prior
    }
    return (
      blend(Self.quantile(0.1, of: values), prior.p10),
      blend(Self.quantile(0.5, of: values), prior.p50),
      blend(Self.quantile(0.9, of: values), prior.p90),
      blend(values.reduce(0, +) / Double(values.count), prior.mean)
    )
  }

  /// A slot with the one before and the one after: three times the sample for a little blur.
  private static func neighbourhood(of slot: Int, in slots: [Slot]) -> [Double] {
    [-1, 0, 1].flatMap { slots[(slot + $0 + slots.count) % slots.count].values }
  }

  /// The linearly interpolated quantile of sorted values, at least one.
  ///
  /// Source: R. Hyndman, Y. Fan, The American Statistician 50 (1996) 361, definition 7.
  static func quantile(_ probability: Double, of sorted: [Double]) -> Double {
    let position = probability * Double(sorted.count - 1)
    let below = Int(position)
    let above = min(sorted.count - 1, below + 1)
    return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
  }
}
