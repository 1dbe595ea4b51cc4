// SPDX-License-Identifier: MIT
public import Foundation
public import Household
public import Planning
import TimeSeries

/// Why each device does what it does at one instant: what it was told, what a limit changed, and the
/// plan's reasons with prices and the cost of the alternatives.
public struct DecisionReport: Sendable, Codable {
  /// One device at the instant.
  public struct Device: Sendable, Codable {
    /// The plan's reasons, computed; `nil` where nothing was planned for it.
    public let explanation: Explanation?
    /// The room, battery or car.
    public let name: String
    /// What it was told at the instant; `nil` when the instant lies ahead of the last decision.
    public let order: String?
    /// The reason that went with the order.
    public let orderReason: String?
    /// What the plan wanted where a safety limit told something else.
    public let wantedInstead: String?
    /// The override of a person that stands above the plan at the instant.
    public let override: String?
  }

  /// The instant.
  public let time: Date
  /// When the plan in force was made; `nil` when there is none.
  public let planIssuedAt: Date?
  /// Why it was made.
  public let planCause: String?
  /// The plan's step that holds the instant; its start.
  public let stepStart: Date?
  /// Money of every price and cost, ISO 4217.
  public let currency: String
  /// What people were told.
  public let diagnostics: [String]
  /// One entry for each device.
  public let devices: [Device]

  /// The report of a decision in force.
  ///
  /// - Parameters:
  ///   - time: the instant; after the last decision it is what the plan intends.
  ///   - planned: the decision that made the plan in force.
  ///   - decided: what the last decision before the instant told the devices; `nil` when the instant
  ///     lies so far ahead that nothing was decided for it.
  ///   - overrides: what people want.
  ///   - name: only the device of this name.
  /// - Throws: when the solver cannot solve the plan again.
  public init(
    at time: Date, planned: ControlCycle.Result, decided: CycleRecord.Outcome?,
    overrides: Overrides = Overrides(), home: Home, device name: String? = nil
  ) throws(PlanningError) {
    self.time = time
    currency = home.site.currency
    planCause = planned.replanCause
    planIssuedAt = planned.plan?.issuedAt
    diagnostics = decided?.diagnostics ?? planned.diagnostics.map(\.description)
    let step = planned.plan?.grid.index(of: time)
    stepStart = step.flatMap { planned.plan?.grid.date(at: $0) }
    var explanations: [String: Explanation] = [:]
    if let step, let problem = planned.problem, let schedule = planned.schedule {
      let explainer = try Explainer(problem: problem, schedule: schedule)
      for item in try explainer.explain(step: step, device: name) {
        explanations[item.device] = item
      }
    }
    devices = Self.devices(of: home).filter { name == nil || name == $0.name }.map {
      (device, target) in
      let told = decided?.commands.first { $0.action.target == target }
      let wanted = decided?.wanted.first { $0.action.target == target }
      return Device(
        explanation: explanations[device], name: device, order: told.map { "\($0.action)" },
        orderReason: told?.reason,
        wantedInstead: wanted?.action == told?.action ? nil : wanted.map { "\($0.action)" },
        override: Self.words(for: overrides.all[target], at: time))
    }
  }

  /// The names that can be asked for, in the order of the configuration.
  public static func names(of home: Home) -> [String] { devices(of: home).map(\.name) }

  private static func devices(of home: Home) -> [(name: String, target: CommandTarget)] {
    home.heatedRooms.map { ($0.name, .room($0.name)) }
      + (home.battery.map { [($0.name, .battery($0.name))] } ?? [])
      + home.vehicles.map { ($0.name, .chargePoint($0.chargePoint)) }
      + home.appliances.map { ($0.name, .appliance($0.name)) }
  }

  private static func words(for override: Override?, at time: Date) -> String? {
    guard let override, override.since <= time, override.until > time else { return nil }
    let end = "until \(override.until.formatted(.iso8601))"
    switch override.wish {
    case .action(let action): return "\(action) \(end)"
    case .handsOff: return "left alone \(end)"
    }
  }
}
