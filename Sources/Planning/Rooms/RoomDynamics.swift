// SPDX-License-Identifier: MIT
import Foundation

/// The temperature recursion of one room with the coefficients of each step length.
struct RoomDynamics {
  /// Part of the own temperature that is left after each step, neighbours' exchange deducted.
  let retention: [Double]
  /// Warming while the relay is on, each step, K.
  let heating: [Double]
  /// Warming by weather and the rest, each step, K.
  let drift: [Double]
  /// Exchange with each neighbour, each step.
  let exchange: [(room: Int, fraction: [Double])]

  init(problem: PlanningProblem, room index: Int) {
    let room = problem.rooms[index]
    let scales = problem.stepHours.map { StepScale(room: room, hours: $0) }
    let exchanges = room.neighbours.map { neighbour in
      (neighbour.room, scales.map { neighbour.exchange * $0.gain })
    }
    exchange = exchanges
    heating = scales.indices.map { step in
      let factor = room.heatFactors.isEmpty ? 1 : room.heatFactors[step]
      return room.kelvinPerKilowatt * room.powerKilowatts * factor * scales[step].gain
    }
    retention = scales.indices.map { step in
      scales[step].retention - exchanges.reduce(0) { $0 + $1.1[step] }
    }
    drift = scales.indices.map { step in
      let weather =
        room.outdoorWeight * problem.outdoorCelsius[step]
        + room.kelvinPerSolarKilowatt * problem.solarKilowattsPerSquareMetre[step]
      let extra = room.extraKelvin.isEmpty ? 0 : room.extraKelvin[step]
      return weather * scales[step].gain + extra
    }
  }

  /// The temperature at the end of a step, neighbours being at `temperatures` when it starts.
  func next(_ celsius: Double, isOn: Bool, step: Int, temperatures: [Double]) -> Double {
    var result = retention[step] * celsius + drift[step] + (isOn ? heating[step] : 0)
    for neighbour in exchange {
      result += neighbour.fraction[step] * temperatures[neighbour.room]
    }
    return result
  }

  /// Warming in each step by weather and by neighbours on a known course.
  func inputs(neighbourCourses: [[Double]]) -> [Double] {
    var inputs = drift
    for neighbour in exchange {
      for step in inputs.indices {
        inputs[step] += neighbour.fraction[step] * neighbourCourses[neighbour.room][step]
      }
    }
    return inputs
  }
}

/// How the coefficients of a room change with the length of a step.
private struct StepScale {
  /// a over this step: `a^(Δ/Δ₀)`.
  let retention: Double
  /// Factor of all other coefficients: `(1 − a^(Δ/Δ₀)) / (1 − a)`.
  let gain: Double

  init(room: PlanningProblem.Room, hours: Double) {
    let ratio = hours / room.referenceStepHours
    if abs(ratio - 1) < 1e-12 {
      retention = room.retention
      gain = 1
    } else if room.retention > 1 - 1e-9 {
      retention = 1
      gain = ratio
    } else {
      retention = pow(room.retention, ratio)
      gain = (1 - retention) / (1 - room.retention)
    }
  }
}

/// What temperatures cost at the end of one step.
struct ComfortBand {
  private let lower: Double
  private let upper: Double
  private let tier: Double
  private let cold: PlanningProblem.Penalty
  private let warm: PlanningProblem.Penalty

  init(room: PlanningProblem.Room, step: Int) {
    lower = room.lowerCelsius[step]
    upper = room.upperCelsius[step]
    tier = room.penaltyTierKelvin
    cold = room.coldPenalty
    warm = room.warmPenalty
  }

  /// Cost of a temperature, currency/h.
  @inline(__always)
  func discomfort(_ celsius: Double) -> Double {
    cold.cost(max(0, lower - celsius), tier: tier) + warm.cost(max(0, celsius - upper), tier: tier)
  }
}

extension PlanningProblem.Room {
  /// Cost of a temperature at the end of a step, currency/h.
  func discomfort(_ celsius: Double, step: Int) -> Double {
    ComfortBand(room: self, step: step).discomfort(celsius)
  }

  /// Cost of each K missing at the end of the horizon.
  var terminalCostPerKelvin: Double {
    capacityKilowattHoursPerKelvin * terminalHeatValuePerKilowattHour
  }
}

extension PlanningProblem.Penalty {
  /// Cost of a violation in kelvin, currency/h.
  @inline(__always)
  func cost(_ kelvin: Double, tier: Double) -> Double {
    first * kelvin + second * max(0, kelvin - tier)
  }
}
