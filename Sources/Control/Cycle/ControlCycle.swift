// SPDX-License-Identifier: MIT
public import Forecasting
public import Foundation
public import Household
public import Physics
public import Planning
public import TimeSeries

/// One decision of pems, from readings to commands: the function to read first.
///
/// Snapshot → state → forecasts → plan → commands → limits. Pure: the same input and memory give the
/// same result, bit for bit, as long as the planner works without a time limit.
public struct ControlCycle: Sendable {
  /// Everything a decision looks at.
  public struct Input: Sendable, Codable {
    /// The readings, frozen.
    public let snapshot: Snapshot
    /// What is known of the time to come, on the plan's grid.
    public let known: ForecastInputs

    /// The input of one decision.
    public init(snapshot: Snapshot, known: ForecastInputs) {
      self.snapshot = snapshot
      self.known = known
    }
  }

  /// What one decision leaves for the next.
  public struct Memory: Sendable, Codable {
    /// What was believed.
    public var state: HomeState?
    /// The forecast the plan was made for.
    public var forecast: HomeForecast?
    /// The plan in force.
    public var plan: Plan?
    /// What the planner starts from next time.
    public var planMemory: PlanMemory?
    /// How the forecasts of rooms came out.
    public var roomOutlook = RoomOutlookRecord()

    /// The memory before the first decision.
    public init() {}
  }

  /// A decision with every intermediate, so that it can be explained and replayed.
  public struct Result: Sendable {
    /// What was believed.
    public let state: HomeState
    /// Why a new plan was made; `nil` when the old one still holds.
    public let replanCause: String?
    /// The new plan's problem.
    public let problem: PlanningProblem?
    /// The independent check of the new plan.
    public let verdict: PlanVerdict?
    /// The new plan in the planner's own terms; `nil` when none was made or the check refused it.
    public let schedule: PlanSchedule?
    /// The plan in force; `nil` when there is none.
    public let plan: Plan?
    /// Temperature of each room under a new plan, with quantiles that have held so far.
    public let roomOutlook: [String: QuantileForecast<Celsius>]
    /// What was wanted, before the limits.
    public let wanted: [Command]
    /// What may go to the devices, and what the limits changed.
    public let limited: SafetyLimits.Result
    /// What people should know.
    public let diagnostics: [Diagnostic]
    /// What the next decision needs.
    public let memory: Memory
  }

  private let model: HomeModel
  private let strategy: ControlStrategy
  private let forecaster: HomeForecaster
  /// What makes plans; a test hands out wrong ones in its place.
  var planning:
    @Sendable (PlannerOptions, PlanningProblem, PlanMemory?) throws(PlanningError) ->
      PlanningOutcome = { options, problem, memory throws(PlanningError) in
        try Planner(options: options).plan(problem, memory: memory)
      }

  /// A cycle for a home with the models it has learned; by default none.
  public init(
    model: HomeModel, strategy: ControlStrategy, models: TrainedModels = TrainedModels()
  ) {
    self.model = model
    self.strategy = strategy
    forecaster = HomeForecaster(home: model.home, models: models)
  }

  /// The grid a plan made at a time has: whole steps from the one that holds the time.
  public func planGrid(at time: Date) -> TimeGrid {
    TimeGrid(
      start: TimeGrid.floor(time, stepSeconds: model.settings.planStepSeconds),
      stepSeconds: model.settings.planStepSeconds, count: model.settings.planStepCount)
  }

  /// Decides.
  public func step(_ input: Input, memory: Memory) -> Result {
    let state = HomeState(
      snapshot: input.snapshot, previous: memory.state, sun: sun(input, memory), model: model)
    var memory = memory
    memory.state = state
    memory.roomOutlook.settle(state.readRooms, at: state.time)
    var diagnostics = state.diagnostics
    let cause = replanCause(input, memory: memory)
    var planned: NewPlan?
    if cause != nil {
      planned = makePlan(input, state: state, memory: memory, &diagnostics)
      planned.map { $0.remember(in: &memory) }
    }
    let outlook = planned?.plan.map {
      memory.roomOutlook.issue($0.roomTemperatures, on: $0.grid, at: state.time)
    }
    let wanted = wantedCommands(state: state, memory: memory, &diagnostics)
    let limited = SafetyLimits.apply(to: wanted, snapshot: input.snapshot, home: model.home)
    return Result(
      state: state, replanCause: cause, problem: planned?.problem, verdict: planned?.verdict,
      schedule: planned?.schedule, plan: memory.plan, roomOutlook: outlook ?? [:], wanted: wanted,
      limited: limited,
      diagnostics: diagnostics, memory: memory)
  }

  /// The sun since the last decision, as the forecast in force has it.
  private func sun(_ input: Input, _ memory: Memory) -> WattsPerSquareMetre {
    guard let before = memory.state?.time, let forecast = memory.forecast else { return .zero }
    return forecast.grid.index(of: before).flatMap { forecast.irradiance[$0] } ?? .zero
  }

  /// A plan made in this cycle.
  private struct NewPlan {
    let plan: Plan?
    let forecast: HomeForecast
    let problem: PlanningProblem
    let verdict: PlanVerdict
    let schedule: PlanSchedule?
    let planMemory: PlanMemory?

    func remember(in memory: inout Memory) {
      memory.forecast = forecast
      guard let plan else { return }
      memory.plan = plan
      memory.planMemory = planMemory
    }
  }

  private func replanCause(_ input: Input, memory: Memory) -> String? {
    if case .rules = strategy { return "rules decide at each cycle" }
    guard let plan = memory.plan, let forecast = memory.forecast else { return "first plan" }
    let now = input.snapshot.time
    let age = now.timeIntervalSince(plan.issuedAt)
    if age >= model.settings.planLifetime.seconds { return "the plan is \(Int(age / 60)) min old" }
    let news = ForecastNews(
      since: forecast, in: input.known, sunShare: model.settings.pvDeviation.rawValue,
      paysSpotPrices: model.home.tariff.needsSpotPrice)
    if let cause = news.cause { return cause }
    // A plant that is held back gives less than the forecast because it was told so.
    if let step = plan.grid.index(of: now),
      PlannedProduction(plan: plan, step: step, forecast: forecast, time: now, currency: "")
        .isLimited
    {
      return nil
    }
    return pvDeviation(input.snapshot, forecast: forecast)
  }

  /// PV is off by a share of the forecast that matters: at least a twentieth of the inverter.
  private func pvDeviation(_ snapshot: Snapshot, forecast: HomeForecast) -> String? {
    guard let inverter = model.home.inverter, let measured = snapshot.pvPower?.value,
      let step = forecast.grid.index(of: snapshot.time)
    else { return nil }
    let expected = forecast.pvPower.mean[step]
    let difference = abs((measured - expected).rawValue)
    let allowed = max(
      expected.rawValue * model.settings.pvDeviation.rawValue, inverter.ratedPower.rawValue / 20)
    let lastPlanAge = snapshot.time.timeIntervalSince(forecast.issuedAt)
    guard difference > allowed, lastPlanAge >= 1_800 else { return nil }
    return "PV gives \(Int(measured.rawValue)) W instead of \(Int(expected.rawValue)) W"
  }

  private func makePlan(
    _ input: Input, state: HomeState, memory: Memory, _ diagnostics: inout [Diagnostic]
  ) -> NewPlan? {
    do {
      let forecast = try forecaster.forecast(input.known)
      diagnostics += forecast.diagnostics
      var problem = PlanningProblem(
        home: model, forecast: forecast, state: state, previous: memory.plan)
      if model.home.preferences.planning.uncertainty == .scenarios {
        problem.scenarios = PlanningProblem.ScenarioSet(home: model.home, forecast: forecast)
      }
      let outcome = try solve(problem, forecast: forecast, memory: memory)
      diagnostics += outcome.diagnostics
      let verdict = PlanCheck(problem).verdict(outcome.schedule.controls)
      let plan = Plan(
        outcome, problem: problem, forecast: forecast, state: state, home: model.home,
        previous: memory.plan)
      guard verdict.isFeasible else {
        diagnostics.append(
          Diagnostic(
            .error, subject: "plan",
            message: "refused by the check: "
              + verdict.violations.map(\.description).joined(separator: "; ")))
        return NewPlan(
          plan: nil, forecast: forecast, problem: problem, verdict: verdict, schedule: nil,
          planMemory: nil)
      }
      return NewPlan(
        plan: plan, forecast: forecast, problem: problem, verdict: verdict,
        schedule: outcome.schedule, planMemory: outcome.memory)
    } catch {
      diagnostics.append(Diagnostic(.error, subject: "plan", message: "\(error)"))
      return nil
    }
  }

  private func solve(
    _ problem: PlanningProblem, forecast: HomeForecast, memory: Memory
  ) throws(PlanningError) -> PlanningOutcome {
    switch strategy {
    case .rules: return try RuleBasedPlanner().plan(problem)
    case .optimised(var options):
      options.usesScenarios = problem.scenarios != nil
      options.hysteresis = model.home.preferences.planning.leastSaving.rawValue
      let steps = memory.plan.map {
        Int(forecast.grid.start.timeIntervalSince($0.grid.start) / Double($0.grid.stepSeconds))
      }
      return try planning(
        options, problem, steps.flatMap { memory.planMemory?.advanced(by: max(0, $0)) })
    }
  }

  private func wantedCommands(
    state: HomeState, memory: Memory, _ diagnostics: inout [Diagnostic]
  ) -> [Command] {
    let lifetime = Double(model.settings.cycleSeconds) * Self.cyclesACommandHolds
    let source = PlannedCommands(
      home: model.home, expiresAt: state.time.addingTimeInterval(lifetime))
    if let plan = memory.plan,
      state.time.timeIntervalSince(plan.issuedAt) <= Self.planValidity.seconds
    {
      let commands = source.commands(of: plan, at: state.time, forecast: memory.forecast)
      if !commands.isEmpty { return commands }
    }
    diagnostics.append(
      Diagnostic(.warning, subject: "plan", message: "there is none; thermostats decide"))
    return source.withoutPlan(
      state: state, rooms: model.home.rooms, calendar: model.home.site.calendar)
  }

  /// A plan that could not be renewed is followed this long.
  private static let planValidity = Duration.hours(6)

  /// A command outlives two lost cycles.
  private static let cyclesACommandHolds = 3.0
}
