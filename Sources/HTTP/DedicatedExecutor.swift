// SPDX-License-Identifier: MIT
import Dispatch

/// Runs an actor's jobs on a queue of its own, so that a blocking call never holds a thread of
/// Swift's shared pool, which has only as many as the machine has cores.
public final class DedicatedExecutor: SerialExecutor {
  private let queue: DispatchQueue

  /// An executor whose thread carries a name.
  public init(label: String) { queue = DispatchQueue(label: label) }

  /// Runs a job after those before it.
  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }
}
