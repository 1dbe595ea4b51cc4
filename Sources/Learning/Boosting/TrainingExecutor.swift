// SPDX-License-Identifier: MIT
import Foundation

/// A place for work that blocks for seconds: an actor on a queue of its own, one job at a time.
public actor TrainingExecutor {
  private let queue = TrainingQueue()

  /// The actor runs on its own queue.
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    queue.asUnownedSerialExecutor()
  }

  /// An executor without work.
  public init() {}

  /// Runs the work away from the shared pool.
  public func run<Output: Sendable, Failure: Error>(
    _ work: @Sendable () throws(Failure) -> Output
  ) throws(Failure) -> Output {
    try work()
  }
}

/// A dispatch queue as an executor, which it is not by itself on Linux.
private final class TrainingQueue: SerialExecutor {
  private let queue = DispatchQueue(label: "pems.training", qos: .utility)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = asUnownedSerialExecutor()
    queue.async { job.runSynchronously(on: executor) }
  }
}
