// SPDX-License-Identifier: MIT

/// One room as its dynamic programme sees it: neighbours on a known course, grid laid out.
struct RoomModel {
  let room: PlanningProblem.Room
  let stepHours: [Double]
  let retention: [Double]
  let heating: [Double]
  /// Warming in each step by all but the relay, K.
  let inputs: [Double]
  /// What the temperature at the end of each step costs beside comfort, currency/K; empty for nothing.
  let heatPrices: [Double]

  init(
    problem: PlanningProblem, room index: Int, neighbourCourses: [[Double]]? = nil,
    heatPrices: [Double] = []
  ) {
    self.heatPrices = heatPrices
    let dynamics = RoomDynamics(problem: problem, room: index)
    room = problem.rooms[index]
    stepHours = problem.stepHours
    retention = dynamics.retention
    heating = dynamics.heating
    inputs = dynamics.inputs(
      neighbourCourses: neighbourCourses
        ?? problem.rooms.map { Self.guessedCourse($0, steps: problem.stepCount) })
  }

  /// A room in its band, before anything better is known.
  private static func guessedCourse(_ room: PlanningProblem.Room, steps: Int) -> [Double] {
    [room.initialCelsius]
      + (0..<steps).map {
        room.lowerCelsius[$0] + 0.4 * (room.upperCelsius[$0] - room.lowerCelsius[$0])
      }
  }

  var stepCount: Int { stepHours.count }

  /// Cost of a temperature at the end of a step, currency.
  func cost(_ celsius: Double, step: Int) -> Double {
    let comfort = stepHours[step] * room.discomfort(celsius, step: step)
    return heatPrices.isEmpty ? comfort : comfort + heatPrices[step] * celsius
  }

  /// Costs of temperatures at equal distances at the end of a step, currency.
  func fillCosts(
    _ costs: UnsafeMutablePointer<Float>, count: Int, from lowest: Double, spacing: Double,
    step: Int
  ) {
    let band = ComfortBand(room: room, step: step)
    let hours = stepHours[step]
    for point in 0..<count {
      let celsius = lowest + Double(point) * spacing
      costs[point] = Float(hours * band.discomfort(celsius))
    }
    guard !heatPrices.isEmpty else { return }
    for point in 0..<count {
      costs[point] = Float(cost(lowest + Double(point) * spacing, step: step))
    }
  }

  /// Fewest steps on; at least one.
  var minimumOn: Int { max(1, room.minimumOnSteps) }
  /// Fewest steps off; at least one.
  var minimumOff: Int { max(1, room.minimumOffSteps) }

  /// The grid that holds every temperature a sensible schedule passes.
  func grid(points: Int) -> RoomGrid {
    let margin = 2.5
    var unheated = [room.initialCelsius]
    for step in 0..<stepCount {
      unheated.append(retention[step] * unheated[step] + inputs[step])
    }
    let coldest = unheated.min() ?? room.initialCelsius
    let warmest = unheated.max() ?? room.initialCelsius
    let lowestBand = room.lowerCelsius.min() ?? room.initialCelsius
    let highestBand = room.upperCelsius.max() ?? room.initialCelsius
    let floor = min(lowestBand - margin, room.initialCelsius - 0.5)
    let lowest = min(max(coldest, floor), room.initialCelsius - 0.2) - 0.01
    let pulse = 2 * (heating.max() ?? 0)
    let highest =
      max(highestBand + margin, warmest + 1, room.initialCelsius + 0.5) + pulse
    return RoomGrid(
      count: points, lowest: lowest, highest: max(highest, lowest + 0.1), retention: retention,
      heating: heating, inputs: inputs)
  }

  /// Comfort, switching and terminal heat of a schedule, simulated exactly; currency.
  func cost(of schedule: [Bool]) -> Double {
    var celsius = room.initialCelsius
    var wasOn = room.isOnInitially
    var cost = 0.0
    for step in 0..<stepCount {
      celsius = retention[step] * celsius + inputs[step] + (schedule[step] ? heating[step] : 0)
      cost += self.cost(celsius, step: step)
      if schedule[step], !wasOn { cost += room.switchOnCost }
      wasOn = schedule[step]
    }
    return cost + room.terminalCostPerKelvin * max(0, room.terminalCelsius - celsius)
  }

  /// The schedule that heats as little as the present run allows.
  var leastHeating: [Bool] {
    let forced = room.isOnInitially ? max(0, minimumOn - room.stepsInState) : 0
    return (0..<stepCount).map { room.fixedRelay[$0] ?? ($0 < forced) }
  }

  /// Whether a schedule keeps the minimum times and fixed states.
  func allows(_ schedule: [Bool]) -> Bool {
    var state = room.isOnInitially
    var length = room.stepsInState
    for (step, isOn) in schedule.enumerated() {
      if let fixed = room.fixedRelay[step], fixed != isOn { return false }
      if isOn == state {
        length += 1
      } else {
        let needed = state ? minimumOn : minimumOff
        guard length >= needed || room.fixedRelay[step] != nil else { return false }
        state = isOn
        length = 1
      }
    }
    return true
  }
}
