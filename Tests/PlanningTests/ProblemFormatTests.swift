// SPDX-License-Identifier: MIT
import Foundation
import Planning
import TestSupport
import Testing

@Suite("Problem format")
struct ProblemFormatTests {
  private let text = """
    {"format": "hems-bench-1", "name": "tiny", "K": 2, "dt_h": [0.1, 0.25],
     "grid": {"import_limit_kw": 17, "export_limit_kw": 10,
              "import_price": [3, 4], "export_price": [1, 2], "spot": [2, 3]},
     "base_kw": [0.5, 0.6],
     "batteries": [{"cap_kwh": 10, "p_ch_kw": 5, "p_dis_kw": 5, "eta_ch": 0.95,
                    "eta_dis": 0.95, "soc0": 0.5}],
     "deferrable": [{"power_kw": 2, "steps": 1, "window": [0, 2], "interruptible": true}]}
    """

  @Test("reads steps of different length and lists of devices; what is absent stays absent")
  func extensions() throws {
    let problem = try PlanningProblem(json: Data(text.utf8))
    #expect(problem.stepHours == [0.1, 0.25])
    #expect(problem.batteries.count == 1)
    #expect(problem.deferrableLoads.first?.windowEnd == 2)
    #expect(problem.rooms.isEmpty && problem.chargers.isEmpty && problem.pvKilowatts.isEmpty)
  }

  @Test(
    "names the field that is wrong",
    arguments: [
      ("[0.5, 0.6]", "[0.5, null]", PlanningError.notFinite(field: "base_kw", step: 1)),
      ("[0.5, 0.6]", "[0.5]", .wrongLength(field: "base_kw", count: 1, expected: 2)),
      (
        "[0.5, 0.6]", "[0.5, 5000]",
        .outOfRange(field: "base_kw at step 1", value: 5000, allowed: "-1000.0…1000.0")
      ),
      (
        "\"eta_ch\": 0.95", "\"eta_ch\": 1.2",
        .outOfRange(field: "battery battery: eta_ch", value: 1.2, allowed: "0.01…1.0")
      ),
      (
        "\"eta_dis\": 0.95", "\"eta_dis\": 0",
        .outOfRange(field: "battery battery: eta_dis", value: 0, allowed: "0.01…1.0")
      ),
      (
        "hems-bench-1", "hems-bench-9",
        .unreadable(reason: "format 'hems-bench-9' is not known; 'hems-bench-1' is")
      ),
    ])
  func errors(find: String, replace: String, error: PlanningError) {
    let broken = text.replacingOccurrences(of: find, with: replace)
    #expect(throws: error) { try PlanningProblem(json: Data(broken.utf8)) }
  }

  @Test(
    "reads every reference problem",
    .enabled(
      if: ReferenceMaterial.has("milp/instances"),
      Comment(rawValue: ReferenceMaterial.missing("milp/instances"))))
  func referenceProblems() throws {
    let folder = ReferenceMaterial.url("milp/instances")
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      let data = try Data(contentsOf: folder.appending(path: file))
      let problem = try PlanningProblem(json: data)
      #expect(problem.stepCount == 192)
      #expect(problem.scenarios?.scenarios.count ?? 27 == 27)
    }
  }
}
