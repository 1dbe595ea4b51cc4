// SPDX-License-Identifier: MIT

/// How a solve is to be done.
public struct SolverOptions: Sendable, Equatable {
  /// Which simplex method starts.
  public enum SimplexMethod: Int, Sendable {
    /// After changed right-hand sides, bounds and added rows.
    case dual = 1
    /// After changed costs and added columns.
    case primal = 4
  }

  /// The longest wall-clock time of one `solve`, in seconds; `nil` for none.
  public var timeLimitSeconds: Double?
  /// A whole-number solution is good enough within this fraction of the bound.
  public var relativeGap = 1e-4
  /// Most nodes of a whole-number solve; `nil` for no limit. Unlike a time limit it keeps results repeatable.
  public var nodeLimit: Int?
  /// Seed of the solver's tie-breaking.
  public var seed = 0
  /// Whether the model is simplified first; a warm start wants it off.
  public var usesPresolve = true
  /// Which simplex method is used.
  public var simplexMethod = SimplexMethod.dual
  /// How far from whole a whole-number column may be.
  public var integerTolerance = 1e-6

  /// The defaults: dual simplex with presolve, no time limit.
  public init() {}

  /// Options for a linear programme that is solved again and again with small changes.
  public static func warm(_ method: SimplexMethod) -> Self {
    var options = Self()
    options.usesPresolve = false
    options.simplexMethod = method
    return options
  }
}
