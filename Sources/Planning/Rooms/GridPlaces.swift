// SPDX-License-Identifier: MIT

/// Where the points of a grid go in a step, prepared for interpolation four points at a time.
///
/// An object, because the kernel looks at it in each step of each room: nothing is counted but itself.
final class GridPlaces: Sendable {
  /// Points of one block of the kernel.
  static let width = 4

  /// Blocks whose points go to neighbouring places.
  struct Stretch {
    var blocks: Range<Int>
    /// How much higher the place of a point is than its number.
    let shift: Int
  }

  /// A block in which two points go between the same two places.
  struct Joint {
    let block: Int
    /// The first place that it looks at.
    let window: Int
    /// Weights of the places from the first, second and third one on.
    var low = SIMD4<Float>()
    var middle = SIMD4<Float>()
    var high = SIMD4<Float>()
  }

  /// Weights of the lower and the higher place of each point of a block.
  typealias Weights = (low: SIMD4<Float>, high: SIMD4<Float>)

  /// Whole part of the place of each point.
  let indices: [Int32]
  /// The part beyond the whole one, 0 to 1.
  let fractions: [Float]
  /// Whether the points are dense enough for blocks.
  let hasBlocks: Bool
  let stretches: [Stretch]
  let joints: [Joint]
  let weights: [Weights]

  /// - Parameter places: of all points, ascending, in cells.
  init(_ places: [Double]) {
    let whole = places.map { $0.rounded(.down) }
    indices = whole.map { Int32($0) }
    fractions = zip(places, whole).map { Float($0 - $1) }
    let layout = BlockLayout(indices: indices, fractions: fractions)
    hasBlocks = layout != nil
    stretches = layout?.stretches ?? []
    joints = layout?.joints ?? []
    weights = layout?.weights ?? []
  }

  /// The lowest place that the kernel looks at.
  var lowest: Int { Int(indices.first ?? 0) - 1 }
  /// The highest place that the kernel looks at.
  var highest: Int { Int(indices.last ?? 0) + 2 }
}

/// The points of a grid in blocks.
private struct BlockLayout {
  var stretches: [GridPlaces.Stretch] = []
  var joints: [GridPlaces.Joint] = []
  var weights: [GridPlaces.Weights] = []

  /// Fails where the points lie too close for blocks.
  init?(indices: [Int32], fractions: [Float]) {
    let width = GridPlaces.width
    guard indices.count.isMultiple(of: width) else { return nil }
    weights.reserveCapacity(indices.count / width)
    for block in 0..<(indices.count / width) {
      let first = block * width
      let shift = Int(indices[first]) - first
      var high = SIMD4<Float>()
      var isStraight = true
      for lane in 0..<width {
        high[lane] = fractions[first + lane]
        isStraight = isStraight && Int(indices[first + lane]) == shift + first + lane
      }
      weights.append((1 - high, high))
      if isStraight {
        addStraight(block, shift: shift)
      } else {
        guard let joint = Self.joint(block, indices, weights[block]) else { return nil }
        joints.append(joint)
      }
    }
  }

  private mutating func addStraight(_ block: Int, shift: Int) {
    if let last = stretches.last, last.shift == shift, last.blocks.upperBound == block {
      stretches[stretches.count - 1].blocks = last.blocks.lowerBound..<(block + 1)
    } else {
      stretches.append(GridPlaces.Stretch(blocks: block..<(block + 1), shift: shift))
    }
  }

  /// Point `lane` of the block goes to `window + 1 + lane`, or one place lower behind the point where a
  /// place is taken twice; `nil` where there are two such points.
  private static func joint(
    _ block: Int, _ indices: [Int32], _ weights: GridPlaces.Weights
  ) -> GridPlaces.Joint? {
    let first = block * GridPlaces.width
    let window = Int(indices[first]) - 1
    var joint = GridPlaces.Joint(block: block, window: window)
    for lane in 0..<GridPlaces.width {
      switch Int(indices[first + lane]) - window - lane {
      case 1: (joint.middle[lane], joint.high[lane]) = (weights.low[lane], weights.high[lane])
      case 0: (joint.low[lane], joint.middle[lane]) = (weights.low[lane], weights.high[lane])
      default: return nil
      }
    }
    return joint
  }
}
