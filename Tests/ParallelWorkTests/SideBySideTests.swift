// SPDX-License-Identifier: MIT
import ParallelWork
import Synchronization
import Testing

@Suite("Work side by side")
struct SideBySideTests {
  @Test("results come in the order of the items, whichever thread is faster", arguments: [1, 2, 7])
  func order(workers: Int) {
    let squares = SideBySide.map(Array(0..<100), workers: workers) { $0 * $0 }
    #expect(squares == (0..<100).map { $0 * $0 })
  }

  @Test("every item is worked on once; none is fine")
  func once() {
    let counts = Mutex([Int](repeating: 0, count: 50))
    _ = SideBySide.map(Array(0..<50), workers: 4) { item in counts.withLock { $0[item] += 1 } }
    #expect(counts.withLock { $0 } == [Int](repeating: 1, count: 50))
    #expect(SideBySide.map([Int]()) { $0 }.isEmpty)
  }
}
