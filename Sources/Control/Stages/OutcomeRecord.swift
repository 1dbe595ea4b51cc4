// SPDX-License-Identifier: MIT
import Forecasting
public import Foundation
public import Household
import Planning
import TimeSeries

/// One cycle as one line: what was planned, what pems wanted, what it was allowed to command and
/// what was measured. In a stage that commands nothing this is the shadow beside whoever controls the
/// house; in the others it shows whether what was planned was carried out.
public struct OutcomeRecord: Sendable, Hashable, Codable {
  /// A band in which four of five measurements should lie, watts.
  public struct Band: Sendable, Hashable, Codable {
    /// The tenth percentile.
    public let p10: Double
    /// The ninetieth percentile.
    public let p90: Double

    /// Whether a measurement lies inside.
    public func contains(_ watts: Double) -> Bool { p10 <= watts && watts <= p90 }
  }

  /// Powers, the house's signs, watts; absent where not known.
  public struct Powers: Sendable, Hashable, Codable {
    /// Import positive.
    public var grid: Double?
    /// Production.
    public var pv: Double?
    /// Consumption without heaters and cars.
    public var baseLoad: Double?
    /// Discharge positive.
    public var battery: Double?

    /// Nothing known.
    public init() {}
  }

  /// `pems-outcome-1`.
  public let format: String
  /// When.
  public let time: Date
  /// How far pems was trusted.
  public let stage: RolloutStage
  /// What the plan in force expected of this step.
  public let planned: Powers
  /// What was measured.
  public let measured: Powers
  /// The forecast of the production that the plan was made with.
  public let pvBand: Band?
  /// The forecast of the base load that the plan was made with.
  public let baseLoadBand: Band?
  /// State of charge, per cent.
  public let stateOfChargePercent: Double?
  /// Rooms that pems wanted to heat, after the limits.
  public let wantedHeating: [String]
  /// Rooms that were heated.
  public let measuredHeating: [String]
  /// What pems wanted of the battery, after the limits.
  public let wantedBattery: BatteryMode?
  /// What importing costs, a kilowatt-hour.
  public let importPrice: Double?
  /// What exporting earns, a kilowatt-hour.
  public let exportPrice: Double?
  /// Targets that pems commanded.
  public let commanded: [String]
  /// Commanded targets that do not answer.
  public let degraded: [String]
  /// Times a limit had to step in.
  public let interventions: Int
  /// Whether the independent check refused a new plan.
  public let isPlanRefused: Bool

  /// The line of one cycle.
  ///
  /// - Parameters:
  ///   - commanded: what the stages let pass.
  ///   - degraded: targets whose devices do not answer.
  public init(
    _ result: ControlCycle.Result, snapshot: Snapshot, stage: RolloutStage,
    commanded: [CommandTarget], degraded: [CommandTarget]
  ) {
    format = "pems-outcome-1"
    time = snapshot.time
    self.stage = stage
    let forecast = result.memory.forecast
    let step = forecast?.grid.index(of: snapshot.time)
    planned = Self.planned(result.plan, at: snapshot.time)
    measured = Self.measured(snapshot)
    pvBand = step.flatMap { Self.band(forecast?.pvPower, $0) }
    baseLoadBand = step.flatMap { Self.band(forecast?.baseLoadPower, $0) }
    stateOfChargePercent = result.state.stateOfCharge?.percent
    var heating: [String] = []
    var battery: BatteryMode?
    for command in result.limited.commands {
      if case .heat(let room, true) = command.action { heating.append(room) }
      if case .battery(_, let mode) = command.action { battery = mode }
    }
    wantedHeating = heating.sorted()
    wantedBattery = battery
    measuredHeating = result.state.relays.filter(\.value.isOn).keys.sorted()
    importPrice = step.flatMap { forecast?.importPrice[$0].rawValue }
    exportPrice = step.flatMap { forecast?.exportPrice[$0].rawValue }
    self.commanded = commanded.map(\.description).sorted()
    self.degraded = degraded.map(\.description).sorted()
    interventions = result.limited.interventions.count
    isPlanRefused = result.verdict.map { !$0.isFeasible } ?? false
  }

  private static func measured(_ snapshot: Snapshot) -> Powers {
    var powers = Powers()
    powers.grid = snapshot.gridPower?.value.rawValue
    powers.pv = snapshot.pvPower?.value.rawValue
    powers.baseLoad = snapshot.baseLoadPower?.value.rawValue
    powers.battery = snapshot.batteryPower?.value.rawValue
    return powers
  }

  private static func planned(_ plan: Plan?, at time: Date) -> Powers {
    var powers = Powers()
    guard let plan, let step = plan.grid.index(of: time) else { return powers }
    powers.grid = plan.gridPower[step].rawValue
    powers.pv = plan.pvPower[step].rawValue
    powers.baseLoad = plan.baseLoadPower[step].rawValue
    powers.battery = step < plan.batteryPower.count ? plan.batteryPower[step].rawValue : nil
    return powers
  }

  private static func band(_ forecast: QuantileForecast<Watts>?, _ step: Int) -> Band? {
    forecast.map { Band(p10: $0.p10[step].rawValue, p90: $0.p90[step].rawValue) }
  }

  /// The record as one line of JSON, keys in order.
  public func line() throws -> String {
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  /// A record from its line.
  public init(line: some StringProtocol) throws {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    self = try decoder.decode(Self.self, from: Data(line.utf8))
  }
}
