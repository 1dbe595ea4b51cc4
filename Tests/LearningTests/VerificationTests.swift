// SPDX-License-Identifier: MIT
import Learning
import Testing
import TimeSeries

@Suite("Verification")
struct VerificationTests {
  /// numpy.quantile([3, 1, 4, 1, 5, 9, 2, 6], …)
  @Test(
    "quantiles are those of NumPy",
    arguments: zip([0.1, 0.5, 0.9, 0.33], [1.0, 3.5, 6.9, 2.31]))
  func quantiles(probability: Double, expected: Double) {
    let quantile = EmpiricalQuantile.of([3, 1, 4, 1, 5, 9, 2, 6], probability)
    #expect(abs(quantile - expected) < 1e-12)
  }

  /// Two values of weights 1 and 3: their middles lie at 1/8 and 5/8 of the weight, the median a
  /// three quarters of the way between.
  @Test("weighted quantiles lie between the middles of the weights")
  func weighted() {
    let quantiles = EmpiricalQuantile.weighted([(20, 3), (10, 1)], [0, 0.5, 1])
    #expect(quantiles == [10, 17.5, 20])
  }

  /// By hand: losses 0.1·2 + 0.5·1 + 0.9·… for one hour that came at 10 with quantiles 8, 9, 12.
  @Test("scores one hour as by hand")
  func oneHour() throws {
    let scores = try #require(
      ForecastScores([ForecastOutcome(actual: 10, p10: 8, p50: 9, p90: 12, mean: 13)]))
    #expect(abs(scores.pinball - (0.1 * 2 + 0.5 * 1 + 0.1 * 2) / 3) < 1e-12)
    #expect(scores.meanAbsoluteError == 1)
    #expect(scores.rootMeanSquareError == 3)
    #expect(scores.bias == 3)
    #expect(scores.coverage == 1)
    #expect(scores.intervalScore == 4)
  }

  @Test("counts misses on their side")
  func misses() throws {
    let scores = try #require(
      ForecastScores(
        [0.0, 1.5, 9, 9].map {
          ForecastOutcome(actual: $0, p10: 1, p50: 2, p90: 3, mean: 2)
        }))
    #expect(scores.belowP10 == 0.25 && scores.aboveP90 == 0.5 && scores.coverage == 0.25)
    // Width 2, ten times the distance of each miss, over four hours.
    #expect(abs(scores.intervalScore - (2 + (10 * 1 + 10 * 6 + 10 * 6) / 4.0)) < 1e-12)
  }

  /// The reference scorer's `dm_test` gives −1.14566630 without the small-sample factor √(9/10).
  @Test("the Diebold–Mariano statistic is that of the reference scorer")
  func dieboldMariano() throws {
    let comparison = try #require(
      LossComparison([3, 1, 4, 1, 5, 9, 2, 6, 5, 3], [2, 7, 1, 8, 2, 8, 1, 8, 2, 8]))
    #expect(abs(comparison.dieboldMariano - -1.0868744841887863) < 1e-9)
    #expect(abs(comparison.meanDifference - -0.8) < 1e-12)
  }

  @Test("is sure of a clear difference and unsure of none", arguments: [1, 2, 3] as [UInt64])
  func confidence(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let base = (0..<100).map { _ in Double.random(in: 1...2, using: &generator) }
    let better = base.map { $0 - 0.1 + Double.random(in: -0.05...0.05, using: &generator) }
    let clear = try #require(LossComparison(better, base))
    #expect(clear.confidence.upperBound < 0)
    #expect(clear.confidence.contains(clear.meanDifference))
    let same = try #require(LossComparison(base, base))
    #expect(same.confidence.contains(0))
    #expect(LossComparison([1, 2], [2, 3]) == nil)
  }
}

@Suite("Drift")
struct DriftTests {
  /// Reference 60 days of ±1: median 0 and spread 1.4826. Then −3 each day is −2.0235 spreads,
  /// 1.2735 after the allowance: above 6 on day 5 and above 10 on day 8.
  @Test("adds up a shift as by hand")
  func shift() {
    var sum = CumulativeSum()
    for day in 0..<60 { #expect(sum.observe(day.isMultiple(of: 2) ? 1 : -1) == .steady) }
    let states = (1...8).map { _ in sum.observe(-3) }
    #expect(states == [.steady, .steady, .steady, .steady, .warning, .warning, .warning, .alarm])
  }

  @Test("starts anew after an alarm")
  func restart() {
    var sum = CumulativeSum()
    for day in 0..<60 { _ = sum.observe(Double(day % 2)) }
    while sum.observe(-9) != .alarm {}
    #expect(sum.below == 0)
    #expect(sum.observe(-9) == .steady)
  }

  @Test("a detector of losses does not mind a gain")
  func oneSided() {
    var settings = CumulativeSum.Settings()
    settings.side = .below
    var sum = CumulativeSum(settings: settings)
    for day in 0..<60 { _ = sum.observe(Double(day % 2)) }
    for _ in 0..<20 { #expect(sum.observe(9) == .steady) }
  }

  @Test("stays quiet on even noise for three years", arguments: [1, 2, 3, 4] as [UInt64])
  func quiet(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    var (sum, hinkley) = (CumulativeSum(), PageHinkley(tolerance: 0.05, limit: 4))
    var alarms = 0
    for _ in 0..<1_096 {
      let score = Double.random(in: -0.3...0.3, using: &generator)
      if sum.observe(score) == .alarm { alarms += 1 }
      if hinkley.observe(score) == .alarm { alarms += 1 }
    }
    #expect(alarms <= 3)
  }

  @Test("the Page–Hinkley test sees a jump of the mean")
  func pageHinkley() {
    var hinkley = PageHinkley(tolerance: 0.05, limit: 4)
    for _ in 0..<100 { #expect(hinkley.observe(0) == .steady) }
    var days = 0
    while hinkley.observe(-0.5) != .alarm { days += 1 }
    // 0.45 less the creeping mean a day: about ten days for a sum of 4.
    #expect((8...12).contains(days))
  }
}
