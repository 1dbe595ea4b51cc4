// SPDX-License-Identifier: MIT
import Forecasting
public import Foundation
public import Household
public import Planning
import TimeSeries

/// One slow decision, complete enough to be made again bit for bit.
///
/// A decision that made a plan is an anchor: it holds all it remembered and all it knew. Those that
/// followed the plan hold their readings only; they are made again from their anchor on.
public struct CycleRecord: Sendable, Codable {
  /// The record's format.
  public let format: String
  /// The program that decided.
  public let version: String
  /// A mark of the configuration it decided with.
  public let configuration: String
  /// How hard the planner worked.
  public let planner: PlannerOptions.Preset
  /// What was read and known.
  public let input: ControlCycle.Input
  /// What was remembered; only in anchors.
  public let memory: ControlCycle.Memory?
  /// The outcome to compare with.
  public let outcome: Outcome

  /// What a decision decided.
  public struct Outcome: Sendable, Hashable, Codable {
    /// What was wanted, before the limits.
    public let wanted: [Command]
    /// What was allowed.
    public let commands: [Command]
    /// Why a plan was made.
    public let replanCause: String?
    /// The plan in force.
    public let plan: Plan?
    /// What was believed.
    public let state: HomeState
    /// What people were told.
    public let diagnostics: [String]

    /// The outcome of a decision.
    ///
    /// - Parameter withPlan: whether the plan is new and belongs into the record.
    public init(_ result: ControlCycle.Result, withPlan: Bool) {
      wanted = result.wanted
      commands = result.limited.commands
      replanCause = result.replanCause
      plan = withPlan ? result.plan : nil
      state = result.state
      diagnostics = result.diagnostics.map(\.description)
    }
  }

  /// When it was decided.
  public var time: Date { input.snapshot.time }

  /// Whether it can be made again by itself.
  public var isAnchor: Bool { memory != nil }

  /// The record of a decision.
  ///
  /// - Parameter memory: what was remembered before it.
  public init(
    _ result: ControlCycle.Result, input: ControlCycle.Input, memory: ControlCycle.Memory,
    isFirst: Bool, version: String, configuration: String, planner: PlannerOptions.Preset
  ) {
    format = "pems-cycle-1"
    self.version = version
    self.configuration = configuration
    self.planner = planner
    let isAnchor = isFirst || result.replanCause != nil
    self.input = isAnchor ? input : input.withoutPast
    self.memory = isAnchor ? memory : nil
    outcome = Outcome(result, withPlan: result.replanCause != nil)
  }

  /// The record as one line of JSON. Numbers are written so that they read back to the same bits.
  public func line() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  /// The records of a file up to a time, in order; from its last anchor on when a time is given.
  ///
  /// Half lines that a power cut left are skipped.
  public static func records(_ text: String, until time: Date? = nil) -> [CycleRecord] {
    var records: [CycleRecord] = []
    for line in text.split(separator: "\n") {
      guard let record = try? CycleRecord(line: line) else { continue }
      if let time, record.time > time { break }
      if time != nil, record.isAnchor { records = [] }
      records.append(record)
    }
    return records
  }

  /// A record from its line.
  public init(line: some StringProtocol) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(line.utf8))
  }
}

extension ControlCycle.Input {
  /// The input without what only a new plan looks at.
  var withoutPast: Self {
    let none = TimeGrid(start: known.grid.start, stepSeconds: known.grid.stepSeconds, count: 0)
    return Self(
      snapshot: snapshot,
      known: ForecastInputs(
        issuedAt: known.issuedAt, grid: known.grid, weather: nil,
        outdoorTemperature: known.outdoorTemperature,
        publishedSpotPrice: known.publishedSpotPrice,
        pastSpotPrice: Series(grid: none, values: []),
        baseLoadHistory: Series(grid: none, values: []), pvHistory: nil,
        vehicles: known.vehicles))
  }
}

/// Makes journalled decisions again, in their order, and compares.
public struct CycleReplay: Sendable {
  /// What one decision came to.
  public struct Comparison: Sendable {
    /// When.
    public let time: Date
    /// The parts that differ, with both values; empty when every bit is the same.
    public let differences: [String]
    /// Whether it could be made again: nothing can before the first anchor.
    public let wasReplayed: Bool
  }

  private let cycle: ControlCycle
  private var memory: ControlCycle.Memory?

  /// A replay by the program and configuration of now.
  public init(cycle: ControlCycle) { self.cycle = cycle }

  /// Makes the next decision again.
  public mutating func replay(_ record: CycleRecord) -> Comparison {
    guard let memory = record.memory ?? memory else {
      return Comparison(time: record.time, differences: [], wasReplayed: false)
    }
    let result = cycle.step(record.input, memory: memory)
    self.memory = result.memory
    let outcome = CycleRecord.Outcome(result, withPlan: result.replanCause != nil)
    return Comparison(
      time: record.time, differences: Self.differences(record.outcome, outcome), wasReplayed: true)
  }

  private static func differences(
    _ then: CycleRecord.Outcome, _ now: CycleRecord.Outcome
  ) -> [String] {
    guard then != now else { return [] }
    var differences: [String] = []
    if then.replanCause != now.replanCause {
      differences.append(
        "plan: '\(then.replanCause ?? "kept")' then, '\(now.replanCause ?? "kept")' now")
    }
    let before = Dictionary(
      then.commands.map { ($0.action.target, $0) }, uniquingKeysWith: { first, _ in first })
    let after = Dictionary(
      now.commands.map { ($0.action.target, $0) }, uniquingKeysWith: { first, _ in first })
    for target in Set(before.keys).union(after.keys).sorted()
    where before[target] != after[target] {
      differences.append(
        "\(target): \(before[target].map { "\($0.action)" } ?? "nothing") then, "
          + "\(after[target].map { "\($0.action)" } ?? "nothing") now")
    }
    if then.plan?.objective != now.plan?.objective {
      differences.append(
        "objective: \(then.plan.map { "\($0.objective.rawValue)" } ?? "none") then, "
          + "\(now.plan.map { "\($0.objective.rawValue)" } ?? "none") now")
    }
    if then.state != now.state { differences.append("state: what was believed differs") }
    if differences.isEmpty { differences.append("details of plan, reasons or diagnostics differ") }
    return differences
  }
}
