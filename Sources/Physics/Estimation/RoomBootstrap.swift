// SPDX-License-Identifier: MIT
import Foundation
import TimeSeries

/// Intervals of a fit by resampling whole days.
///
/// The fit is linearised at its solution: a resample of days d with weights n_d, and priors whose
/// means are drawn from their own distribution, moves the solution by
/// `−(Σ n_d H_d + Λ)⁻¹ (Σ n_d g_d + Λ (p̂ − m*))`. Days are drawn in blocks of two, since windows reach into the next day.
enum RoomBootstrap {
  /// Solutions of `draws` resamples; the parameters at a bound stay there.
  static func draws(
    _ fit: RoomFit, problem: RoomProblem, range: Range<Int>, draws: Int, seed: UInt64
  ) -> [[Double]] {
    let windows = RoomWindows(
      believed: problem.believed, range: range, stepHours: problem.stepHours, strideHours: 4)
    let search = RoomFit.search(problem, weight: fit.priorWeight, iterations: 1)
    let model = { RoomFit.residuals(problem, windows, $0) }
    guard let residuals = model(fit.vector), !residuals.isEmpty else { return [] }
    let jacobian = search.jacobian(at: fit.vector, residuals, model)
    let perDay = Int((24 / problem.stepHours).rounded())
    let conditions = Conditions(fit, problem, search)
    let days = dayBlocks(windows, residuals, jacobian, perDay: perDay, scale: search.lossScale)
    var random = SplitMix64(seed: seed)
    let free = fit.vector.indices.filter {
      fit.vector[$0] > search.lower[$0] + 1e-9 && fit.vector[$0] < search.upper[$0] - 1e-9
    }
    return (0..<draws).compactMap { _ in
      resample(fit, problem, search, days, conditions, free, using: &random)
    }
  }

  /// No draw leaves the fit by more deviations of the prior: near nothing a logarithm bends so much
  /// that the linearised fit would let a window of one square centimetre become a wall of glass.
  private static let reach = 2.0

  /// Normal equations of the windows that begin in one day.
  private struct Day {
    var normal: DenseMatrix
    var gradient: [Double]
  }

  /// What the fit was held to beside the days, drawn anew like a prior.
  private struct Conditions {
    private let values: [Double]
    private let jacobian: [[Double]]

    init(_ fit: RoomFit, _ problem: RoomProblem, _ search: LevenbergMarquardt) {
      let model = { vector in
        RoomFit.course(problem, vector, horizon: 1).map(problem.conditions)
      }
      values = problem.conditionCount == 0 ? [] : model(fit.vector) ?? []
      jacobian = values.isEmpty ? [] : search.jacobian(at: fit.vector, values, model)
    }

    func add(
      to normal: inout DenseMatrix, _ right: inout DenseMatrix, _ free: [Int],
      using random: inout SplitMix64
    ) {
      for (condition, value) in values.enumerated() {
        let drawn = value + RelayRhythm.worth * normal01(using: &random)
        for (row, first) in free.enumerated() {
          right[row, 0] -= jacobian[first][condition] * drawn
          for (column, second) in free.enumerated() {
            normal[row, column] += jacobian[first][condition] * jacobian[second][condition]
          }
        }
      }
    }
  }

  private static func dayBlocks(
    _ windows: RoomWindows, _ residuals: [Double], _ jacobian: [[Double]], perDay: Int,
    scale: Double
  ) -> [Day] {
    let size = jacobian.count
    var days: [Int: Day] = [:]
    for (row, residual) in residuals.enumerated() {
      let key = windows.pairOrigins[row] / perDay
      let weight =
        1 / (1 + residual * residual / (scale * scale)).squareRoot() / Double(residuals.count)
      var day =
        days.removeValue(forKey: key)
        ?? Day(
          normal: DenseMatrix(rows: size, columns: size), gradient: Array(repeating: 0, count: size)
        )
      for first in 0..<size {
        let weighted = jacobian[first][row] * weight
        guard weighted != 0 else { continue }
        day.gradient[first] += weighted * residual
        for second in first..<size { day.normal[first, second] += weighted * jacobian[second][row] }
      }
      days[key] = day
    }
    return days.sorted { $0.key < $1.key }.map(\.value)
  }

  private static func resample(
    _ fit: RoomFit, _ problem: RoomProblem, _ search: LevenbergMarquardt, _ days: [Day],
    _ conditions: Conditions, _ free: [Int], using random: inout SplitMix64
  ) -> [Double]? {
    let size = free.count
    var normal = DenseMatrix(rows: size, columns: size)
    var right = DenseMatrix(rows: size, columns: 1)
    var drawn = 0
    while drawn < days.count {
      let start = Int.random(in: 0..<days.count, using: &random)
      for offset in 0..<min(2, days.count - drawn) {
        let day = days[(start + offset) % days.count]
        for (row, first) in free.enumerated() {
          right[row, 0] -= day.gradient[first]
          for (column, second) in free.enumerated() {
            normal[row, column] += day.normal[min(first, second), max(first, second)]
          }
        }
        drawn += 1
      }
    }
    for (row, index) in free.enumerated() {
      let weight = search.priorWeight[index]
      guard weight > 0 else { continue }
      let mean =
        search.priorMean[index] + problem.parameters[index].deviation * normal01(using: &random)
      normal[row, row] += weight * weight
      right[row, 0] -= weight * weight * (fit.vector[index] - mean)
    }
    conditions.add(to: &normal, &right, free, using: &random)
    guard let move = normal.solving(right) else { return nil }
    var vector = fit.vector
    for (row, index) in free.enumerated() {
      let reach = Self.reach * problem.parameters[index].deviation
      let next = vector[index] + min(max(move[row, 0], -reach), reach)
      vector[index] = min(max(next, search.lower[index]), search.upper[index])
    }
    return vector
  }

  /// A standard normal number. Source: G. Box, M. Muller, Ann. Math. Stat. 29 (1958) 610.
  static func normal01(using random: inout SplitMix64) -> Double {
    let radius = (-2 * log(Double.random(in: 1e-12...1, using: &random))).squareRoot()
    return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &random))
  }
}

/// Days resample the noise but not the choice of the order, nor what all orders leave out: on 83
/// rooms of known truth 90 % intervals of the plain bootstrap held 78–84 %, widened in the logarithm
/// by this factor 88–89 %.
private let widening = 1.5

extension RoomFindings {
  /// Properties of a fit; intervals from the draws, the fit itself among them.
  init(_ fit: RoomFit, draws: [RoomFit.Sample], fullHeat: Double, heatIsPower: Bool) {
    let own = RoomFit.Sample(structure: fit.structure, vector: fit.vector)
    let all = ([own] + draws).map { sample in
      let rates = RoomRates(
        sample.structure, sample.structure.parameters.map(\.role), sample.vector)
      return Properties(sample.structure, rates, fullHeat: fullHeat)
    }
    func estimated<Value: Quantity>(_ property: (Properties) -> Double) -> Estimated<Value> {
      let values = all.map(property)
      func widened(_ share: Double) -> Value {
        let end = quantile(values, share) ?? values[0]
        guard values[0] > 0, end > 0 else { return Value(end) }
        return Value(values[0] * pow(end / values[0], widening))
      }
      return Estimated(value: Value(values[0]), low: widened(0.05), high: widened(0.95))
    }
    let isHeated = fit.structure.hasHeat && fullHeat > 0
    let isPhysical = isHeated && heatIsPower
    heatLoss = isPhysical ? estimated(\.heatLoss) : nil
    timeConstant = estimated(\.timeConstant)
    energyPerKelvin = isPhysical ? estimated(\.energyPerKelvin) : nil
    steadyWarming = isHeated ? estimated(\.steadyWarming) : nil
    heatUpRate = isHeated ? estimated(\.heatUpRate) : nil
    coolDownRate = estimated(\.coolDownRate)
    solarAperture = isPhysical && fit.structure.facadeCount > 0 ? estimated(\.aperture) : nil
    coupling = isPhysical && fit.structure.couplingCount > 0 ? estimated(\.coupling) : nil
  }

  /// The properties of one parameter vector.
  private struct Properties {
    let heatLoss: Double
    let timeConstant: Double
    let energyPerKelvin: Double
    let steadyWarming: Double
    let heatUpRate: Double
    let coolDownRate: Double
    let aperture: Double
    let coupling: Double

    init(_ structure: RoomStructure, _ rates: RoomRates, fullHeat: Double) {
      let capacity = rates.heat > 0 ? fullHeat / rates.heat : 0
      heatLoss = 1_000 * capacity * rates.steadyLoss(structure)
      timeConstant = rates.slowestTimeConstant(structure) ?? 0
      steadyWarming = rates.heat > 0 ? rates.steadyWarming(structure) : 0
      let rise = rates.rise(structure, hours: 6)
      energyPerKelvin = rise > 0 ? 6 * fullHeat / rise : 0
      heatUpRate = rates.rise(structure, hours: 3) / 3
      coolDownRate = rates.fall(structure, difference: 20, hours: 3) / 3
      let sun = rates.solar.reduce(0, +)
      let walls =
        structure.hasEnvelope ? rates.envelopeSolar * rates.envelope / rates.envelopeReturn : 0
      aperture = capacity * sun * (1 + walls)
      coupling = 1_000 * capacity * rates.couplings.reduce(0, +)
    }
  }
}

extension RoomRates {
  /// Warming of the room on its own after some hours of full heat (K).
  func rise(_ structure: RoomStructure, hours: Double) -> Double {
    var drive = [Double](repeating: 0, count: structure.nodeCount)
    if structure.hasSlab {
      drive[structure.nodeCount - 1] = heat * slabReturn / slab
    } else {
      drive[0] = heat
    }
    return course(structure, start: 0, drive: drive, hours: hours)
  }

  /// Cooling of the room on its own, all nodes this far above outdoors at first (K).
  func fall(_ structure: RoomStructure, difference: Double, hours: Double) -> Double {
    let none = [Double](repeating: 0, count: structure.nodeCount)
    return difference - course(structure, start: difference, drive: none, hours: hours)
  }

  private func course(
    _ structure: RoomStructure, start: Double, drive: [Double], hours: Double
  ) -> Double {
    var alone = self
    alone.couplings = alone.couplings.map { _ in 0 }
    var structure = structure
    structure.hasDisturbance = false
    guard let system = RoomSystem(structure, alone, stepHours: hours) else { return 0 }
    return (0..<system.nodeCount).reduce(0) {
      $0 + system.transition[$1] * start + system.response[$1] * drive[$1]
    }
  }
}
