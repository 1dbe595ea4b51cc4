// SPDX-License-Identifier: MIT
import Dispatch
import Foundation
import Synchronization

/// Work on several things, a few at a time, on threads of its own: the calls may block.
enum SideBySide {
  /// Does `work` for each position below `count` and waits for all.
  ///
  /// - Parameter workers: how many threads; each takes the next position when it is done with one.
  /// - Returns: the results in the order of the positions.
  static func run<Result: Sendable>(
    _ count: Int, workers: Int, _ work: @escaping @Sendable (Int) -> Result
  ) -> [Result] {
    let shared = Shared<Result>(count: count)
    let group = DispatchGroup()
    for _ in 0..<max(1, min(workers, count)) {
      group.enter()
      Thread.detachNewThread {
        defer { group.leave() }
        while let position = shared.take() { shared.finish(position, work(position)) }
      }
    }
    group.wait()
    return shared.results
  }

  private final class Shared<Result: Sendable>: Sendable {
    private let state: Mutex<(next: Int, results: [Result?])>

    init(count: Int) { state = Mutex((0, Array(repeating: nil, count: count))) }

    var results: [Result] { state.withLock { $0.results.compactMap(\.self) } }

    func take() -> Int? {
      state.withLock { state in
        guard state.next < state.results.count else { return nil }
        state.next += 1
        return state.next - 1
      }
    }

    func finish(_ position: Int, _ result: Result) {
      state.withLock { $0.results[position] = result }
    }
  }
}
