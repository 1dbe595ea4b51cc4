// SPDX-License-Identifier: MIT
import Foundation
import Synchronization

/// Independent pieces of work, a few at a time, on threads of their own, because they block or last.
///
/// Not on the shared pool, where two long ones would stop every timer of the process.
public enum SideBySide {
  /// The result for each item, in their order. The caller's thread waits.
  ///
  /// - Parameter workers: how many threads; each takes the next item when it is done with one.
  public static func map<Item: Sendable, Output: Sendable>(
    _ items: [Item], workers: Int = 2, _ work: @escaping @Sendable (Item) -> Output
  ) -> [Output] {
    guard items.count > 1 else { return items.map(work) }
    let board = Board<Output>(count: items.count)
    let group = DispatchGroup()
    for _ in 0..<max(1, min(workers, items.count)) {
      group.enter()
      let thread = Thread {
        defer { group.leave() }
        while let position = board.take() { board.put(work(items[position]), at: position) }
      }
      thread.stackSize = stackBytes
      thread.start()
    }
    group.wait()
    return board.outputs
  }

  /// As much as a main thread has: libraries recurse deeply.
  private static let stackBytes = 8 << 20

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

    func put(_ output: Output, at position: Int) {
      state.withLock { $0.outputs[position] = output }
    }

    var outputs: [Output] { state.withLock { $0.outputs.compactMap(\.self) } }
  }
}
