// SPDX-License-Identifier: MIT
import Forecasting
import Foundation
import Household
import TimeSeries

/// What the PV plant is told in a step of a plan: nothing is fed in while that costs money and the
/// plan does not want it, and less is produced where the plan buys energy that it is paid to take.
///
/// The export is limited where possible and not the production: the sun is never as forecast, and
/// the house goes on using what it needs.
struct PlannedProduction {
  /// What the plant shall do.
  let action: Command.Action
  /// Why, in words for people.
  let reason: String

  /// Whether the plant is held back.
  var isLimited: Bool { action != .limitPV(nil) }

  /// The wish of a step.
  ///
  /// - Parameter time: lies in a step of the plan.
  init(plan: Plan, step: Int, forecast: HomeForecast?, time: Date, currency: String) {
    guard let forecast, let index = forecast.grid.index(of: time), step < plan.pvPower.count else {
      (action, reason) = (.limitPV(nil), "nothing speaks against production")
      return
    }
    let exports = plan.gridPower[step] < -Self.noise
    let imports = plan.gridPower[step] > Self.noise
    let unused = forecast.pvPower.mean[index] - plan.pvPower[step]
    let earned = forecast.exportPrice[index]
    if imports, unused > Self.curtailment, forecast.importPrice[index] < .zero {
      action = .limitPV(plan.pvPower[step])
      reason = "buying earns " + (-forecast.importPrice[index]).text(in: currency)
    } else if !exports, earned < .zero {
      action = .limitExport(.zero)
      reason = "feeding in costs " + (-earned).text(in: currency)
    } else if !exports, !imports, unused > Self.curtailment {
      action = .limitExport(.zero)
      reason = "the plan uses less than the sun gives"
    } else {
      (action, reason) = (.limitPV(nil), "earns " + earned.text(in: currency))
    }
  }

  /// Below this a flow is the optimiser's noise.
  private static let noise = Watts(50)
  /// From this on production is left out on purpose.
  private static let curtailment = Watts(100)
}
