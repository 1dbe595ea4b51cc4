// SPDX-License-Identifier: MIT
import Synchronization

/// A call that is made before its receiver exists.
final class CallRelay<Value: Sendable>: Sendable {
  private let receiver = Mutex<(@Sendable (Value) -> Void)?>(nil)

  func open(_ receive: @escaping @Sendable (Value) -> Void) {
    receiver.withLock { $0 = receive }
  }

  func send(_ value: Value) { receiver.withLock { $0 }?(value) }
}
