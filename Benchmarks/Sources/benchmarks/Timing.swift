// SPDX-License-Identifier: MIT
import Foundation

/// How much processor time something took, over several runs; other programs do not lengthen it.
struct Timing {
  let milliseconds: [Double]

  /// Runs a body some times after a run that does not count.
  init(runs: Int, _ body: () -> Void) {
    body()
    milliseconds = (0..<runs).map { _ in
      let start = Self.processorMilliseconds
      body()
      return Self.processorMilliseconds - start
    }.sorted()
  }

  var median: Double { milliseconds[milliseconds.count / 2] }
  var fastest: Double { milliseconds[0] }

  private static var processorMilliseconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) * 1e-6
  }
}
