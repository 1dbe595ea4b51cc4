// SPDX-License-Identifier: MIT
public import Control
public import Forecasting
public import Foundation
public import Household
import TimeSeries

/// A controller in charge of a twin over a time: every cycle reads, decides, acts and lets time pass.
public struct HouseRun {
  /// What the run needs from outside.
  public struct Observers {
    /// A monotonic clock, seconds; for the planning times only.
    public var elapsedSeconds: () -> Double
    /// Called after each cycle with how many are done and how many there are.
    public var onProgress: (Int, Int) -> Void
    /// Called with each decision and the readings it was made from.
    public var onDecision: (ControlCycle.Result, Snapshot) throws -> Void

    /// Called with each decision, all it looked at and what was remembered before it.
    public var onCycle:
      (ControlCycle.Result, ControlCycle.Input, ControlCycle.Memory) throws -> Void

    /// Observers that see nothing.
    public init() {
      elapsedSeconds = { 0 }
      onProgress = { _, _ in }
      onDecision = { _, _ in }
      onCycle = { _, _, _ in }
    }
  }

  private let home: Home
  private let settings: ControlSettings
  private let cycle: ControlCycle
  private let controller: String

  /// A run of a controller, whose name people will read.
  ///
  /// - Precondition: a step of the record is a whole number of cycles.
  public init(
    model: HomeModel, strategy: ControlStrategy, controller: String,
    models: TrainedModels = TrainedModels()
  ) {
    precondition(
      Self.recordStepSeconds % model.settings.cycleSeconds == 0,
      "a quarter-hour is a whole number of cycles")
    home = model.home
    settings = model.settings
    cycle = ControlCycle(model: model, strategy: strategy, models: models)
    self.controller = controller
  }

  /// Records are kept in quarter-hours, as bills are.
  static let recordStepSeconds = 900

  /// Runs over the quarter-hours of a period.
  ///
  /// - Returns: what happened, by the twin's exact ledger.
  /// - Throws: ``HouseRunError``, or what an observer throws.
  public func run(
    _ twin: inout some HomeTwin, outlook: some Outlook, period: Range<Date>,
    observers: Observers = Observers()
  ) throws -> RunRecord {
    let grid = TimeGrid(covering: period, stepSeconds: Self.recordStepSeconds)
    var recorder = try RunRecorder(controller: controller, grid: grid, home: home, twin: twin)
    var memory = ControlCycle.Memory()
    let cyclesPerStep = Self.recordStepSeconds / settings.cycleSeconds
    for step in grid.indices {
      for position in 0..<cyclesPerStep {
        let now = grid.date(at: step).addingTimeInterval(
          Double(position * settings.cycleSeconds))
        let snapshot = twin.snapshot(at: now)
        let known = outlook.known(at: now, on: cycle.planGrid(at: now), snapshot: snapshot)
        let started = observers.elapsedSeconds()
        let input = ControlCycle.Input(snapshot: snapshot, known: known)
        let result = cycle.step(input, memory: memory)
        recorder.note(result, seconds: observers.elapsedSeconds() - started)
        try observers.onDecision(result, snapshot)
        try observers.onCycle(result, input, memory)
        memory = result.memory
        _ = twin.apply(result.limited.commands, at: now)
        twin.advance(to: now.addingTimeInterval(Double(settings.cycleSeconds)))
      }
      recorder.close(step: step, twin: twin)
      observers.onProgress(step + 1, grid.count)
    }
    return recorder.record
  }
}

/// Why a run cannot be.
public enum HouseRunError: Error, Equatable, CustomStringConvertible {
  /// A step of the period has no price.
  case priceMissing(Date)
  /// A step of the period, or of the weeks before it, was not measured.
  case notMeasured(signal: String, at: Date)

  /// What happened and what to do.
  public var description: String {
    switch self {
    case .priceMissing(let date):
      "there is no price at \(date.formatted(.iso8601)); import prices or choose other days"
    case .notMeasured(let signal, let date):
      "\(signal) is missing at \(date.formatted(.iso8601)); choose days without a gap"
    }
  }
}
