// SPDX-License-Identifier: MIT
public import Foundation
public import TimeSeries

/// Somebody who knows day-ahead prices: an exchange, a table, or the simulated one.
public protocol DayAheadPricing {
  /// The prices that were published by `time`; a step whose price is not out yet is missing.
  func spotPrices(publishedBefore time: Date, on grid: TimeGrid) -> Series<PricePerKilowattHour>
}
