// SPDX-License-Identifier: MIT
public import Foundation
public import Learning

/// One hour of a forecast that was issued, and what came.
public struct IssuedForecast: Sendable, Hashable, Codable {
  /// When it was issued.
  public let issuedAt: Date
  /// The start of the hour.
  public let target: Date
  /// What came; `nil` where it was not measured.
  public let actual: Double?
  /// The value exceeded with probability 0.9.
  public let p10: Double
  /// The median.
  public let p50: Double
  /// The value exceeded with probability 0.1.
  public let p90: Double
  /// The expected value.
  public let mean: Double

  /// Hours from the issue to the start of the target.
  public var leadHours: Double { target.timeIntervalSince(issuedAt) / 3_600 }

  /// The forecast beside its outcome; `nil` where nothing was measured.
  public var outcome: ForecastOutcome? {
    actual.map { ForecastOutcome(actual: $0, p10: p10, p50: p50, p90: p90, mean: mean) }
  }

  init(
    issuedAt: Date, target: Date, actual: Double?, _ prediction: QuantileTrees.Prediction
  ) {
    self.issuedAt = issuedAt
    self.target = target
    self.actual = actual
    (p10, p50, p90) = (prediction.p10, prediction.p50, prediction.p90)
    mean = prediction.mean
  }
}
