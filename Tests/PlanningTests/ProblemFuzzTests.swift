// SPDX-License-Identifier: MIT
import Foundation
import Planning
import TestSupport
import Testing
import TimeSeries

@Suite("Fuzzed problems of planning")
struct ProblemFuzzTests {
  @Test("damaged problems are refused, or hold finite numbers only")
  func problems() throws {
    let whole = """
      {"format":"hems-bench-1","name":"tiny","K":2,"dt_h":[0.1,0.25],
      "grid":{"import_limit_kw":17,"export_limit_kw":10.5,"import_price":[3,4],
      "export_price":[1,2],"spot":[2,3]},"base_kw":[0.5,0.75],
      "batteries":[{"cap_kwh":11,"p_ch_kw":5,"p_dis_kw":5,"eta_ch":0.95,"eta_dis":0.95,
      "soc0":0.5}],"deferrable":[{"power_kw":2,"steps":1,"window":[1,2],"interruptible":true}]}
      """
    _ = try PlanningProblem(json: Data(whole.utf8))
    var random = SplitMix64(seed: 41)
    let found = Fuzzing(seeds: [Array(whole.utf8)]).run(using: &random) { input in
      guard let problem = try? PlanningProblem(json: Data(input)) else { return .refused }
      return .numbers(problem.baseLoadKilowatts + problem.stepHours)
    }
    #expect(found.isEmpty)
  }
}
