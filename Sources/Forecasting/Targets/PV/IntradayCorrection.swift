// SPDX-License-Identifier: MIT
import Foundation
import Learning

/// Moves the next hours towards what the last hours showed, less and less with the distance.
///
/// The ratio of measured to expected energy of the last three daylight hours acts on the forecast as
/// r^(αʰ): after h hours its logarithm has shrunk by αʰ. Working on a ratio keeps the course of the
/// sun.
enum IntradayCorrection {
  /// What of a deviation is left after an hour. Source: 0.8 in clear-sky-index space,
  /// `docs/models/pv-forecast.md`.
  static let keptPerHour = 0.8
  /// Hours ahead that are corrected.
  static let reach = 6
  /// Bounds of the ratio: three hours say nothing about more.
  static let ratios = 0.4...1.8
  /// Full-load hours of evidence that the deviation needs to be believed by half.
  static let priorHours = 0.25

  static func apply(
    to predictions: [QuantileTrees.Prediction], targets: [Int], history: PVHistory,
    issueHour: Int
  ) -> [QuantileTrees.Prediction] {
    let seen = max(0, issueHour - 3)..<issueHour
    var (actual, expected) = (0.0, 0.0)
    for index in seen where history.sun.isDay[index] {
      guard let measured = history.freeActual(index), let physics = history.physics[index] else {
        continue
      }
      actual += measured
      expected += physics
    }
    let prior = priorHours * history.capacity
    let ratio = (actual + prior) / (expected + prior)
    let bounded = log(min(ratios.upperBound, max(ratios.lowerBound, ratio)))
    return zip(targets, predictions).map { index, prediction in
      let lead = index - issueHour
      guard lead >= 0, lead < reach else { return prediction }
      let factor = exp(bounded * pow(keptPerHour, Double(lead + 1)))
      return prediction.map { min(history.limit, $0 * factor) }
    }
  }
}
