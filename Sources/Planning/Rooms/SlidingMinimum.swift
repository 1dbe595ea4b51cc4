// SPDX-License-Identifier: MIT

/// The least value within a window that slides over an array; places beyond its ends count as the ends.
///
/// Source: M. van Herk, A fast algorithm for local minimum and maximum filters, Pattern Recognition
/// Letters 13 (1992) 517, doi:10.1016/0167-8655(92)90069-C.
struct SlidingMinimum {
  private let minima: [Double]
  private let count: Int
  private let window: ClosedRange<Int>

  /// The least of `values[i + window.lowerBound]…values[i + window.upperBound]` for each `i`; O(n).
  init(of values: [Double], over window: ClosedRange<Int>) {
    count = values.count
    self.window = window
    let size = window.count
    let ends = (values.first ?? 0, values.last ?? 0)
    let padded =
      [Double](repeating: ends.0, count: size) + values + [Double](repeating: ends.1, count: size)
    var forward = padded
    var backward = padded
    for place in padded.indices where place % size != 0 {
      forward[place] = min(forward[place - 1], padded[place])
    }
    for place in padded.indices.reversed().dropFirst() where place % size != size - 1 {
      backward[place] = min(backward[place + 1], padded[place])
    }
    minima = (0...(values.count + size)).map { start in
      min(backward[start], forward[start + size - 1])
    }
  }

  /// The least value in the window of a place, which may lie beyond the array.
  subscript(_ place: Int) -> Double {
    let start = place + window.lowerBound
    return minima[min(max(start + window.count, 0), count + window.count)]
  }
}
