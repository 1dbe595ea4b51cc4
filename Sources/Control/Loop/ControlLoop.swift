// SPDX-License-Identifier: MIT
import Dispatch
public import Forecasting
public import Foundation
public import Household
import Synchronization
public import TimeSeries

/// Closes the loop around a house: the only part of Control with a clock.
///
/// The fast loop, every few seconds, holds the last wishes against the newest readings; it runs on a
/// thread of its own and never waits for anything. The slow one plans, on another thread; when it
/// hangs, the fast loop keeps the house safe and the wishes run out by themselves.
public final class ControlLoop: Sendable {
  /// What the loop needs from outside; none of these may block, except `known`.
  public struct Surroundings: Sendable {
    /// The devices.
    public let house: any HouseConnection
    /// What is known of the time to come; called on the slow thread.
    public let known: @Sendable (Date, TimeGrid, Snapshot) -> ForecastInputs
    /// The wall clock.
    public let now: @Sendable () -> Date
    /// Told of each slow decision, on the slow thread.
    public let onDecision:
      @Sendable (ControlCycle.Result, ControlCycle.Input, ControlCycle.Memory) -> Void
    /// Told of each fast decision, on the fast thread.
    public let onBeat: @Sendable (Beat) -> Void

    /// Surroundings of a loop.
    public init(
      house: any HouseConnection,
      known: @escaping @Sendable (Date, TimeGrid, Snapshot) -> ForecastInputs,
      now: @escaping @Sendable () -> Date,
      onDecision:
        @escaping @Sendable (
          ControlCycle.Result, ControlCycle.Input, ControlCycle.Memory
        ) -> Void,
      onBeat: @escaping @Sendable (Beat) -> Void
    ) {
      self.house = house
      self.known = known
      self.now = now
      self.onDecision = onDecision
      self.onBeat = onBeat
    }
  }

  /// One pass of the fast loop.
  public struct Beat: Sendable {
    /// What was seen.
    public let snapshot: Snapshot
    /// What was decided.
    public let decision: FastCycle.Decision
    /// Seconds since the beat before, by a clock that never jumps.
    public let gap: Double
    /// Sensors that stand still.
    public let frozenSensors: Set<String>
    /// Whether the planner has not come back for longer than a cycle.
    public let isPlannerLate: Bool
  }

  private struct State {
    var wanted: [Command] = []
    var overrides = Overrides()
    var isStopped = false
    var isPlanning = false
    var mustPlan = true
    var plannedAt = ContinuousClock.now
    var slowTick: Int64 = .min
    var cycle: ControlCycle
    /// How often the models were replaced.
    var modelChanges = 0
    var memory = ControlCycle.Memory()
    var frozen = FrozenSensors()
    var isEnded = false
  }

  private let home: Home
  private let created = ContinuousClock.now
  private let strategy: ControlStrategy
  private let fast: FastCycle
  private let settings: ControlSettings
  private let fastPeriod: Duration
  private let surroundings: Surroundings
  private let findsFrozenSensors: Bool
  private let state: Mutex<State>
  private let slowQueue = DispatchQueue(label: "pems.slow")
  private let ended = DispatchGroup()

  /// A loop that does not run yet.
  ///
  /// - Parameters:
  ///   - mode: whether the decisions of the strategy are carried out.
  ///   - overrides: those that were in force before.
  ///   - rooms: what was believed of the rooms before.
  ///   - findsFrozenSensors: whether sensors that stand still count as dead.
  public init(
    model: HomeModel, strategy: ControlStrategy, mode: ControlMode = .optimised,
    fastPeriod: Duration, overrides: Overrides,
    rooms: RoomMemory? = nil, surroundings: Surroundings, findsFrozenSensors: Bool = true
  ) {
    self.findsFrozenSensors = findsFrozenSensors
    home = model.home
    self.strategy = strategy
    state = Mutex(State(cycle: ControlCycle(model: model, strategy: strategy)))
    fast = FastCycle(home: model.home, mode: mode)
    settings = model.settings
    self.fastPeriod = fastPeriod
    self.surroundings = surroundings
    state.withLock { state in
      state.overrides = overrides
      rooms?.restore(&state.memory)
    }
  }

  /// The overrides in force.
  public var overrides: Overrides { state.withLock { $0.overrides } }

  /// Changes the overrides; a new plan is made at once.
  public func changeOverrides(_ change: (inout Overrides) -> Void) {
    state.withLock { state in
      change(&state.overrides)
      state.mustPlan = true
    }
  }

  /// Plans with other models of the same home from the next decision on, which makes a new plan.
  public func setModel(_ model: HomeModel) {
    let cycle = ControlCycle(model: model, strategy: strategy)
    state.withLock { state in
      state.cycle = cycle
      state.modelChanges += 1
      state.memory.plan = nil
      state.mustPlan = true
    }
  }

  /// The emergency stop: everything off until it is lifted.
  public func setStopped(_ isStopped: Bool) { state.withLock { $0.isStopped = isStopped } }

  /// Decides anew at the next beat: a device changed its state, or prices or weather came.
  public func trigger() { state.withLock { $0.mustPlan = true } }

  /// Begins; the first beat comes at once.
  public func start() {
    ended.enter()
    let thread = Thread { [self] in
      beat()
      ended.leave()
    }
    thread.name = "pems.fast"
    thread.qualityOfService = .userInteractive
    thread.start()
  }

  /// Ends after the beat that runs; the slow thread is not waited for.
  public func stop() {
    state.withLock { $0.isEnded = true }
    ended.wait()
  }

  private func beat() {
    var last = ContinuousClock.now
    var next = last
    while !state.withLock({ $0.isEnded }) {
      let began = ContinuousClock.now
      pass(gap: (began - last).seconds)
      last = began
      next = max(next + period, ContinuousClock.now)
      while ContinuousClock.now < next, !state.withLock({ $0.isEnded }) {
        Thread.sleep(forTimeInterval: min(0.1, max(0.001, (next - ContinuousClock.now).seconds)))
      }
    }
  }

  /// Until there is a first decision the loop looks more often: readings come one by one.
  private var period: Duration {
    let isStarting =
      state.withLock { $0.wanted.isEmpty }
      && (ContinuousClock.now - created).seconds < Self.patienceSeconds
    return isStarting ? min(fastPeriod, Self.startingPeriod) : fastPeriod
  }

  private static let startingPeriod = Duration.milliseconds(200)

  private func pass(gap: Double) {
    let now = surroundings.now()
    let picture = surroundings.house.snapshot(at: now)
    let (wanted, overrides, isStopped, snapshot, frozen, isLate) = state.withLock { state in
      state.overrides.expire(at: now)
      let snapshot = findsFrozenSensors ? state.frozen.filter(picture, after: gap) : picture
      let age = (ContinuousClock.now - state.plannedAt).seconds
      return (
        state.wanted, state.overrides, state.isStopped, snapshot, state.frozen.frozen,
        age > 2 * Double(settings.cycleSeconds)
      )
    }
    let decision = fast.decide(
      wanted: wanted, overrides: overrides, snapshot: snapshot, isStopped: isStopped)
    surroundings.house.release(decision.released)
    _ = surroundings.house.apply(decision.commands, at: now)
    surroundings.house.deliver()
    surroundings.onBeat(
      Beat(
        snapshot: snapshot, decision: decision, gap: gap, frozenSensors: frozen,
        isPlannerLate: isLate))
    startSlow(snapshot, at: now)
  }

  /// At the start readings come before decisions; a device that is away holds nothing up for long.
  private func isReady(_ snapshot: Snapshot) -> Bool {
    if (ContinuousClock.now - created).seconds > Self.patienceSeconds { return true }
    let needsRooms = home.rooms.contains { snapshot.roomTemperatures[$0.name] == nil }
    return !needsRooms && (home.battery == nil || snapshot.batteryStateOfCharge != nil)
  }

  private static let patienceSeconds = 10.0

  /// Starts the slow decision when its time has come and none is under way.
  private func startSlow(_ snapshot: Snapshot, at now: Date) {
    guard isReady(snapshot) else { return }
    let tick = Int64((now.timeIntervalSince1970 / Double(settings.cycleSeconds)).rounded(.down))
    let begun = state.withLock { state -> (ControlCycle, ControlCycle.Memory, Int)? in
      guard !state.isPlanning, state.mustPlan || tick != state.slowTick else { return nil }
      state.isPlanning = true
      state.mustPlan = false
      state.slowTick = tick
      return (state.cycle, state.memory, state.modelChanges)
    }
    guard let (cycle, memory, modelChanges) = begun else { return }
    slowQueue.async { [self] in
      let input = ControlCycle.Input(
        snapshot: snapshot,
        known: surroundings.known(snapshot.time, cycle.planGrid(at: snapshot.time), snapshot))
      let result = cycle.step(input, memory: memory)
      state.withLock { state in
        state.memory = result.memory
        // A plan that was under way while the models were replaced is one of the old models.
        if state.modelChanges != modelChanges { state.memory.plan = nil }
        state.wanted = result.wanted
        state.isPlanning = false
        state.plannedAt = ContinuousClock.now
      }
      surroundings.onDecision(result, input, memory)
    }
  }
}
