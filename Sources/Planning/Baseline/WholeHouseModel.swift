// SPDX-License-Identifier: MIT
import MILP

/// The whole problem as one mixed-integer programme, as a solver would get it without decomposition.
///
/// It is the baseline of the benchmarks, the yardstick of their times (its LP relaxation) and the
/// reference of small tests; homes of ordinary size are far too large for it.
/// Source of the minimum-time rows: D. Rajan, S. Takriti, IBM Research Report RC23628 (2005).
struct WholeHouseModel {
  private(set) var dispatch: DispatchModel
  private(set) var relays: [[Int]] = []
  private(set) var runs: [[Int]] = []
  let problem: PlanningProblem

  init(problem: PlanningProblem) {
    self.problem = problem
    dispatch = DispatchModel(problem: problem, integrality: .exact, opensBalance: true)
    let temperatures = problem.rooms.map { addTemperatures($0) }
    for index in problem.rooms.indices { addRoom(index, temperatures) }
    for load in problem.deferrableLoads { addDeferrable(load) }
    dispatch.closeBalance(adding: unitTerms)
  }

  var linear: LinearModel { dispatch.linear }

  private func unitTerms(_ step: Int) -> [(unit: Int, column: Int, power: Double)] {
    let powers =
      problem.rooms.map(\.powerKilowatts) + problem.deferrableLoads.map(\.powerKilowatts)
    return zip(relays + runs, powers).enumerated().map { unit, item in
      (unit, item.0[step], item.1)
    }
  }

  private mutating func addTemperatures(_ room: PlanningProblem.Room) -> [Int] {
    (0...problem.stepCount).map { step in
      dispatch.linear.addColumn(
        lower: step == 0 ? room.initialCelsius : -.infinity,
        upper: step == 0 ? room.initialCelsius : .infinity)
    }
  }

  private mutating func addRoom(_ index: Int, _ temperatures: [[Int]]) {
    let room = problem.rooms[index]
    let dynamics = RoomDynamics(problem: problem, room: index)
    let own = temperatures[index]
    let relay = (0..<problem.stepCount).map { step in
      let fixed = room.fixedRelay[step].map { $0 ? 1.0 : 0.0 }
      return dispatch.linear.addColumn(lower: fixed ?? 0, upper: fixed ?? 1, isInteger: true)
    }
    relays.append(relay)
    let missing = dispatch.linear.addColumn(cost: room.terminalCostPerKelvin)
    dispatch.linear.addRow(
      lower: room.terminalCelsius, [(own[problem.stepCount], 1), (missing, 1)])
    for step in 0..<problem.stepCount {
      var terms: [(column: Int, value: Double)] = [
        (own[step + 1], 1), (own[step], -dynamics.retention[step]),
        (relay[step], -dynamics.heating[step]),
      ]
      for neighbour in dynamics.exchange {
        terms.append((temperatures[neighbour.room][step], -neighbour.fraction[step]))
      }
      dispatch.linear.addRow(lower: dynamics.drift[step], upper: dynamics.drift[step], terms)
      addComfort(room, step, own[step + 1])
    }
    addMinimumTimes(room, relay)
  }

  private mutating func addComfort(_ room: PlanningProblem.Room, _ step: Int, _ celsius: Int) {
    let hours = problem.stepHours[step]
    func parts(_ penalty: PlanningProblem.Penalty) -> (Int, Int) {
      let near = dispatch.linear.addColumn(
        cost: hours * penalty.first, upper: room.penaltyTierKelvin)
      let far = dispatch.linear.addColumn(cost: hours * (penalty.first + penalty.second))
      return (near, far)
    }
    let cold = parts(room.coldPenalty)
    dispatch.linear.addRow(
      lower: room.lowerCelsius[step], [(celsius, 1), (cold.0, 1), (cold.1, 1)])
    let warm = parts(room.warmPenalty)
    dispatch.linear.addRow(
      upper: room.upperCelsius[step], [(celsius, 1), (warm.0, -1), (warm.1, -1)])
  }

  private mutating func addMinimumTimes(_ room: PlanningProblem.Room, _ relay: [Int]) {
    let starts = relay.map { _ in dispatch.linear.addColumn(cost: room.switchOnCost, upper: 1) }
    let stops = relay.map { _ in dispatch.linear.addColumn(upper: 1) }
    for step in relay.indices {
      var terms: [(column: Int, value: Double)] = [
        (relay[step], 1), (starts[step], -1), (stops[step], 1),
      ]
      if step > 0 { terms.append((relay[step - 1], -1)) }
      let right = step == 0 && room.isOnInitially ? 1.0 : 0
      dispatch.linear.addRow(lower: right, upper: right, terms)
      let on = max(0, step - room.minimumOnSteps + 1)...step
      dispatch.linear.addRow(upper: 0, on.map { (starts[$0], 1) } + [(relay[step], -1)])
      let off = max(0, step - room.minimumOffSteps + 1)...step
      dispatch.linear.addRow(upper: 1, off.map { (stops[$0], 1) } + [(relay[step], 1)])
    }
    let needed = room.isOnInitially ? room.minimumOnSteps : room.minimumOffSteps
    let state = room.isOnInitially ? 1.0 : 0
    for step in 0..<min(max(0, needed - room.stepsInState), relay.count)
    where room.fixedRelay[step] == nil {
      dispatch.linear.setBounds(column: relay[step], lower: state, upper: state)
    }
  }

  private mutating func addDeferrable(_ load: PlanningProblem.DeferrableLoad) {
    let window = load.windowStart..<load.windowEnd
    let columns = (0..<problem.stepCount).map { step in
      dispatch.linear.addColumn(upper: window.contains(step) ? 1 : 0, isInteger: true)
    }
    runs.append(columns)
    let missed = dispatch.linear.addColumn(cost: load.missedStepPenalty)
    dispatch.linear.addRow(
      lower: Double(load.steps), upper: Double(load.steps),
      columns.map { ($0, 1) } + [(missed, 1)])
    guard !load.isInterruptible else { return }
    // One start: x[k] − x[k−1] ≤ y[k], Σ y ≤ 1.
    let starts = columns.map { _ in dispatch.linear.addColumn(upper: 1) }
    for step in columns.indices {
      var terms: [(column: Int, value: Double)] = [(starts[step], 1), (columns[step], -1)]
      if step > 0 { terms.append((columns[step - 1], 1)) }
      dispatch.linear.addRow(lower: 0, terms)
    }
    dispatch.linear.addRow(upper: 1, starts.map { ($0, 1) })
    if load.isRunning, load.steps > 0, window.contains(0) {
      dispatch.linear.setBounds(column: columns[0], lower: 1, upper: 1)
    }
  }

  /// The decisions in a solution.
  func controls(_ values: [Double]) -> PlanSchedule.Controls {
    PlanSchedule.Controls(
      relays: relays.map { $0.map { values[$0] > 0.5 } },
      deferrableRuns: runs.map { $0.map { values[$0] > 0.5 } },
      dispatch: dispatch.dispatch(values))
  }
}
