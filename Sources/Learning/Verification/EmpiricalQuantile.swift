// SPDX-License-Identifier: MIT

/// Quantiles of samples.
public enum EmpiricalQuantile {
  /// The linearly interpolated quantile of sorted values.
  ///
  /// - Parameter probability: 0…1; beyond it the outermost value.
  /// - Precondition: at least one value.
  /// Source: R. Hyndman, Y. Fan, The American Statistician 50 (1996) 361, definition 7.
  public static func of(sorted values: [Double], _ probability: Double) -> Double {
    precondition(!values.isEmpty, "a sample has at least one value")
    let position = min(1, max(0, probability)) * Double(values.count - 1)
    let below = Int(position)
    let above = min(values.count - 1, below + 1)
    return values[below] + (position - Double(below)) * (values[above] - values[below])
  }

  /// The quantile of values in any order. Cost O(n log n).
  public static func of(_ values: [Double], _ probability: Double) -> Double {
    of(sorted: values.sorted(), probability)
  }

  /// Quantiles of a weighted sample: linear between the middles of the weights' shares.
  ///
  /// - Parameter sample: at least one pair with a positive weight.
  public static func weighted(
    _ sample: [(value: Double, weight: Double)], _ probabilities: [Double]
  ) -> [Double] {
    let sorted = sample.sorted { $0.value < $1.value }
    let total = sorted.reduce(0) { $0 + $1.weight }
    var places: [Double] = []
    var sum = 0.0
    for pair in sorted {
      places.append((sum + pair.weight / 2) / total)
      sum += pair.weight
    }
    return probabilities.map { probability in
      let above = places.partitioningIndex { $0 >= probability }
      if above == 0 { return sorted[0].value }
      if above == places.count { return sorted[above - 1].value }
      let width = places[above] - places[above - 1]
      let share = width > 0 ? (probability - places[above - 1]) / width : 1
      return sorted[above - 1].value + share * (sorted[above].value - sorted[above - 1].value)
    }
  }
}

extension Array {
  /// The first index whose element fulfils a condition that stays fulfilled from there on.
  fileprivate func partitioningIndex(_ condition: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if condition(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
