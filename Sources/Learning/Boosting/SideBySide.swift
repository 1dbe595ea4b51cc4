// SPDX-License-Identifier: MIT
import Foundation
import Synchronization

/// Runs heavy, independent pieces of work on two threads of its own.
///
/// Not on the shared pool, where two of them would stop every timer of the process, and not with
/// threads inside the libraries, which lose more than they gain on a busy machine
/// (`docs/decisions/one-thread-a-model.md`).
public enum SideBySide {
  /// How many run at once.
  static let width = 2

  /// The result for each item, in their order. The caller's thread waits.
  public static func map<Item: Sendable, Output: Sendable>(
    _ items: [Item], _ work: @escaping @Sendable (Item) -> Output
  ) -> [Output] {
    guard items.count > 1 else { return items.map(work) }
    let board = Board<Output>(count: items.count)
    let done = DispatchSemaphore(value: 0)
    let threads = min(width, items.count)
    for _ in 0..<threads {
      let thread = Thread {
        while let index = board.take() { board.put(work(items[index]), at: index) }
        done.signal()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    for _ in 0..<threads { done.wait() }
    return board.results
  }

  /// What is left to do and what is done.
  private final class Board<Output: Sendable>: Sendable {
    private let state: Mutex<(next: Int, outputs: [Output?])>

    init(count: Int) { state = Mutex((0, Array(repeating: nil, count: count))) }

    func take() -> Int? {
      state.withLock { state in
        guard state.next < state.outputs.count else { return nil }
        state.next += 1
        return state.next - 1
      }
    }

    func put(_ output: Output, at index: Int) {
      state.withLock { $0.outputs[index] = output }
    }

    var results: [Output] { state.withLock { $0.outputs.compactMap { $0 } } }
  }
}
