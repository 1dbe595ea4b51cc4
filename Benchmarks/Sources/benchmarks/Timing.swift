// SPDX-License-Identifier: MIT

/// How long something took, over several runs.
struct Timing {
  let milliseconds: [Double]

  /// Runs a body some times after a run that does not count.
  init(runs: Int, _ body: () -> Void) {
    body()
    let clock = ContinuousClock()
    milliseconds = (0..<runs).map { _ in
      let (seconds, attoseconds) = clock.measure(body).components
      return Double(seconds) * 1e3 + Double(attoseconds) * 1e-15
    }.sorted()
  }

  var median: Double { milliseconds[milliseconds.count / 2] }
  var fastest: Double { milliseconds[0] }
}
