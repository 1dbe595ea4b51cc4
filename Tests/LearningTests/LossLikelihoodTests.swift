// SPDX-License-Identifier: MIT
import Foundation
import Learning
import Testing
import TimeSeries

@Suite("Likelihood of a loss")
struct LossLikelihoodTests {
  /// Days that are all usual: the spread is the smallest that is believed, 0.06.
  private static var afterUsualDays: LossLikelihood {
    var test = LossLikelihood()
    for _ in 0..<60 { _ = test.observe(measured: 4, expected: 4) }
    return test
  }

  /// By hand: 0.2·4/4.15 is 3.2129 spreads of 0.06; a day that lies just there is likelier by
  /// 2.5·ln(1 + 3.2129²/4) = 3.189.
  @Test("adds up what two days of exactly the loss say")
  func byHand() {
    var test = Self.afterUsualDays
    let measured = 4.15 * exp(-0.2 * 4 / 4.15) - 0.15
    #expect(test.observe(measured: measured, expected: 4) == .warning)
    #expect(abs(test.evidence - 3.189) < 0.001)
    #expect(test.observe(measured: measured, expected: 4) == .alarm)
    #expect(test.evidence == 0)
  }

  @Test("a single day alarms never, whatever it shows, and is forgotten by usual ones")
  func outlier() {
    for measured in [0, 0.5, 2, 3, 3.3, 40] {
      var test = Self.afterUsualDays
      #expect(test.observe(measured: measured, expected: 4) != .alarm)
      for _ in 0..<3 { _ = test.observe(measured: 4, expected: 4) }
      #expect(test.evidence == 0)
    }
  }

  @Test("is quiet for a month after an alarm")
  func quiet() {
    var test = Self.afterUsualDays
    let states = (0..<33).map { _ in test.observe(measured: 3.2, expected: 4) }
    #expect(states.firstIndex(of: .alarm) == 1)
    #expect(states[2..<32].allSatisfy { $0 == .steady })
  }

  /// Bright and dark days with a tenth of noise; a fifth is lost on day 500.
  @Test(
    "tells a loss within ten days and no other in a year", arguments: [1, 2, 3, 4] as [UInt64])
  func noise(seed: UInt64) {
    var (test, generator) = (LossLikelihood(), SplitMix64(seed: seed))
    var alarms: [Int] = []
    for day in 0..<510 {
      let expected = Double.random(in: 0.5...6, using: &generator)
      let share =
        (day < 500 ? 1 : 0.8) * exp(Double.random(in: -0.17...0.17, using: &generator))
      if test.observe(measured: share * expected, expected: expected) == .alarm {
        alarms.append(day)
      }
    }
    #expect(alarms.count == 1)
    #expect((500..<510).contains(alarms.first ?? 0))
  }
}
