// SPDX-License-Identifier: MIT
import Synchronization

/// Something that is expected from a device: made before the question is sent, so that no answer is
/// missed, and awaited for a while after.
final class Expectation<Value: Sendable>: Sendable {
  private enum State {
    case open
    case awaited(CheckedContinuation<Value?, Never>)
    case met(Value?)
  }

  private let state = Mutex(State.open)

  /// What came; later values are ignored. `nil` ends the wait without a value.
  func meet(_ value: Value?) {
    let waiting = state.withLock { state -> CheckedContinuation<Value?, Never>? in
      switch state {
      case .met: return nil
      case .open:
        state = .met(value)
        return nil
      case .awaited(let continuation):
        state = .met(value)
        return continuation
      }
    }
    waiting?.resume(returning: value)
  }

  /// The value, or `nil` when it does not come in time. Waits on a clock that never jumps.
  func value(within patience: Duration) async -> Value? {
    let timer = Task {
      try? await Task.sleep(for: patience)  // cancelled once the value is there
      self.meet(nil)
    }
    defer { timer.cancel() }
    return await withCheckedContinuation { continuation in
      let ready = state.withLock { state -> State? in
        guard case .open = state else { return state }
        state = .awaited(continuation)
        return nil
      }
      if case .met(let value)? = ready { continuation.resume(returning: value) }
    }
  }
}
