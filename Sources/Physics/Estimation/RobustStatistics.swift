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
