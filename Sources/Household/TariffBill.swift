// SPDX-License-Identifier: MIT
import Foundation
public import TimeSeries

/// What a tariff asks for what a meter measured, month by month.
public struct TariffBill: Sendable, Hashable {
  /// One line of the bill.
  public struct Line: Sendable, Hashable {
    /// What the bill calls it.
    public let name: String
    /// What it costs.
    public let cost: Money
  }

  /// One local month.
  public struct Month: Sendable, Hashable {
    /// The year.
    public let year: Int
    /// The month, 1…12.
    public let month: Int
    /// What was taken from the grid.
    public internal(set) var imported = KilowattHours.zero
    /// What was fed into it.
    public internal(set) var exported = KilowattHours.zero
    /// The cost of import by its parts, in the order of the tariff.
    public internal(set) var lines: [Line]
    /// What export earned; negative when it cost.
    public internal(set) var revenue = Money.zero
    /// The highest quarter-hour of import.
    public internal(set) var peak = Watts.zero
    /// What that peak costs.
    public internal(set) var peakCharge = Money.zero

    /// Import and peak less what export earned.
    public var total: Money { lines.reduce(.zero) { $0 + $1.cost } + peakCharge - revenue }
  }

  /// The months in order of time; those of which nothing was measured are absent.
  public internal(set) var months: [Month] = []
  /// Steps without a measurement or without the price they need; they cost nothing in the bill.
  public internal(set) var missingSteps = 0

  /// The sum of all months.
  public var total: Money { months.reduce(.zero) { $0 + $1.total } }
}

extension Tariff {
  /// A quarter-hour: what peaks are measured over.
  private static let peakSeconds = 900

  /// The bill for an exchange with the grid, import positive, each step priced at its start.
  ///
  /// Import and export do not offset each other between steps. Peaks are means over quarter-hours
  /// from the full hour, or over the steps themselves where those are longer.
  ///
  /// - Precondition: `grid` and `spot` have equal grids.
  public func bill(
    for grid: Series<Watts>, spot: Series<PricePerKilowattHour>, calendar: SiteCalendar
  ) -> TariffBill {
    precondition(grid.grid == spot.grid, "measurement and prices lie on one grid")
    var bill = TariffBill()
    var window = PeakWindow(seconds: max(Self.peakSeconds, grid.grid.stepSeconds))
    for index in grid.grid.indices {
      let start = grid.grid.date(at: index)
      let time = calendar.wallTime(at: start)
      guard let power = grid[index] else {
        bill.missingSteps += 1
        continue
      }
      let isKnown = charge(
        power, for: grid.grid.step, spot: spot[index], at: time, in: &bill.months)
      if !isKnown { bill.missingSteps += 1 }
      let mean = window.add(
        max(power, .zero), seconds: grid.grid.stepSeconds,
        at: Int(start.timeIntervalSince1970.rounded()))
      let month = bill.months.count - 1
      bill.months[month].peak = max(bill.months[month].peak, mean)
    }
    for index in bill.months.indices {
      bill.months[index].peakCharge = peakPricePerKilowatt * bill.months[index].peak.kilowatts
    }
    return bill
  }

  /// Adds one step to its month; `false` when its price is not known.
  private func charge(
    _ power: Watts, for step: Duration, spot: PricePerKilowattHour?,
    at time: SiteCalendar.WallTime, in months: inout [TariffBill.Month]
  ) -> Bool {
    if months.last.map({ ($0.year, $0.month) != (time.date.year, time.date.month) }) ?? true {
      months.append(
        TariffBill.Month(
          year: time.date.year, month: time.date.month,
          lines: importPartNames.map { TariffBill.Line(name: $0, cost: .zero) }))
    }
    let last = months.count - 1
    if power > .zero {
      let energy = power * step
      months[last].imported += energy
      guard let parts = importParts(spot: spot, at: time) else { return false }
      months[last].lines = zip(months[last].lines, parts).map { line, part in
        TariffBill.Line(name: line.name, cost: line.cost + energy * part.price)
      }
    } else if power < .zero {
      let energy = -power * step
      months[last].exported += energy
      guard let price = exportPrice(spot: spot) else { return false }
      months[last].revenue += energy * price
    }
    return true
  }
}

/// Means of power over windows that begin at whole multiples of their length.
private struct PeakWindow {
  let seconds: Int
  private var start = Int.min
  private var wattSeconds = 0.0

  init(seconds: Int) { self.seconds = seconds }

  /// Adds a step and gives the mean of its window so far, as if the rest of it were zero.
  mutating func add(_ power: Watts, seconds step: Int, at time: Int) -> Watts {
    let window = time - time % seconds
    if window != start { (start, wattSeconds) = (window, 0) }
    wattSeconds += power.rawValue * Double(step)
    return Watts(wattSeconds / Double(seconds))
  }
}
