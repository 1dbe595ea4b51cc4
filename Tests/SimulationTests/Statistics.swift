// SPDX-License-Identifier: MIT

/// The few numbers that tests of random sequences look at.
enum Statistics {
  static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  static func deviation(_ values: [Double]) -> Double {
    let middle = mean(values)
    return mean(values.map { ($0 - middle) * ($0 - middle) }).squareRoot()
  }

  /// Correlation of a sequence with itself `lag` positions later.
  static func correlation(_ values: [Double], lag: Int) -> Double {
    let middle = mean(values)
    let products = (0..<values.count - lag).map {
      (values[$0] - middle) * (values[$0 + lag] - middle)
    }
    return mean(products) / (deviation(values) * deviation(values))
  }
}
