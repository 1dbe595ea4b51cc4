// SPDX-License-Identifier: MIT

/// The innermost loops of the room programme, written so that the compiler vectorises them.
enum RoomKernel {
  /// `into[i] = values[i] + costs[i]`, with straight lines beyond both ends.
  @inline(__always)
  static func addPadded(
    _ values: UnsafePointer<Float>, _ costs: UnsafePointer<Float>, count: Int, below: Int,
    above: Int, into: UnsafeMutablePointer<Float>
  ) {
    for point in 0..<count { into[point] = values[point] + costs[point] }
    let first = into[0]
    let firstSlope = into[0] - into[1]
    for point in 1...max(1, below) { into[-point] = first + Float(point) * firstSlope }
    let last = into[count - 1]
    let lastSlope = into[count - 1] - into[count - 2]
    for point in 0..<above { into[count + point] = last + Float(point + 1) * lastSlope }
  }

  /// `into[i] = add + ` the value at the place of point `i`.
  @inline(__always)
  static func interpolate(
    _ values: UnsafePointer<Float>, at places: GridPlaces, add: Float,
    into: UnsafeMutablePointer<Float>
  ) {
    guard places.hasBlocks else {
      for (point, index) in places.indices.enumerated() {
        let from = values + Int(index)
        into[point] = add + from[0] + places.fractions[point] * (from[1] - from[0])
      }
      return
    }
    let extra = SIMD4<Float>(repeating: add)
    places.weights.withUnsafeBufferPointer { weights in
      for stretch in places.stretches {
        let from = values + stretch.shift
        for block in stretch.blocks {
          let point = GridPlaces.width * block
          let (low, high) = weights[block]
          store(extra + low * four(from + point) + high * four(from + point + 1), into + point)
        }
      }
    }
    for joint in places.joints {
      let from = values + joint.window
      let sum = extra + joint.low * four(from) + joint.middle * four(from + 1)
      store(sum + joint.high * four(from + 2), into + GridPlaces.width * joint.block)
    }
  }

  @inline(__always)
  private static func four(_ from: UnsafePointer<Float>) -> SIMD4<Float> {
    UnsafeRawPointer(from).loadUnaligned(as: SIMD4<Float>.self)
  }

  @inline(__always)
  private static func store(_ values: SIMD4<Float>, _ into: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(into).storeBytes(of: values, as: SIMD4<Float>.self)
  }

  /// `into[i] = min(left[i], right[i] + add)`.
  @inline(__always)
  static func minimum(
    _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, add: Float, count: Int,
    into: UnsafeMutablePointer<Float>
  ) {
    for point in 0..<count {
      let other = right[point] + add
      into[point] = left[point] < other ? left[point] : other
    }
  }

  /// `into[i] = from[i] + add`.
  @inline(__always)
  static func copy(
    _ from: UnsafePointer<Float>, add: Float, count: Int, into: UnsafeMutablePointer<Float>
  ) {
    for point in 0..<count { into[point] = from[point] + add }
  }
}

/// Memory that is used again from room to room and sweep to sweep; one for each thread.
final class RoomScratch {
  private var memory: UnsafeMutableBufferPointer<Float> = .allocate(capacity: 1)

  deinit { memory.deallocate() }

  /// Room for `count` numbers, whose old content does not matter.
  func reserve(_ count: Int) -> UnsafeMutablePointer<Float> {
    if memory.count < count {
      memory.deallocate()
      memory = .allocate(capacity: count)
    }
    // The capacity is at least 1, so there is an address.
    return memory.baseAddress ?? UnsafeMutablePointer<Float>.allocate(capacity: count)
  }
}
