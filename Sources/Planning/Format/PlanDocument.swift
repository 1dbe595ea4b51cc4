// SPDX-License-Identifier: MIT
public import Foundation
import TimeSeries

/// A plan in the format that `check_plan.py` and other programs read (docs/formats.md).
public struct PlanDocument {
  private let problem: PlanningProblem
  private let outcome: PlanningOutcome

  /// The document of an outcome.
  public init(problem: PlanningProblem, outcome: PlanningOutcome) {
    self.problem = problem
    self.outcome = outcome
  }

  /// The JSON text; keys in alphabetical order.
  ///
  /// - Throws: `unreadable` when a value is no number, which a plan never has.
  public func json() throws(PlanningError) -> Data {
    do {
      return try JSONSerialization.data(
        withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
    } catch {
      throw .unreadable(reason: "the plan holds a value that is no number")
    }
  }

  private var object: [String: Any] {
    let controls = outcome.schedule.controls
    var object: [String: Any] = [
      "instance": problem.name,
      "u": controls.relays.map { $0.map { $0 ? 1 : 0 } },
      "status": status,
      "objective": outcome.schedule.objective.total,
      "objective_parts": Dictionary(
        uniqueKeysWithValues: outcome.schedule.objective.parts.map { ($0.name, $0.value) }),
      "solve_seconds": outcome.seconds,
      "temperatures_c": outcome.schedule.temperaturesCelsius,
      "grid_kw": outcome.schedule.gridKilowatts,
      "soc_kwh": outcome.schedule.batteryKilowattHours,
      "trace": outcome.trace.map { ["seconds": $0.seconds, "objective": $0.objective] },
      "diagnostics": outcome.diagnostics.map(\.description),
    ]
    object["modes"] = problem.batteries.indices.map { battery in
      InverterMode.modes(of: battery, in: outcome.schedule, problem: problem).map(\.name)
    }
    if let bound = outcome.bound { object["bound"] = bound }
    if let gap = outcome.gap { object["gap"] = gap }
    if case .fallback(let cause) = outcome.quality { object["cause"] = cause }
    if !problem.deferrableLoads.isEmpty {
      object["deferrable"] = controls.deferrableRuns.map { $0.map { $0 ? 1 : 0 } }
    }
    object.merge(dispatchObject(controls.dispatch)) { $1 }
    if !controls.scenarioDispatches.isEmpty {
      object["scenarios"] = controls.scenarioDispatches.map(dispatchObject)
    }
    return object
  }

  private var status: String {
    switch outcome.quality {
    case .optimal: "optimal"
    case .feasible: "feasible"
    case .fallback: "fallback"
    }
  }

  private func dispatchObject(_ dispatch: DispatchSchedule) -> [String: Any] {
    var object: [String: Any] = [
      "batt_charge_kw": sum(dispatch.batteryChargeKilowatts),
      "batt_discharge_kw": sum(dispatch.batteryDischargeKilowatts),
      "ev_kw": sum(dispatch.chargerKilowatts),
      "pv_used_kw": dispatch.pvUsedKilowatts,
    ]
    if problem.batteries.count > 1 {
      object["batteries"] = problem.batteries.indices.map {
        [
          "charge_kw": dispatch.batteryChargeKilowatts[$0],
          "discharge_kw": dispatch.batteryDischargeKilowatts[$0],
        ]
      }
    }
    if problem.chargers.count > 1 || problem.chargers.contains(where: givesBack) {
      object["chargers"] = problem.chargers.indices.map {
        [
          "charge_kw": dispatch.chargerKilowatts[$0],
          "discharge_kw": dispatch.chargerDischargeKilowatts[$0],
        ]
      }
    }
    return object
  }

  private func givesBack(_ charger: PlanningProblem.Charger) -> Bool {
    charger.dischargeLimitKilowatts > 0
  }

  private func sum(_ rows: [[Double]]) -> [Double] {
    var total = [Double](repeating: 0, count: problem.stepCount)
    for row in rows { for step in row.indices { total[step] += row[step] } }
    return total
  }
}
