// SPDX-License-Identifier: MIT

/// A lower bound of rooms that exchange heat.
///
/// What room r gets from its neighbours, `x_r[k] = Σ_n c_rn T_n[k]`, becomes a quantity of its own that is
/// bought at the price `π_r[k]`, and each neighbour is paid `c_rn π_r[k]` for each kelvin it has. For any
/// prices the sum over all rooms, each planned alone, is a lower bound (Lagrangian relaxation of the
/// exchange); with the slopes of the rooms' own values as prices it is a tight one. A room may buy as much
/// as its neighbours could deliver between never and always heating.
///
/// Source: M. Guignard, S. Kim, Lagrangean decomposition, Mathematical Programming 39 (1987) 215,
/// doi:10.1007/BF02592954.
struct CoupledBound {
  let problem: PlanningProblem
  /// Temperatures of all rooms around which inputs are counted, at the start and after each step.
  let courses: [[Double]]
  private let dynamics: [RoomDynamics]

  /// Rounds in which prices of heat and slopes of the rooms' values come to agree.
  static let rounds = 6

  init(problem: PlanningProblem, courses: [[Double]]) {
    self.problem = problem
    self.courses = courses
    dynamics = problem.rooms.indices.map { RoomDynamics(problem: problem, room: $0) }
  }

  /// What each kelvin of a room at the end of each step is worth to its neighbours, currency/K.
  ///
  /// - Parameter slopes: of each room's value at the start of each step, currency/K.
  func heatPrices(slopes: [[Double]]) -> [[Double]] {
    let steps = problem.stepCount
    var prices = problem.rooms.map { _ in [Double](repeating: 0, count: steps) }
    for room in problem.rooms.indices {
      for neighbour in dynamics[room].exchange {
        for step in 1..<max(1, steps) {
          prices[neighbour.room][step - 1] +=
            neighbour.fraction[step] * price(room, slopes[room], step)
        }
      }
    }
    return prices
  }

  func model(_ room: Int, heatPrices: [[Double]]) -> RoomModel {
    RoomModel(
      problem: problem, room: room, neighbourCourses: courses, heatPrices: heatPrices[room])
  }

  /// The lower bound of one room, currency.
  ///
  /// - Parameters:
  ///   - model: with the heat prices that follow from all rooms' slopes.
  ///   - freedom: by how much its inputs may differ from those of the courses.
  func value(
    _ room: Int, model: RoomModel, slopes: [Double], prices: [Double],
    freedom: [ClosedRange<Double>], cells: Int
  ) -> Double {
    let own = RoomBound(model: model, slopes: slopes, cells: cells, freedom: freedom)
      .value(prices: prices)
    var bought = 0.0
    for neighbour in dynamics[room].exchange {
      for step in 1..<max(1, problem.stepCount) {
        bought +=
          price(room, slopes, step) * neighbour.fraction[step] * courses[neighbour.room][step]
      }
    }
    return own - bought
  }

  /// π: what a room pays for a kelvin of input, which is worth `s_k/a` there.
  private func price(_ room: Int, _ slopes: [Double], _ step: Int) -> Double {
    slopes[step] / dynamics[room].retention[step]
  }

  /// How far the inputs of each room may lie from those of the courses, K in each step.
  func freedoms() -> [[ClosedRange<Double>]] {
    let simulation = PlanSimulation(problem: problem)
    let relays = { (isOn: Bool) in
      problem.rooms.map { _ in [Bool](repeating: isOn, count: problem.stepCount) }
    }
    let coldest = simulation.temperatures(relays(false))
    let warmest = simulation.temperatures(relays(true))
    return problem.rooms.indices.map { room in
      (0..<problem.stepCount).map { step in
        var (below, above) = (0.0, 0.0)
        for neighbour in dynamics[room].exchange {
          let now = courses[neighbour.room][step]
          below += neighbour.fraction[step] * (coldest[neighbour.room][step] - now)
          above += neighbour.fraction[step] * (warmest[neighbour.room][step] - now)
        }
        return min(0, below)...max(0, above)
      }
    }
  }
}

extension RoomSchedules {
  /// A lower bound of all rooms together that exchange heat, for prices of being on; currency.
  func coupledBound(prices: [[Double]], courses: [[Double]], cells: Int) -> Double {
    let coupled = CoupledBound(problem: problem, courses: courses)
    let rooms = Array(problem.rooms.indices)
    var slopes = perform(rooms) { room, scratch in
      self.programmes[room].solve(prices: prices[room], scratch: scratch).slopes
    }
    for _ in 0..<CoupledBound.rounds {
      let heat = coupled.heatPrices(slopes: slopes)
      slopes = perform(rooms) { room, scratch in
        RoomProgramme(model: coupled.model(room, heatPrices: heat), points: self.points)
          .solve(prices: prices[room], scratch: scratch).slopes
      }
    }
    let heat = coupled.heatPrices(slopes: slopes)
    let freedoms = coupled.freedoms()
    return perform(rooms) { room, _ in
      coupled.value(
        room, model: coupled.model(room, heatPrices: heat), slopes: slopes[room],
        prices: prices[room], freedom: freedoms[room], cells: cells)
    }.reduce(0, +)
  }
}
