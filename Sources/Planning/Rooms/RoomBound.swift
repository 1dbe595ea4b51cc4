// SPDX-License-Identifier: MIT

/// A lower bound of a room's programme that no interpolation blurs.
///
/// Temperatures are cells, not points: a cell takes the cheapest value that any temperature in it could
/// reach. What a cell is too optimistic by is the slope of the value over it, so a straight line
/// `φ_k(T) = s_k·(T − ref_k)` with the slope along the best course is taken out first; what remains is
/// nearly flat where it matters, and the error is of second order in the cell's width.
struct RoomBound {
  private let model: RoomModel
  private let slopes: [Double]
  private let grid: RoomGrid
  private let onStates: Int
  private let offStates: Int
  private let freedom: [ClosedRange<Double>]

  /// - Parameters:
  ///   - slopes: s_k at the start of each step, currency/K; any values are valid, good ones are tight.
  ///   - freedom: by how much the inputs of each step may differ from the model's, K, each K being paid at
  ///     `s_k/a`, what it is worth; empty where they are known.
  init(
    model: RoomModel, slopes: [Double], cells: Int, freedom: [ClosedRange<Double>] = []
  ) {
    self.freedom = freedom
    self.model = model
    self.slopes = slopes + [0]
    grid = model.grid(points: cells + 1)
    onStates = model.minimumOn
    offStates = model.minimumOff
  }

  private var cells: Int { grid.count - 1 }

  /// The bound when being on in step k costs `prices[k]`, currency.
  func value(prices: [Double]) -> Double {
    let states = onStates + offStates
    let last = model.stepCount
    let terminal = flattened(step: last, slope: 0) { celsius in
      model.room.terminalCostPerKelvin * max(0, model.room.terminalCelsius - celsius)
    }
    var values = [[Double]](repeating: terminal, count: states)
    for step in stride(from: last - 1, through: 0, by: -1) {
      values = before(step, prices[step], values)
    }
    let run = max(1, model.room.stepsInState)
    let state =
      model.room.isOnInitially ? min(run, onStates) - 1 : onStates + min(run, offStates) - 1
    let start = model.room.initialCelsius
    let place = (start - grid.reference[0] - grid.offset) / grid.spacing
    let cell = min(max(Int(place.rounded(.down)), 0), cells - 1)
    return values[state][cell] + slopes[0] * (start - grid.reference[0])
  }

  /// The least of a convex cost plus `slope·T` over each cell at a step's end, by ends and kinks.
  private func flattened(
    step: Int, slope: Double, cost: (Double) -> Double
  ) -> [Double] {
    let base = grid.reference[step] + grid.offset
    let (count, spacing) = (cells, grid.spacing)
    var least = [Double](unsafeUninitializedCapacity: count) { buffer, filled in
      var left = cost(base) + slope * base
      for cell in 0..<count {
        let celsius = base + Double(cell + 1) * spacing
        let right = cost(celsius) + slope * celsius
        buffer[cell] = left < right ? left : right
        left = right
      }
      filled = count
    }
    for kink in kinks(step) {
      let cell = Int(((kink - base) / spacing).rounded(.down))
      if least.indices.contains(cell) {
        least[cell] = min(least[cell], cost(kink) + slope * kink)
      }
    }
    return least
  }

  /// Temperatures where the cost at the end of step `step − 1` bends.
  private func kinks(_ step: Int) -> [Double] {
    let room = model.room
    guard step > 0 else { return [] }
    let (low, high) = (room.lowerCelsius[step - 1], room.upperCelsius[step - 1])
    return [
      low, low - room.penaltyTierKelvin, high, high + room.penaltyTierKelvin,
      room.terminalCelsius,
    ]
  }

  private func before(_ step: Int, _ price: Double, _ next: [[Double]]) -> [[Double]] {
    let room = model.room
    let hours = model.stepHours[step]
    let (now, later) = (slopes[step], slopes[step + 1])
    let retention = model.retention[step]
    // Cost at the end of the step + φ later − φ now, all as a function of the temperature then.
    let (low, high) = (room.lowerCelsius[step], room.upperCelsius[step])
    let (coldFirst, coldSecond) = (room.coldPenalty.first, room.coldPenalty.second)
    let (warmFirst, warmSecond) = (room.warmPenalty.first, room.warmPenalty.second)
    let tier = room.penaltyTierKelvin
    let heatPrice = model.heatPrices.isEmpty ? 0 : model.heatPrices[step]
    let flat = flattened(step: step + 1, slope: later - now / retention + heatPrice) { celsius in
      let (cold, warm) = (max(0, low - celsius), max(0, celsius - high))
      return hours
        * (coldFirst * cold + coldSecond * max(0, cold - tier) + warmFirst * warm
          + warmSecond * max(0, warm - tier))
    }
    let shared =
      -later * grid.reference[step + 1]
      + now * (model.inputs[step] / retention + grid.reference[step])
    let shift = grid.shifts[grid.shiftOfStep[step]]
    let arrivals = next.indices.map { state in
      let isOn = state < onStates
      let constant =
        shared + (isOn ? price + now * model.heating[step] / retention : 0)
      return arrival(
        next[state], flat, (isOn ? shift.on : shift.off).indices,
        lowered: Int(grid.cells[step]), constant: constant, reach: reach(step))
    }
    return choose(step, arrivals)
  }

  /// The cheaper of the two cells that each cell may reach; beyond the grid its outermost cells count.
  private func arrival(
    _ values: [Double], _ flat: [Double], _ index: [Int32], lowered: Int, constant: Double,
    reach: ClosedRange<Int>
  ) -> [Double] {
    let count = cells
    if reach != 0...1 {
      let sums = zip(values, flat).map { constant + $0 + $1 }
      let least = SlidingMinimum(of: sums, over: reach)
      return index.prefix(count).map { least[Int($0) - lowered] }
    }
    // The cheaper of each cell and the next, computed once, then only read at the right places.
    let pairs = [Double](unsafeUninitializedCapacity: count) { buffer, filled in
      for cell in 0..<(count - 1) {
        let (left, right) = (values[cell] + flat[cell], values[cell + 1] + flat[cell + 1])
        buffer[cell] = constant + (left < right ? left : right)
      }
      buffer[count - 1] = constant + values[count - 1] + flat[count - 1]
      filled = count
    }
    let first = constant + values[0] + flat[0]
    return [Double](unsafeUninitializedCapacity: count) { buffer, filled in
      for cell in 0..<count {
        let place = Int(index[cell]) - lowered
        buffer[cell] = place < 0 ? first : pairs[place < count ? place : count - 1]
      }
      filled = count
    }
  }

  /// Cells that a cell may come to, counted from the place of its lower end.
  private func reach(_ step: Int) -> ClosedRange<Int> {
    guard !freedom.isEmpty else { return 0...1 }
    let below = Int((freedom[step].lowerBound / grid.spacing).rounded(.down))
    let above = Int((freedom[step].upperBound / grid.spacing).rounded(.up)) + 1
    return below...above
  }

  private func choose(_ step: Int, _ arrivals: [[Double]]) -> [[Double]] {
    let fixed = model.room.fixedRelay[step]
    return arrivals.indices.map { state in
      let isOn = state < onStates
      let run = isOn ? state : state - onStates
      let longest = isOn ? onStates : offStates
      let stay = arrivals[(isOn ? 0 : onStates) + min(run + 1, longest - 1)]
      let change = arrivals[isOn ? onStates : 0]
      let start = isOn ? 0 : model.room.switchOnCost
      let mayStay = fixed.map { $0 == isOn } ?? true
      let mayChange = fixed.map { $0 != isOn } ?? (run == longest - 1)
      guard mayChange else { return stay }
      let count = cells
      return [Double](unsafeUninitializedCapacity: count) { buffer, filled in
        for cell in 0..<count {
          let other = change[cell] + start
          buffer[cell] = mayStay && stay[cell] < other ? stay[cell] : other
        }
        filled = count
      }
    }
  }
}
