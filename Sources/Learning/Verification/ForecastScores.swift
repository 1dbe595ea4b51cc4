// SPDX-License-Identifier: MIT

/// One forecast of one hour and what came.
public struct ForecastOutcome: Sendable, Hashable, Codable {
  /// What came.
  public let actual: Double
  /// The value exceeded with probability 0.9.
  public let p10: Double
  /// The median.
  public let p50: Double
  /// The value exceeded with probability 0.1.
  public let p90: Double
  /// The expected value.
  public let mean: Double

  /// A forecast and its outcome, in one unit.
  public init(actual: Double, p10: Double, p50: Double, p90: Double, mean: Double) {
    self.actual = actual
    self.p10 = p10
    self.p50 = p50
    self.p90 = p90
    self.mean = mean
  }

  /// The mean pinball loss of the three quantiles.
  public var pinball: Double {
    (Pinball.loss(actual, p10, 0.1) + Pinball.loss(actual, p50, 0.5)
      + Pinball.loss(actual, p90, 0.9)) / 3
  }
}

/// The loss whose minimum is the quantile.
public enum Pinball {
  /// The loss of a forecast of the quantile `probability`.
  ///
  /// Source: R. Koenker, G. Bassett, Regression quantiles, Econometrica 46 (1978) 33.
  @inlinable public static func loss(
    _ actual: Double, _ forecast: Double, _ probability: Double
  ) -> Double {
    let excess = actual - forecast
    return max(probability * excess, (probability - 1) * excess)
  }
}

/// What a set of forecasts was worth. Errors on the mean are squared, errors on the median absolute.
public struct ForecastScores: Sendable, Hashable, Codable {
  /// How many forecasts.
  public let count: Int
  /// The mean of what came.
  public let meanActual: Double
  /// Mean absolute error of the median.
  public let meanAbsoluteError: Double
  /// Root mean square error of the mean.
  public let rootMeanSquareError: Double
  /// Mean of forecast mean minus actual.
  public let bias: Double
  /// Mean pinball loss over the three quantiles; twice it approximates the CRPS.
  public let pinball: Double
  /// Share inside P10…P90; 0.8 is right.
  public let coverage: Double
  /// Share below P10; 0.1 is right.
  public let belowP10: Double
  /// Share above P90; 0.1 is right.
  public let aboveP90: Double
  /// Mean of P90 − P10.
  public let meanWidth: Double
  /// The interval score of the central 80 %.
  ///
  /// Source: R. Winkler, JASA 67 (1972) 187; T. Gneiting, A. Raftery, JASA 102 (2007) 359, eq. 43.
  public let intervalScore: Double

  /// Scores of at least one forecast, otherwise `nil`.
  public init?(_ outcomes: some Collection<ForecastOutcome>) {
    guard !outcomes.isEmpty else { return nil }
    let number = Double(outcomes.count)
    // The reference scorer allows for the digits lost in a text file.
    let tolerance = 1e-9
    func average(_ value: (ForecastOutcome) -> Double) -> Double {
      outcomes.reduce(0) { $0 + value($1) } / number
    }
    count = outcomes.count
    meanActual = average(\.actual)
    meanAbsoluteError = average { abs($0.actual - $0.p50) }
    rootMeanSquareError = average { ($0.actual - $0.mean) * ($0.actual - $0.mean) }.squareRoot()
    bias = average { $0.mean - $0.actual }
    pinball = average(\.pinball)
    belowP10 = average { $0.actual < $0.p10 - tolerance ? 1 : 0 }
    aboveP90 = average { $0.actual > $0.p90 + tolerance ? 1 : 0 }
    coverage = 1 - belowP10 - aboveP90
    meanWidth = average { $0.p90 - $0.p10 }
    intervalScore = average {
      $0.p90 - $0.p10 + 10 * max($0.p10 - $0.actual, 0) + 10 * max($0.actual - $0.p90, 0)
    }
  }

  /// 1 − RMSE / RMSE of a reference: 0 as good as the reference, 1 perfect, below 0 worse.
  public func skill(over reference: ForecastScores) -> Double {
    1 - rootMeanSquareError / max(reference.rootMeanSquareError, .leastNormalMagnitude)
  }
}
