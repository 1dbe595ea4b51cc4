// SPDX-License-Identifier: MIT
import Dispatch
import Synchronization

/// The proof of a bound, room by room, by whichever lane of a search has time for it.
///
/// Each room's part is the same whoever computes it, so the bound does not depend on the lanes.
final class BoundProof: Sendable {
  private let prices: [[Double]]
  private let points: Int
  /// What all but the rooms contributes.
  private let rest: Double
  private let state: Mutex<(next: Int, bounds: [Double?])>

  /// - Parameters:
  ///   - prices: what being on costs each room in each step, currency.
  ///   - rest: the bound without the rooms.
  ///   - points: cells of each room's temperature grid.
  init(prices: [[Double]], rest: Double, points: Int) {
    self.prices = prices
    self.rest = rest
    self.points = points
    state = Mutex((0, Array(repeating: nil, count: prices.count)))
  }

  /// Proves rooms that nobody has taken yet, until none is left.
  func work(_ rooms: RoomSchedules) {
    while let room = take() {
      let bound = rooms.lowerBound(room: room, prices: prices[room], points: points)
      state.withLock { $0.bounds[room] = bound }
    }
  }

  /// Proves all rooms with nothing else to do meanwhile.
  func work(_ rooms: RoomSchedules, threads: Int) {
    // Each worker has programmes of its own.
    nonisolated(unsafe) let lanes = (0..<max(1, threads)).map { _ in RoomSchedules(sharing: rooms) }
    DispatchQueue.concurrentPerform(iterations: lanes.count) { self.work(lanes[$0]) }
  }

  private func take() -> Int? {
    state.withLock { state in
      guard state.next < state.bounds.count else { return nil }
      state.next += 1
      return state.next - 1
    }
  }

  /// No plan costs less, currency; `nil` while rooms are missing.
  var bound: Double? {
    state.withLock { state in
      let known = state.bounds.compactMap(\.self)
      return known.count == state.bounds.count ? rest + known.reduce(0, +) : nil
    }
  }
}
