// SPDX-License-Identifier: MIT

/// The temperature grid of one room and where each grid point goes in a step.
///
/// The grid hangs on a reference course: `T = reference[k] + offset + i·spacing`. The course follows the
/// room's own recursion and is pushed back to a constant by whole grid cells only. So point `i` goes to
/// `a·i + s − m[k]` with a whole number `m[k]`: the weights for interpolation are the same in every step
/// of a length, and neighbouring points go to neighbouring places, which keeps the kernel free of gathers.
struct RoomGrid {
  /// Where the points of one step length go.
  struct Shift {
    /// With the relay off.
    let off: GridPlaces
    /// With the relay on.
    let on: GridPlaces
  }

  let count: Int
  let spacing: Double
  let offset: Double
  /// Reference temperature at the start of step 0 and at the end of each step, °C.
  let reference: [Double]
  /// Cells by which the places of a step are lowered.
  let cells: [Int32]
  /// The shift table of each step.
  let shiftOfStep: [Int]
  let shifts: [Shift]
  /// Cells needed below and above the grid for places outside it.
  let padBelow: Int
  let padAbove: Int

  init(
    count: Int, lowest: Double, highest: Double, retention: [Double], heating: [Double],
    inputs: [Double]
  ) {
    self.count = count
    let centre = (lowest + highest) / 2
    let spacing = (highest - lowest) / Double(count - 1)
    let offset = lowest - centre
    self.spacing = spacing
    self.offset = offset
    var reference = [centre]
    var cells: [Int32] = []
    for step in retention.indices {
      let free = retention[step] * reference[step] + inputs[step]
      let push = ((centre - free) / spacing).rounded()
      reference.append(free + push * spacing)
      cells.append(Int32(push))
    }
    self.reference = reference
    self.cells = cells
    var keys: [[Double]] = []
    shiftOfStep = retention.indices.map { step in
      let key = [retention[step], heating[step]]
      if let known = keys.firstIndex(of: key) { return known }
      keys.append(key)
      return keys.count - 1
    }
    shifts = keys.map { key in
      Self.shift(
        count: count, retention: key[0], start: (key[0] - 1) * offset / spacing,
        jump: key[1] / spacing)
    }
    let (lows, highs) = (shifts.map(\.off.lowest), shifts.map(\.on.highest))
    let steps = zip(cells, shiftOfStep)
    padBelow = 1 + max(0, steps.map { Int($0) - lows[$1] }.max() ?? 0)
    padAbove = 1 + max(0, steps.map { highs[$1] - Int($0) - count + 1 }.max() ?? 0)
  }

  private static func shift(
    count: Int, retention: Double, start: Double, jump: Double
  ) -> Shift {
    func places(_ start: Double) -> GridPlaces {
      GridPlaces((0..<count).map { retention * Double($0) + start })
    }
    return Shift(off: places(start), on: places(start + jump))
  }
}
