// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import Physics
import Planning
import TimeSeries

/// One decision as one line of the journal: what was read, believed, planned, wanted and allowed.
///
/// Keys carry their units; a value that was not known is absent. The format is described in
/// docs/formats.md.
public struct JournalEntry: Sendable, Hashable, Codable {
  /// One command and its reason.
  public struct Order: Sendable, Hashable, Codable {
    /// The room, battery, charge point or `pv`.
    public let device: String
    /// What it is told.
    public let action: String
    /// Why.
    public let reason: String
  }

  /// The plan made in this cycle.
  public struct PlanSummary: Sendable, Hashable, Codable {
    /// Why it was made.
    public let cause: String
    /// Where it came from.
    public let origin: String
    /// Its objective.
    public let objective: Double
    /// No plan can cost less.
    public let lowerBound: Double?
    /// Limits that the independent check found broken.
    public let violations: [String]
  }

  /// What is expected of a room under the new plan.
  public struct RoomExpectation: Sendable, Hashable, Codable {
    /// Hours ahead.
    public let hours: Int
    /// Exceeded with probability 0.9.
    public let p10: Double
    /// The median.
    public let p50: Double
    /// Exceeded with probability 0.1.
    public let p90: Double
  }

  /// The journal's format.
  public let format: String
  /// When.
  public let time: Date
  /// Temperatures of the rooms as believed.
  public let roomsCelsius: [String: Double]
  /// Exchange with the grid, import positive.
  public let gridWatts: Double?
  /// PV production.
  public let pvWatts: Double?
  /// Consumption without heaters and cars.
  public let baseLoadWatts: Double?
  /// Battery power, discharge positive.
  public let batteryWatts: Double?
  /// State of charge.
  public let stateOfChargePercent: Double?
  /// Heaters that were on.
  public let heatersOn: [String]
  /// The new plan; absent while the old one holds.
  public let plan: PlanSummary?
  /// With a new plan: temperatures of the rooms 1, 6 and 24 h ahead.
  public let roomsExpectedCelsius: [String: [RoomExpectation]]?
  /// What went to the devices.
  public let orders: [Order]
  /// What the safety limits changed.
  public let interventions: [String]
  /// What people should know.
  public let diagnostics: [String]

  /// The line of one decision.
  public init(_ result: ControlCycle.Result, snapshot: Snapshot, home: Home) {
    format = "pems-journal-1"
    time = snapshot.time
    roomsCelsius = Dictionary(
      home.rooms.enumerated().map {
        ($1.name, result.state.thermal.temperature(ofRoom: $0).rawValue)
      }, uniquingKeysWith: { first, _ in first })
    gridWatts = snapshot.gridPower?.value.rawValue
    pvWatts = snapshot.pvPower?.value.rawValue
    baseLoadWatts = snapshot.baseLoadPower?.value.rawValue
    batteryWatts = snapshot.batteryPower?.value.rawValue
    stateOfChargePercent = result.state.stateOfCharge?.percent
    heatersOn = result.state.relays.filter(\.value.isOn).keys.sorted()
    plan = result.replanCause.flatMap { cause in
      guard let plan = result.plan, let verdict = result.verdict else { return nil }
      return PlanSummary(
        cause: cause, origin: plan.origin.rawValue, objective: plan.objective.rawValue,
        lowerBound: plan.lowerBound?.rawValue, violations: verdict.violations.map(\.description))
    }
    roomsExpectedCelsius =
      result.roomOutlook.isEmpty
      ? nil : result.roomOutlook.mapValues { Self.expectations($0, at: snapshot.time) }
    orders = result.limited.commands.map { command in
      let (device, action) = Self.words(for: command.action)
      return Order(device: device, action: action, reason: command.reason)
    }
    interventions = result.limited.interventions.map { "\($0.subject): \($0.cause)" }
    diagnostics = result.diagnostics.map(\.description)
  }

  private static func expectations(
    _ forecast: QuantileForecast<Celsius>, at now: Date
  ) -> [RoomExpectation] {
    func rounded(_ value: Celsius) -> Double { (value.rawValue * 100).rounded() / 100 }
    return [1, 6, 24].compactMap { hours in
      let time = now.addingTimeInterval(Double(hours) * 3_600)
      return forecast.grid.index(of: time).map {
        RoomExpectation(
          hours: hours, p10: rounded(forecast.p10[$0]), p50: rounded(forecast.p50[$0]),
          p90: rounded(forecast.p90[$0]))
      }
    }
  }

  private static func words(for action: Command.Action) -> (device: String, action: String) {
    switch action {
    case .heat(let room, let isOn): (room, isOn ? "on" : "off")
    case .battery(let name, let mode): (name, words(for: mode))
    case .charge(let chargePoint, let power): (chargePoint, "\(power)")
    case .run(let appliance, let isOn): (appliance, isOn ? "on" : "off")
    case .limitPV, .limitExport: ("pv", "\(action)")
    }
  }

  private static func words(for mode: BatteryMode) -> String {
    switch mode {
    case .selfConsumption: "self-consumption"
    case .hold: "hold"
    case .chargeFromGrid(let power, let until): "charge \(power) until \(until.percent) %"
    case .dischargeToGrid(let power, let until): "discharge \(power) until \(until.percent) %"
    }
  }

  /// The entry as one line of JSON, keys in order.
  ///
  /// - Throws: when a number is not finite, which readings never are.
  public func line() throws -> String {
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
