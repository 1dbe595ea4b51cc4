// SPDX-License-Identifier: MIT

/// How much work a planner does.
public struct PlannerOptions: Sendable {
  /// How far the planner goes before it answers.
  public enum Effort: Int, Sendable, Comparable {
    /// One priced sweep over the rooms with repair of the fuse; for disturbances.
    case sweep
    /// The first complete plan.
    case first
    /// Columns, dive and neighbourhood search.
    case full

    /// Less effort is smaller.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  /// How far the planner goes.
  public var effort = Effort.full
  /// Wall-clock limit, seconds on `elapsedSeconds`; `nil` to stop by iterations only.
  public var timeLimitSeconds: Double?
  /// A plan within this fraction of the bound is good enough.
  public var gap = 1e-4
  /// How many threads price rooms and scenarios.
  public var threads = 2
  /// Seed of the neighbourhood search.
  public var seed: UInt64 = 1
  /// Rounds of column generation before the first plan.
  public var firstColumnRounds = 5
  /// Most rounds of column generation in all.
  public var columnRounds = 24
  /// Most moves of the neighbourhood search.
  public var searchMoves = 4
  /// Rooms that a move plans anew.
  public var moveSize = 4
  /// Units fixed at once in each of the careful dives.
  public var dives = [3, 2]
  /// Moves without the master beside each of them.
  public var shakesPerMove = 2
  /// Moves without the master while the columns are made.
  public var shakesBesideColumns = 20
  /// Most nodes of a whole-number dispatch beside rooms; 0 for none.
  public var exactNodes = 0
  /// Longest time of a whole-number dispatch, seconds; the node limit usually comes first.
  public var exactSeconds = 10.0
  /// Points of the temperature grid of each room.
  public var temperaturePoints = 180
  /// Cells of the temperature grid that proves each room's bound.
  public var boundPoints = 3000
  /// Most rounds of cuts when scenarios are planned for.
  public var scenarioRounds = 15
  /// Most moves of the neighbourhood search with scenarios.
  public var scenarioMoves = 16
  /// Whether the scenarios of the problem are planned for.
  public var usesScenarios = false
  /// Money a new plan must save before it replaces the previous one, currency.
  public var hysteresis = 0.0
  /// Whether powers are smoothed among plans of equal cost.
  public var smoothsDispatch = true
  /// A monotonic clock, seconds; the planner itself looks at no clock.
  public var elapsedSeconds: @Sendable () -> Double = { 0 }
  /// Asked from time to time; `true` ends the search with the best plan so far.
  public var isCancelled: @Sendable () -> Bool = { false }

  /// Full effort without a time limit.
  public init() {}
}
