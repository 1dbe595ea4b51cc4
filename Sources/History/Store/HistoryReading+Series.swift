// SPDX-License-Identifier: MIT
import Foundation
public import Household
public import TimeSeries

extension HistoryReading {
  /// A signal on a grid of steps: readings before and after the grid count as far as the rule
  /// reaches. A step without enough readings is missing.
  ///
  /// The numbers are taken as they are: `Value` has to be the unit that the signal's name tells.
  public func series<Value: Quantity>(
    of signal: SignalName, on grid: TimeGrid, resampling: Resampling,
    as unit: Value.Type = Value.self
  ) throws(Failure) -> Series<Value> {
    let reach: Range<Double> =
      switch resampling {
      case .mean: 0..<0
      case .hold(let maximumAge): -maximumAge..<0
      case .linear(let maximumGap): -maximumGap..<maximumGap
      }
    let range =
      grid.start.addingTimeInterval(
        reach.lowerBound)..<grid.end.addingTimeInterval(reach.upperBound)
    let values = resampling.apply(try samples(of: signal, in: range), to: grid)
    return Series(grid: grid, values: values.map { $0.map(Value.init(rawValue:)) })
  }
}
