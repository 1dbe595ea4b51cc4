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

  /// `into[i] = add + ` the value at place `index[i] + fraction[i]`.
  ///
  /// Runs of points that go to neighbouring places are found first; inside a run nothing is gathered.
  @inline(__always)
  static func interpolate(
    _ values: UnsafePointer<Float>, index: UnsafeBufferPointer<Int32>,
    fraction: UnsafeBufferPointer<Float>, add: Float, into: UnsafeMutablePointer<Float>
  ) {
    guard let places = index.baseAddress, let fractions = fraction.baseAddress else { return }
    let count = index.count
    var start = 0
    while start < count {
      let shift = Int(places[start]) - start
      var end = start + 1
      // Most runs are long: look ahead by 16 before looking at single points.
      while end + 16 <= count, Int(places[end + 15]) - (end + 15) == shift { end += 16 }
      while end < count, Int(places[end]) - end == shift { end += 1 }
      let from = values + shift
      for point in start..<end {
        let low = from[point]
        into[point] = add + low + fractions[point] * (from[point + 1] - low)
      }
      start = end
    }
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
