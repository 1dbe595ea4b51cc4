// SPDX-License-Identifier: MIT

/// The value below which a share of the numbers lies, in a straight line between neighbours.
///
/// - Parameter share: 0…1.
/// - Returns: `nil` without numbers.
func quantile(_ numbers: [Double], _ share: Double) -> Double? {
  guard !numbers.isEmpty else { return nil }
  let sorted = numbers.sorted()
  let position = share * Double(sorted.count - 1)
  let below = Int(position)
  let above = min(below + 1, sorted.count - 1)
  return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
}

/// The middle of the numbers, or `nil` without any.
func median(_ numbers: [Double]) -> Double? { quantile(numbers, 0.5) }

/// A standard deviation that half of the numbers may spoil: 1.4826 times the median distance from
/// the median. Source: P. Rousseeuw, C. Croux, JASA 88 (1993) 1273, equation 1.1.
func medianAbsoluteDeviation(_ numbers: [Double]) -> Double? {
  guard numbers.count > 1, let middle = median(numbers) else { return nil }
  return median(numbers.map { abs($0 - middle) }).map { 1.4826 * $0 }
}

extension [Double] {
  /// Several quantiles at once, as ``quantile(_:_:)`` gives them, in linear time; the numbers are
  /// left in another order.
  ///
  /// Source: C. Hoare, Algorithm 65: find, Comm. ACM 4 (1961) 321.
  mutating func reorderForQuantiles(_ shares: [Double]) -> [Double]? {
    guard !isEmpty else { return nil }
    let last = count - 1
    return withUnsafeMutableBufferPointer { numbers in
      shares.map { share in
        let position = share * Double(last)
        let below = Int(position)
        let low = select(below, in: numbers)
        guard below < last else { return low }
        // All that follow are at least as large: the next in order is the least of them.
        var high = numbers[below + 1]
        for index in below + 1...last where numbers[index] < high { high = numbers[index] }
        return low + (position - Double(below)) * (high - low)
      }
    }
  }
}

/// Puts the number that sorting would put at `rank` there, none larger before it, and returns it.
private func select(_ rank: Int, in numbers: UnsafeMutableBufferPointer<Double>) -> Double {
  var (first, last) = (0, numbers.count - 1)
  while first < last {
    let pivot = numbers[(first + last) / 2]
    var (left, right) = (first, last)
    while left <= right {
      while numbers[left] < pivot { left += 1 }
      while numbers[right] > pivot { right -= 1 }
      guard left <= right else { break }
      numbers.swapAt(left, right)
      left += 1
      right -= 1
    }
    if rank <= right {
      last = right
    } else if rank >= left {
      first = left
    } else {
      break
    }
  }
  return numbers[rank]
}
