// SPDX-License-Identifier: MIT
import Foundation

/// Runs what blocks on a thread of its own.
///
/// The threads that tests share are as many as the machine has cores: who waits on one of them for something
/// that another has to do waits for ever when the other ones wait too.
public func onOwnThread<Value: Sendable>(
  _ body: @escaping @Sendable () throws -> Value
) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
  }
}
