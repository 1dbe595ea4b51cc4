// SPDX-License-Identifier: MIT
import Foundation
import Physics
import TimeSeries

/// A number with its 90 % interval, for people and programs.
struct PrintedInterval: Encodable {
  let value: Double
  let low: Double
  let high: Double

  init?<Value: Quantity>(_ estimated: Estimated<Value>?, scale: Double = 1) {
    guard let estimated else { return nil }
    value = estimated.value.rawValue * scale
    low = estimated.low.rawValue * scale
    high = estimated.high.rawValue * scale
  }

  func text(_ digits: Int) -> String {
    func number(_ value: Double) -> String { String(format: "%.\(digits)f", value) }
    return "\(number(value)) (\(number(low))–\(number(high)))"
  }
}
