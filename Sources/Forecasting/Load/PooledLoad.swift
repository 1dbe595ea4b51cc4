// SPDX-License-Identifier: MIT
import Foundation
import Learning

/// The forecast of a home in its first weeks: what other homes teach about the next day of a home of
/// which only some days are known.
///
/// Everything is relative to the home's own level, so that homes are alike. Quantiles and mean are
/// linear in eight things that a home has after its first day; how much each counts changes as its days
/// come in (`docs/models/load-forecast.md`).
struct PooledLoad: Sendable {
  /// What the pool counts with, in the order of the coefficients.
  private struct Inputs {
    /// The generic profile.
    let usual: Double
    /// The newest known same hour.
    let newest: Double
    /// Mean of the hour over a week.
    let mean: Double
    /// Mean of the hour on days of the class, beside two days of any class.
    let classMean: Double
    /// Means of the neighbours over a week.
    let before: Double
    let after: Double
    /// Standard deviation of the hour and its neighbours around their means.
    let spread: Double

    var values: [Double] { [usual, newest, mean, classMean, before, after, spread, 1] }
  }

  private let level: Double
  /// By class of day, working first, and hour of the wall.
  private let inputs: [[Inputs]]
  private let stage: Stage

  /// - Returns: `nil` until every hour of the wall was seen once.
  init?(_ past: LoadPast) {
    let known = past.known
    let recent = (0..<24).map { known.recent(hour: $0, days: 60) }
    let weeks = recent.map { Array($0.prefix(7).map(\.value)) }
    let means = weeks.compactMap(\.mean)
    guard means.count == 24, let count = recent.map(\.count).min() else { return nil }
    let squares = (0..<24).map { hour in
      weeks[hour].reduce(0) { $0 + ($1 - means[hour]) * ($1 - means[hour]) }
    }
    let level = past.level
    inputs = [false, true].map { isOff in
      (0..<24).map { hour in
        let (before, after) = ((hour + 23) % 24, (hour + 1) % 24)
        let ofClass = recent[hour].filter { known.day($0.day).isOff == isOff }
          .prefix(Self.classDays).map(\.value)
        let around = [before, hour, after]
        let seen = around.reduce(0) { $0 + weeks[$1].count }
        return Inputs(
          usual: GenericLoadProfile.shares(isOff: isOff)[hour],
          newest: weeks[hour][0] / level, mean: means[hour] / level,
          classMean: (ofClass.reduce(0, +) + Self.anyDays * means[hour])
            / (Double(ofClass.count) + Self.anyDays) / level,
          before: means[before] / level, after: means[after] / level,
          spread: (around.reduce(0) { $0 + squares[$1] } / Double(seen)).squareRoot() / level)
      }
    }
    self.level = level
    stage = Stage(days: count)
  }

  /// In a home with so many days its own trees and climatology know better.
  static let usedDays = 28
  /// Days of a class that its mean is made of.
  private static let classDays = 8
  /// Days of any class that stand beside those of the class.
  private static let anyDays = 2.0

  /// The forecast of an hour of the wall.
  func prediction(hour: Int, isOff: Bool) -> QuantileTrees.Prediction {
    let values = inputs[isOff ? 1 : 0][hour].values
    let numbers = stage.coefficients.map { row in
      max(0, level * zip(row, values).reduce(0) { $0 + $1.0 * $1.1 })
    }
    return QuantileTrees.Prediction(
      p10: numbers[0], p50: numbers[1], p90: numbers[2], mean: numbers[3])
  }
}

extension PooledLoad {
  /// How the coefficients change as days come in.
  private enum Stage {
    case firstDays, firstWeek, firstMonth

    init(days: Int) { self = days < 5 ? .firstDays : days < 11 ? .firstWeek : .firstMonth }

    /// P10, P50, P90, mean.
    ///
    /// Source: quantile regression (R. Koenker, G. Bassett, Econometrica 46 (1978) 33) and least
    /// squares over the homes that `docs/models/load-forecast.md` names.
    var coefficients: [[Double]] {
      switch self {
      case .firstDays:
        [
          [-0.126, 0.044, 0.083, 0.074, 0.115, 0.092, -0.377, 0.213],
          [0.132, 0.181, 0.097, 0.174, 0.188, 0.212, -0.395, 0.014],
          [1.017, 0.205, -0.062, 0.450, 0.111, 0.086, 0.929, -0.203],
          [0.321, 0.148, 0.088, 0.179, 0.149, 0.143, -0.102, 0.077],
        ]
      case .firstWeek:
        [
          [-0.104, 0.051, 0.136, 0.058, 0.133, 0.113, -0.428, 0.189],
          [0.069, 0.162, 0.297, 0.170, 0.145, 0.172, -0.383, 0.009],
          [0.567, 0.187, 0.126, 0.429, 0.029, 0.069, 1.189, -0.139],
          [0.179, 0.151, 0.186, 0.259, 0.080, 0.136, -0.008, 0.041],
        ]
      case .firstMonth:
        [
          [-0.071, 0.040, 0.115, 0.125, 0.138, 0.106, -0.457, 0.152],
          [0.057, 0.163, 0.238, 0.284, 0.146, 0.146, -0.388, 0.000],
          [0.464, 0.218, -0.066, 0.762, -0.004, 0.029, 1.074, -0.111],
          [0.131, 0.161, 0.014, 0.539, 0.074, 0.090, -0.086, 0.055],
        ]
      }
    }
  }
}
