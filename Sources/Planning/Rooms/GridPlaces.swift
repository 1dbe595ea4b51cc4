// SPDX-License-Identifier: MIT

/// Where the points of a grid go in a step, prepared for interpolation four points at a time.
struct GridPlaces {
  /// Points of one block of the kernel.
  static let width = 4

  /// Whole part of the place of each point.
  let indices: [Int32]
  /// The part beyond the whole one, 0 to 1.
  let fractions: [Float]
  /// First place that each block of points looks at; empty where places lie too close for blocks.
  private(set) var windows: [Int32] = []
  /// Weights of the first, second and third place from the window on, of each point of a block.
  private(set) var weights: [SIMD4<Float>] = []

  /// - Parameter places: of all points, ascending, in cells.
  init(_ places: [Double]) {
    let whole = places.map { $0.rounded(.down) }
    indices = whole.map { Int32($0) }
    fractions = zip(places, whole).map { Float($0 - $1) }
    guard places.count.isMultiple(of: Self.width) else { return }
    var windows: [Int32] = []
    var weights: [SIMD4<Float>] = []
    for first in stride(from: 0, to: places.count, by: Self.width) {
      // Point `first + lane` goes to `window + 1 + lane`, or one place lower behind the point where a
      // place is skipped.
      let window = indices[first] - 1
      var (low, middle, high) = (SIMD4<Float>(), SIMD4<Float>(), SIMD4<Float>())
      for lane in 0..<Self.width {
        let fraction = fractions[first + lane]
        switch indices[first + lane] - window - Int32(lane) {
        case 1: (middle[lane], high[lane]) = (1 - fraction, fraction)
        case 0: (low[lane], middle[lane]) = (1 - fraction, fraction)
        default: return
        }
      }
      windows.append(window)
      weights += [low, middle, high]
    }
    self.windows = windows
    self.weights = weights
  }
}
