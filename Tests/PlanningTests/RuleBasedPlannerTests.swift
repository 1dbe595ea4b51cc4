// SPDX-License-Identifier: MIT
import Planning
import PlanningFixtures
import Testing

@Suite("Rule-based planner")
struct RuleBasedPlannerTests {
  @Test("keeps every limit of any home", arguments: 1...60 as ClosedRange<UInt64>)
  func keepsLimits(seed: UInt64) throws {
    var homes = Homes(seed: seed)
    let problem = homes.home(
      rooms: Int(seed % 4), batteries: Int(seed % 3), chargers: Int(seed % 2),
      loads: Int(seed % 3))
    let schedule = try RuleBasedPlanner().plan(problem).schedule
    let verdict = PlanCheck(problem).verdict(schedule.controls)
    #expect(verdict.isFeasible, "\(verdict.violations)")
    #expect(abs((verdict.objective ?? .nan) - schedule.objective.total) < 1e-6)
  }
}
