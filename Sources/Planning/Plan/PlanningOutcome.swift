// SPDX-License-Identifier: MIT
public import TimeSeries

/// The answer of a planner: always a plan, and how good it is.
public struct PlanningOutcome: Sendable {
  /// How good the plan is known to be.
  public enum Quality: Sendable, Equatable {
    /// Proven within the gap that was asked for.
    case optimal
    /// A plan with the distance to the proven bound, as a fraction.
    case feasible(gap: Double)
    /// A plan by rules or from an earlier step, and why nothing better was found.
    case fallback(cause: String)
  }

  /// The plan.
  public let schedule: PlanSchedule
  /// How good it is.
  public let quality: Quality
  /// No plan can cost less than this; `nil` where nothing was proven.
  public let bound: Double?
  /// When each better plan was found, seconds after the start, and its objective.
  public var trace: [(seconds: Double, objective: Double)] = []
  /// What was noticed on the way: limits that cannot be kept, inputs out of range.
  public var diagnostics: [Diagnostic] = []
  /// How much was done on the way.
  public var work = PlanningWork()
  /// What the next plan can start from.
  public var memory: PlanMemory?
  /// How long it took, seconds of the injected clock.
  public var seconds = 0.0

  /// Distance between plan and bound as a fraction of the bound, at least of 100 currency units' share.
  public var gap: Double? {
    bound.map { Self.gap(objective: schedule.objective.total, bound: $0) }
  }

  /// `(objective − bound) / max(|bound|, 100)`: near zero cost a plain relative gap means nothing.
  public static func gap(objective: Double, bound: Double) -> Double {
    max(0, objective - bound) / max(abs(bound), 100)
  }
}

/// What one plan leaves for the next one.
public struct PlanMemory: Sendable, Equatable, Codable {
  /// Marginal value of power in each step, currency/kWh.
  public var powerPrices: [Double]
  /// The relays of the plan.
  public var relays: [[Bool]]

  /// Prices and relays of a plan.
  public init(powerPrices: [Double], relays: [[Bool]]) {
    self.powerPrices = powerPrices
    self.relays = relays
  }

  /// The memory when `steps` of the plan are over; the last values are held.
  public func advanced(by steps: Int) -> PlanMemory {
    func shift<T>(_ values: [T]) -> [T] {
      guard let last = values.last, steps > 0 else { return values }
      let kept = values.dropFirst(steps)
      return Array(kept) + [T](repeating: last, count: values.count - kept.count)
    }
    return PlanMemory(powerPrices: shift(powerPrices), relays: relays.map(shift))
  }
}

/// How much a planner did for a plan, and where the time went.
public struct PlanningWork: Sendable, Equatable {
  /// Rounds of column generation.
  public var rounds = 0
  /// Solves of the master programme.
  public var masterSolves = 0
  /// Simplex iterations in the master.
  public var simplexIterations = 0
  /// Columns generated.
  public var columns = 0
  /// Sweeps over rooms.
  public var sweeps = 0
  /// Moves of the neighbourhood search.
  public var moves = 0
  /// Seconds in the master programme.
  public var masterSeconds = 0.0
  /// Seconds in the rooms' programmes.
  public var pricingSeconds = 0.0
  /// Seconds in the dispatch.
  public var dispatchSeconds = 0.0

  /// Nothing done yet.
  public init() {}
}
