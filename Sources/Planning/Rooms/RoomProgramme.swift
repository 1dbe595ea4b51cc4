// SPDX-License-Identifier: MIT

/// The dynamic programme of one room: cheapest relay schedule for given prices of its power.
///
/// State: temperature on a grid, relay, and for how long it has been so up to its minimum time. Values
/// between grid points are interpolated; the schedule is then simulated exactly, so its cost is exact.
///
/// Source: R. Bellman, Dynamic Programming (1957); interpolation as in D. Bertsekas, Dynamic Programming
/// and Optimal Control I (2005), section 6.5.
final class RoomProgramme {
  /// A schedule and what it costs.
  struct Answer {
    var schedule: [Bool]
    /// Comfort, switching and terminal heat, simulated exactly.
    var ownCost: Double
    /// Interpolated value of the programme, price of power included.
    var value: Double
    /// What one more kelvin at the start of each step is worth, currency/K, ≤ 0 where heat is wanted.
    var slopes: [Double] = []
  }

  let model: RoomModel
  let grid: RoomGrid
  private let onStates: Int
  private let offStates: Int
  /// Comfort cost at each grid point after each step, `[step][point]`.
  private var comfort: [Float] = []
  private var terminal: [Float] = []

  init(model: RoomModel, points: Int) {
    self.model = model
    grid = model.grid(points: (points + GridPlaces.width - 1) / GridPlaces.width * GridPlaces.width)
    onStates = model.minimumOn
    offStates = model.minimumOff
    comfort.reserveCapacity(model.stepCount * grid.count)
    for step in 0..<model.stepCount {
      let base = grid.reference[step + 1] + grid.offset
      for point in 0..<grid.count {
        let celsius = base + Double(point) * grid.spacing
        comfort.append(Float(model.cost(celsius, step: step)))
      }
    }
    let base = grid.reference[model.stepCount] + grid.offset
    terminal = (0..<grid.count).map { point in
      let missing = max(0, model.room.terminalCelsius - base - Double(point) * grid.spacing)
      return Float(model.room.terminalCostPerKelvin * missing)
    }
  }

  /// Floats that one solve needs to remember.
  var scratchCount: Int {
    let states = onStates + offStates
    return (model.stepCount + 1) * states * grid.count + states * paddedCount
      + states * grid.count
  }

  private var paddedCount: Int { grid.padBelow + grid.count + grid.padAbove }

  /// The cheapest schedule when being on in step k costs `prices[k]`.
  func solve(prices: [Double], scratch: RoomScratch) -> Answer {
    let values = scratch.reserve(scratchCount)
    fillValues(prices: prices, values: values)
    return follow(prices: prices, values: values)
  }

  // MARK: Backward

  private func fillValues(prices: [Double], values: UnsafeMutablePointer<Float>) {
    let (count, states) = (grid.count, onStates + offStates)
    let layer = states * count
    let padded = values + (model.stepCount + 1) * layer
    let arrivals = padded + states * paddedCount
    let last = values + model.stepCount * layer
    for state in 0..<states {
      for point in 0..<count { last[state * count + point] = terminal[point] }
    }
    for step in stride(from: model.stepCount - 1, through: 0, by: -1) {
      let next = values + (step + 1) * layer
      fillArrivals(
        step: step, price: Float(prices[step]), next: next, padded: padded, arrivals: arrivals)
      choose(step: step, arrivals: arrivals, into: values + step * layer)
    }
  }

  /// Value of arriving in each state after a step, at each grid point before it.
  private func fillArrivals(
    step: Int, price: Float, next: UnsafeMutablePointer<Float>,
    padded: UnsafeMutablePointer<Float>, arrivals: UnsafeMutablePointer<Float>
  ) {
    let count = grid.count
    let shift = grid.shifts[grid.shiftOfStep[step]]
    let cells = Int(grid.cells[step])
    comfort.withUnsafeBufferPointer { comfort in
      guard let costs = comfort.baseAddress else { return }
      let stepCosts = costs + step * count
      for state in 0..<(onStates + offStates) {
        let isOn = state < onStates
        let row = padded + state * paddedCount + grid.padBelow
        RoomKernel.addPadded(
          next + state * count, stepCosts, count: count, below: grid.padBelow,
          above: grid.padAbove, into: row)
        RoomKernel.interpolate(
          row - cells, at: isOn ? shift.on : shift.off, add: isOn ? price : 0,
          into: arrivals + state * count)
      }
    }
  }

  private func choose(
    step: Int, arrivals: UnsafeMutablePointer<Float>, into value: UnsafeMutablePointer<Float>
  ) {
    let count = grid.count
    let start = Float(model.room.switchOnCost)
    let fixed = model.room.fixedRelay[step]
    for state in 0..<(onStates + offStates) {
      let isOn = state < onStates
      let run = isOn ? state : state - onStates
      let longest = isOn ? onStates : offStates
      let stay = arrivals + (isOn ? 0 : onStates) * count + min(run + 1, longest - 1) * count
      let change = arrivals + (isOn ? onStates : 0) * count
      let into = value + state * count
      let extra = isOn ? 0 : start
      if let fixed {
        RoomKernel.copy(
          fixed == isOn ? stay : change, add: fixed == isOn ? 0 : extra, count: count, into: into)
      } else if run == longest - 1 {
        RoomKernel.minimum(stay, change, add: extra, count: count, into: into)
      } else {
        RoomKernel.copy(stay, add: 0, count: count, into: into)
      }
    }
  }

  // MARK: Forward

  /// The state that the relay is in before step 0.
  var initialState: Int {
    let run = max(1, model.room.stepsInState)
    return model.room.isOnInitially
      ? min(run, onStates) - 1 : onStates + min(run, offStates) - 1
  }

  /// Follows the best decisions with the exact temperature.
  private func follow(prices: [Double], values: UnsafeMutablePointer<Float>) -> Answer {
    let layer = (onStates + offStates) * grid.count
    var answer = Answer(schedule: [], ownCost: 0, value: 0)
    answer.schedule.reserveCapacity(model.stepCount)
    var state = initialState
    var celsius = model.room.initialCelsius
    answer.value = Double(
      interpolated(values + state * grid.count, celsius: celsius, step: 0))
    answer.slopes.reserveCapacity(model.stepCount)
    for step in 0..<model.stepCount {
      answer.slopes.append(
        slope(values + step * layer + state * grid.count, celsius: celsius, step: step))
      let isOn = state < onStates
      let run = isOn ? state : state - onStates
      let longest = isOn ? onStates : offStates
      let stay = (isOn ? 0 : onStates) + min(run + 1, longest - 1)
      let change = isOn ? onStates : 0
      let next = values + (step + 1) * layer
      let fixed = model.room.fixedRelay[step]
      let mayStay = fixed.map { $0 == isOn } ?? true
      let mayChange = fixed.map { $0 != isOn } ?? (run == longest - 1)
      let kept = outcome(stay, step, celsius, prices, from: isOn, next)
      let changed = outcome(change, step, celsius, prices, from: isOn, next)
      let changes = mayChange && (!mayStay || changed.value < kept.value)
      let chosen = changes ? changed : kept
      state = changes ? change : stay
      celsius = chosen.celsius
      answer.ownCost += chosen.cost
      answer.schedule.append(state < onStates)
    }
    let missing = max(0, model.room.terminalCelsius - celsius)
    answer.ownCost += model.room.terminalCostPerKelvin * missing
    return answer
  }

  /// What follows when the relay goes to a state: temperature, own cost, and value with the price of power.
  private func outcome(
    _ state: Int, _ step: Int, _ before: Double, _ prices: [Double], from wasOn: Bool,
    _ next: UnsafeMutablePointer<Float>
  ) -> (celsius: Double, cost: Double, value: Double) {
    let isOn = state < onStates
    let celsius =
      model.retention[step] * before + model.inputs[step] + (isOn ? model.heating[step] : 0)
    var cost = model.cost(celsius, step: step)
    if isOn, !wasOn { cost += model.room.switchOnCost }
    let later = interpolated(next + state * grid.count, celsius: celsius, step: step + 1)
    return (celsius, cost, cost + (isOn ? prices[step] : 0) + Double(later))
  }

  private func slope(
    _ values: UnsafeMutablePointer<Float>, celsius: Double, step: Int
  ) -> Double {
    let place = (celsius - grid.reference[step] - grid.offset) / grid.spacing
    let index = min(max(Int(place.rounded(.down)), 1), grid.count - 3)
    return Double(values[index + 2] - values[index - 1]) / (3 * grid.spacing)
  }

  private func interpolated(
    _ values: UnsafeMutablePointer<Float>, celsius: Double, step: Int
  ) -> Float {
    let place = (celsius - grid.reference[step] - grid.offset) / grid.spacing
    let index = min(max(Int(place.rounded(.down)), 0), grid.count - 2)
    let fraction = Float(place - Double(index))
    return values[index] + fraction * (values[index + 1] - values[index])
  }
}
