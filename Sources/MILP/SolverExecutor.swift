// SPDX-License-Identifier: MIT
import Dispatch

/// Runs an actor's work on a thread of its own, so that long solves never block the shared pool.
///
/// Use it as the `unownedExecutor` of the actor that owns solvers or planners.
public final class SolverExecutor: SerialExecutor {
  private let queue: DispatchQueue

  /// An executor whose thread carries `label`.
  public init(label: String = "pems.solver") { queue = DispatchQueue(label: label) }

  /// Runs a job after those that came before.
  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }
}
