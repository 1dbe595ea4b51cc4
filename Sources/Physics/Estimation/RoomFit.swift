// SPDX-License-Identifier: MIT
import Foundation

/// The fit of one structure to one room: the parameters that simulate the next 24 h best.
struct RoomFit: Sendable {
  var structure: RoomStructure
  /// In the order of ``RoomStructure/parameters``.
  var vector: [Double]
  /// Mean magnitude of the 24-h errors on the windows it was fitted to (K).
  var fittedError: Double
  /// The same on windows held back, if there were any (K).
  var heldBackError: Double?
  /// Weight of the priors used, in K.
  var priorWeight: Double
  /// What it was held to beside the simulated days.
  var rhythm: RelayRhythm?

  var rates: RoomRates { RoomRates(structure, structure.parameters.map(\.role), vector) }

  /// Parameters that the room might have as well.
  struct Sample {
    let structure: RoomStructure
    let vector: [Double]
  }
}

extension RoomFit {
  /// What a fit may use.
  struct Options: Sendable {
    /// Starts beside the prior's median: every rate multiplied by these.
    var startFactors: [Double] = [1, 2.5]
    var maximumIterations = 20
    /// Weight of a prior deviation, in K.
    var priorWeight = 0.02
    /// Simulated origins lie so far apart.
    var strideHours = 2.0
    /// A vector to start from instead of the priors.
    var warmStart: [Double]?
  }

  /// Fits to the windows inside `range`, trying each start, and keeps the best.
  ///
  /// - Returns: `nil` when there is no window or no start can be simulated.
  static func fit(_ problem: RoomProblem, range: Range<Int>, options: Options) -> RoomFit? {
    let windows = RoomWindows(
      believed: problem.believed, range: range, stepHours: problem.stepHours,
      strideHours: options.strideHours)
    guard !windows.pairOrigins.isEmpty else { return nil }
    let weight = options.priorWeight
    let starts =
      options.warmStart.map { [$0] } ?? options.startFactors.map { start(problem.parameters, $0) }
    var best: LevenbergMarquardt.Solution?
    for start in starts {
      var search = search(problem, weight: weight, iterations: options.maximumIterations)
      search.conditionCount = problem.conditionCount
      guard
        let found = search.minimise(
          from: start, residuals: { residuals(problem, windows, $0, withConditions: true) })
      else { continue }
      if found.cost < best?.cost ?? .infinity { best = found }
    }
    guard let best else { return nil }
    return RoomFit(
      structure: problem.structure, vector: best.parameters,
      fittedError: meanMagnitude(best.residuals.dropLast(problem.conditionCount)),
      heldBackError: nil, priorWeight: weight, rhythm: problem.rhythm)
  }

  /// The mean magnitude of this model's 24-h errors on the windows inside `range` (K).
  func error(on problem: RoomProblem, range: Range<Int>) -> Double? {
    let windows = RoomWindows(
      believed: problem.believed, range: range, stepHours: problem.stepHours)
    guard !windows.pairOrigins.isEmpty else { return nil }
    return Self.residuals(problem, windows, vector).map(meanMagnitude)
  }

  /// Residuals of a parameter vector on windows, and how far it is from the relay's rhythm; `nil`
  /// when it cannot be simulated.
  static func residuals(
    _ problem: RoomProblem, _ windows: RoomWindows, _ vector: [Double],
    withConditions: Bool = false
  ) -> [Double]? {
    guard let course = course(problem, vector, horizon: windows.horizon) else { return nil }
    let residuals = windows.residuals(course, measured: problem.measured)
    return withConditions ? residuals + problem.conditions(course) : residuals
  }

  /// The course of a parameter vector; `nil` when it cannot be simulated.
  static func course(_ problem: RoomProblem, _ vector: [Double], horizon: Int) -> RoomCourse? {
    let rates = RoomRates(problem.structure, problem.roles, vector)
    guard let system = RoomSystem(problem.structure, rates, stepHours: problem.stepHours) else {
      return nil
    }
    return RoomCourse(problem, system, rates, horizon: horizon)
  }

  /// The search with this room's bounds and priors.
  static func search(
    _ problem: RoomProblem, weight: Double, iterations: Int
  ) -> LevenbergMarquardt {
    let parameters = problem.parameters
    var search = LevenbergMarquardt(
      lower: parameters.map(\.bounds.lowerBound), upper: parameters.map(\.bounds.upperBound),
      priorMean: parameters.map(\.mean),
      priorWeight: parameters.map { ($0.worth ?? weight) / $0.deviation })
    search.maximumIterations = iterations
    return search
  }

  /// The prior's median with every rate multiplied; couplings start small, gains at 0.
  private static func start(
    _ parameters: [RoomStructure.Parameter], _ factor: Double
  ) -> [Double] {
    parameters.map { parameter in
      switch parameter.role {
      case .coupling: 0.05
      case .gain, .wave: 0
      case .airNoise, .massNoise, .disturbanceNoise, .disturbanceFading: parameter.mean
      default: parameter.mean + log(factor)
      }
    }
  }
}
