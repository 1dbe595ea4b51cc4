// SPDX-License-Identifier: MIT
public import Foundation
public import TimeSeries

/// Production as it was lately at the same time of day: what can be said without any weather.
///
/// Source of the length: fifteen days were the strongest reference without weather on two measured
/// plants (docs/models/pv-forecast.md).
public struct PVClimatology: Sendable {
  /// How far back it looks.
  public static let window = Duration.hours(15 * 24)
  private let slots: [[Double]]
  private let slotSeconds: Int

  /// Learns from measured production; steps that end after `issuedAt` are not looked at.
  public init(history: Series<Watts>, issuedAt: Date) {
    slotSeconds = history.grid.stepSeconds
    var slots = [[Double]](repeating: [], count: max(1, 86_400 / slotSeconds))
    let oldest = issuedAt.addingTimeInterval(-Self.window.seconds)
    for index in history.grid.indices {
      let start = history.grid.date(at: index)
      guard start >= oldest, history.grid.date(at: index + 1) <= issuedAt,
        let value = history[index]
      else { continue }
      slots[Self.slot(of: start, seconds: slotSeconds) % slots.count].append(value.rawValue)
    }
    self.slots = slots.map { $0.sorted() }
  }

  /// Production on a grid; a time of day that was never measured is expected to be dark.
  public func forecast(issuedAt: Date, grid: TimeGrid) -> QuantileForecast<Watts> {
    let past = grid.indices.map {
      slots[Self.slot(of: grid.middle(at: $0), seconds: slotSeconds) % slots.count]
    }
    func quantile(_ probability: Double) -> [Watts] {
      past.map {
        Watts($0.isEmpty ? 0 : LoadClimatology.quantile(probability, of: $0))
      }
    }
    return QuantileForecast(
      issuedAt: issuedAt, grid: grid, p10: quantile(0.1), p50: quantile(0.5), p90: quantile(0.9),
      mean: past.map { Watts($0.isEmpty ? 0 : $0.reduce(0, +) / Double($0.count)) })
  }

  private static func slot(of date: Date, seconds: Int) -> Int {
    let secondOfDay = Int(date.timeIntervalSince1970.rounded(.down)) % 86_400
    return (secondOfDay + 86_400) % 86_400 / seconds
  }
}
