// SPDX-License-Identifier: MIT
import Dispatch

/// A dispatch queue as an executor: blocking calls of a device stay off the shared pool.
final class DeviceQueue: SerialExecutor {
  private let queue: DispatchQueue

  init(_ label: String) { queue = DispatchQueue(label: "pems.\(label)") }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = asUnownedSerialExecutor()
    queue.async { job.runSynchronously(on: executor) }
  }
}
