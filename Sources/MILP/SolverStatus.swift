// SPDX-License-Identifier: MIT

/// How a solve ended.
public enum SolverStatus: Sendable, Equatable {
  /// Proven optimal within the gap.
  case optimal
  /// The time or node limit came first; a solution is there.
  case feasible
  /// The time limit came first and there is no solution.
  case noSolutionInTime
  /// No point satisfies all bounds.
  case infeasible
  /// No solution costs as little as the cutoff.
  case aboveCutoff
  /// The objective has no lower bound.
  case unbounded
  /// Somebody asked to stop; `hasSolution` says whether a solution is there.
  case interrupted(hasSolution: Bool)
  /// The solver gave up for numerical or other reasons; its status number.
  case failed(Int)

  /// Whether the values of the columns may be used.
  public var hasSolution: Bool {
    switch self {
    case .optimal, .feasible, .interrupted(hasSolution: true): true
    default: false
    }
  }
}

/// The solver refused a call.
public enum SolverError: Error, Equatable, CustomStringConvertible {
  /// The solver could not be created.
  case unavailable
  /// The named call was refused; a wrong index, an unknown option or a value that is not a number.
  case refused(call: String)
  /// The solve ended without a usable solution.
  case noSolution(SolverStatus)

  /// What happened.
  public var description: String {
    switch self {
    case .unavailable: "the solver library could not be started"
    case .refused(let call): "the solver refused '\(call)': check indices and values"
    case .noSolution(let status): "the solver ended without a solution (\(status))"
    }
  }
}
