// SPDX-License-Identifier: MIT
import MILP

extension DispatchSolver {
  /// Searches whole decisions: by programmes of single devices first, then by small changes if it `tries` them.
  func improved(
    _ start: Answer, _ load: PlannedLoad, tries: Bool, until isTight: (Answer) -> Bool
  ) throws(SolverError) -> Answer {
    var answer = start
    for _ in 0..<(tries ? programmeRounds : 1) {
      guard let better = try programmed(answer, load), !isTight(answer) else { break }
      answer = better
    }
    var trials = tries ? patternTrials : 0
    for (index, charger) in problem.chargers.enumerated() where isSemiContinuous(charger) {
      var isImproving = true
      while isImproving, trials > 0, !isTight(answer) {
        isImproving = false
        let present = model.chargers[index].charge.map { $0 != nil }
        let patterns = chargerPatterns(answer)
        let changes = ChargerPattern.neighbours(patterns[index], present: present).map { change in
          var changed = patterns
          changed[index] = change
          return changed
        }
        for proposal in promising(changes, from: answer) {
          guard trials > 0 else { break }
          trials -= 1
          guard let other = try attempt(proposal, cutoff: answer.objective),
            other.objective < answer.objective - 1e-6
          else { continue }
          answer = other
          isImproving = true
          break
        }
      }
    }
    return answer
  }

  /// Decisions with other patterns of the charge points that may cost less, the likeliest first.
  private func promising(_ patterns: [[[Bool]]], from answer: Answer) -> [DispatchPattern] {
    let proposals = patterns.map { patterns in
      let pattern = answer.pattern.merging(chargerBounds(patterns)) { $1 }
      return (pattern: pattern, bound: lowerBound(pattern, patterns, from: answer))
    }
    return proposals.enumerated().filter { $0.element.bound < answer.objective - 1e-6 }
      .sorted { ($0.element.bound, $0.offset) < ($1.element.bound, $1.offset) }
      .map(\.element.pattern)
  }

  /// No dispatch with other decisions costs less: the duals of a solution hold for other bounds too.
  private func lowerBound(
    _ pattern: DispatchPattern, _ patterns: [[Bool]], from answer: Answer
  ) -> Double {
    var bound = answer.solution.objective
    for (column, range) in pattern where answer.pattern[column] != range {
      let price = answer.solution.reducedCosts[column]
      guard price != 0 else { continue }
      let value = answer.solution.values[column]
      bound += min(price * (range.lowerBound - value), price * (range.upperBound - value))
    }
    for (charger, pattern) in zip(problem.chargers, patterns) where charger.minimumKilowatts > 0 {
      let powers = pattern.map { $0 ? charger.minimumKilowatts : 0 }
      bound += charger.startCost * Double(ChargerPattern.starts(powers, charger))
    }
    return bound
  }

  /// When each charge point is on.
  private func chargerPatterns(_ answer: Answer) -> [[Bool]] {
    answer.dispatch.chargerKilowatts.map { $0.map { $0 > PlanSimulation.noiseKilowatts } }
  }

  /// The best of the decisions that programmes of single devices propose; `nil` when none is better.
  private func programmed(_ answer: Answer, _ load: PlannedLoad) throws(SolverError) -> Answer? {
    var best: Answer?
    for proposal in chargerProposals(answer, load) + batteryProposals(answer, load) {
      let known = (best ?? answer).objective
      guard let other = try attempt(proposal, cutoff: known), other.objective < known - 1e-6
      else { continue }
      best = other
    }
    return best
  }

  /// Load of everything before PV, kW in each step.
  func beforePV(_ dispatch: DispatchSchedule, _ load: PlannedLoad) -> [Double] {
    let grid = PlanSimulation(problem: problem)
      .grid(dispatch, fixedLoad: load.total, in: problem)
    return zip(grid, dispatch.pvUsedKilowatts).map { $0 + $1 }
  }

  private func chargerProposals(_ answer: Answer, _ load: PlannedLoad) -> [DispatchPattern] {
    let present = beforePV(answer.dispatch, load)
    let costs = StepCosts(problem: problem, present: present)
    let sun = present.indices.map { problem.availablePV($0) }
    let patterns = chargerPatterns(answer)
    var proposals: [DispatchPattern] = []
    for (index, charger) in problem.chargers.enumerated()
    where isSemiContinuous(charger) && charger.dischargeLimitKilowatts == 0 {
      let own = answer.dispatch.chargerKilowatts[index]
      let others = zip(present, own).map { $0 - $1 }
      let before = others.indices.map { costs.cost(others[$0], $0) }
      // Marginal prices let batteries follow, exact costs see the kinks of the meter: try both and between.
      for share in [0.0, 0.5, 1.0] {
        let programme = ChargerProgramme(charger: charger, stepHours: problem.stepHours) {
          power, step in
          share * (costs.cost(others[step] + power, step) - before[step])
            + (1 - share) * power * answer.powerPrices[step]
        } extraPower: { step in
          sun[step] - others[step]
        }
        var changed = patterns
        changed[index] = programme.pattern()
        guard changed != patterns else { continue }
        proposals.append(answer.pattern.merging(chargerBounds(changed)) { $1 })
      }
    }
    return proposals
  }

  private func batteryProposals(_ answer: Answer, _ load: PlannedLoad) -> [DispatchPattern] {
    guard DispatchModel.needsExclusions(problem) else { return [] }
    let present = beforePV(answer.dispatch, load)
    let costs = StepCosts(problem: problem, present: present)
    return problem.batteries.enumerated().map { index, battery in
      let own = zip(
        answer.dispatch.batteryChargeKilowatts[index],
        answer.dispatch.batteryDischargeKilowatts[index]
      ).map { $0 - $1 }
      let others = zip(present, own).map { $0 - $1 }
      let powers = BatteryProgramme(
        battery: battery, stepHours: problem.stepHours, others: others, costs: costs
      ).powers()
      return directions(battery: index, powers, others: others, from: answer.pattern)
    }
  }

  /// Decisions with the directions that a battery's powers and the meter take.
  private func directions(
    battery index: Int, _ powers: [Double], others: [Double], from known: DispatchPattern
  ) -> DispatchPattern {
    let columns = model.batteries[index]
    var pattern = known
    for step in powers.indices {
      pattern[columns.charge[step]] = nil
      pattern[columns.discharge[step]] = nil
      if DispatchModel.canBurn(problem.batteries[index], in: problem, step: step) {
        if powers[step] > 1e-6 { pattern[columns.discharge[step]] = 0...0 }
        if powers[step] < -1e-6 { pattern[columns.charge[step]] = 0...0 }
      }
      guard DispatchModel.canCirculate(problem, step: step) else { continue }
      let net = others[step] + powers[step] - problem.availablePV(step)
      pattern[model.imports[step]] = net <= 0 ? 0...0 : nil
      pattern[model.exports[step]] = net > 0 ? 0...0 : nil
    }
    return pattern
  }
}
