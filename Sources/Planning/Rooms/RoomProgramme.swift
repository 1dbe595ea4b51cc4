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
  /// Comfort cost at each grid point after each step, the last step first, as they are needed.
  private let comfort: [Float]
  private let terminal: [Float]

  init(model: RoomModel, points: Int) {
    self.model = model
    grid = model.grid(points: (points + GridPlaces.width - 1) / GridPlaces.width * GridPlaces.width)
    onStates = model.minimumOn
    offStates = model.minimumOff
    let grid = grid
    let floats = model.stepCount * grid.count
    comfort = [Float](unsafeUninitializedCapacity: floats) { costs, filled in
      guard var row = costs.baseAddress else { return }
      for step in (0..<model.stepCount).reversed() {
        model.fillCosts(
          row, count: grid.count, from: grid.reference[step + 1] + grid.offset,
          spacing: grid.spacing, step: step)
        row += grid.count
      }
      filled = floats
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
    return (model.stepCount + 1) * states * grid.count + states * paddedCount + 2 * grid.count
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
    for state in 0..<states {
      for point in 0..<count { values[state * count + point] = terminal[point] }
    }
    for step in stride(from: model.stepCount - 1, through: 0, by: -1) {
      let next = self.layer(values, step + 1)
      fillArrivals(
        step: step, price: Float(prices[step]), next: next, padded: padded, switched: arrivals,
        into: next + layer)
      choose(step: step, switched: arrivals, into: next + layer)
    }
  }

  /// Values at the start of a step; those of later steps lie before them.
  private func layer(
    _ values: UnsafeMutablePointer<Float>, _ step: Int
  ) -> UnsafeMutablePointer<Float> {
    values + (model.stepCount - step) * (onStates + offStates) * grid.count
  }

  /// Value of arriving in each state after a step, at each grid point before it.
  ///
  /// - Parameters:
  ///   - switched: for the arrivals after switching, first on, then off.
  ///   - value: for all others, each in the place of the state that it follows without switching.
  private func fillArrivals(
    step: Int, price: Float, next: UnsafeMutablePointer<Float>,
    padded: UnsafeMutablePointer<Float>, switched: UnsafeMutablePointer<Float>,
    into value: UnsafeMutablePointer<Float>
  ) {
    let count = grid.count
    let shift = grid.shifts[grid.shiftOfStep[step]]
    let cells = Int(grid.cells[step])
    // What was just written is slow to read at other places: all rows first, then all readings.
    comfort.withUnsafeBufferPointer { comfort in
      guard let costs = comfort.baseAddress else { return }
      for state in 0..<(onStates + offStates) {
        let places = state < onStates ? shift.on : shift.off
        RoomKernel.addPadded(
          next + state * count, costs + (model.stepCount - 1 - step) * count, count: count,
          below: max(1, cells - places.lowest), above: max(0, places.highest - cells - count + 1),
          into: padded + state * paddedCount + grid.padBelow)
      }
    }
    for state in 0..<(onStates + offStates) {
      let isOn = state < onStates
      let isFirst = state == 0 || state == onStates
      RoomKernel.interpolate(
        padded + state * paddedCount + grid.padBelow - cells, at: isOn ? shift.on : shift.off,
        add: isOn ? price : 0,
        into: isFirst ? switched + (isOn ? 0 : count) : value + (state - 1) * count)
    }
  }

  /// Chooses between staying and switching, with the arrivals where `fillArrivals` left them.
  private func choose(
    step: Int, switched: UnsafeMutablePointer<Float>, into value: UnsafeMutablePointer<Float>
  ) {
    let count = grid.count
    let fixed = model.room.fixedRelay[step]
    for isOn in [true, false] {
      let states = isOn ? 0..<onStates : onStates..<(onStates + offStates)
      let change = switched + (isOn ? count : 0)
      let extra = isOn ? 0 : Float(model.room.switchOnCost)
      // From the longest run one stays in it; with a run of one step that is the arrival after switching.
      let last = value + (states.upperBound - 1) * count
      let stay = states.count > 1 ? last - count : switched + (isOn ? 0 : count)
      if let fixed, fixed != isOn {
        for state in states {
          RoomKernel.copy(change, add: extra, count: count, into: value + state * count)
        }
      } else if fixed != nil {
        RoomKernel.copy(stay, add: 0, count: count, into: last)
      } else {
        RoomKernel.minimum(stay, change, add: extra, count: count, into: last)
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
    var answer = Answer(schedule: [], ownCost: 0, value: 0)
    answer.schedule.reserveCapacity(model.stepCount)
    var state = initialState
    var celsius = model.room.initialCelsius
    answer.value = Double(
      interpolated(layer(values, 0) + state * grid.count, celsius: celsius, step: 0))
    answer.slopes.reserveCapacity(model.stepCount)
    for step in 0..<model.stepCount {
      answer.slopes.append(
        slope(layer(values, step) + state * grid.count, celsius: celsius, step: step))
      let isOn = state < onStates
      let run = isOn ? state : state - onStates
      let longest = isOn ? onStates : offStates
      let stay = (isOn ? 0 : onStates) + min(run + 1, longest - 1)
      let change = isOn ? onStates : 0
      let next = layer(values, step + 1)
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
