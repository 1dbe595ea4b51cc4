// SPDX-License-Identifier: MIT
import Learning

/// Whole days of forecast error, from which whole courses of production are made.
///
/// The error of each hour is stored as its place in the forecast's own spread, so that a clear day's
/// errors fit a clear day: minus one at P10, one at P90. The days nearest in expected brightness lend
/// their errors. Source: the idea of the Schaake shuffle; M. Clark et al., J. Hydrometeorology 5
/// (2004) 243.
struct PVErrorDays: Sendable, Codable {
  private struct Day: Sendable, Codable {
    let brightness: Double
    /// By hour of the wall.
    let places: [Double]
  }

  /// Days that are remembered.
  static let memory = 200
  /// Places beyond this say more about a narrow forecast than about the weather.
  static let farthest = 2.5

  private var days: [Day] = []

  /// Takes a day that is over.
  mutating func observe(
    _ targets: [Int], _ predictions: [QuantileTrees.Prediction], _ history: PVHistory
  ) {
    var places = [Double](repeating: 0, count: 24)
    for (index, prediction) in zip(targets, predictions) where history.sun.isDay[index] {
      guard let actual = history.freeActual(index) else { return }
      places[history.hours.hour[index]] = Self.place(of: actual, in: prediction)
    }
    days.append(Day(brightness: Self.brightness(predictions, history), places: places))
    if days.count > Self.memory { days.removeFirst() }
  }

  /// Courses around a forecast, made of the errors of the days most like each of its days.
  func courses(
    around predictions: [QuantileTrees.Prediction], hours: [Int], history: PVHistory, count: Int
  ) -> [[Double]] {
    guard !days.isEmpty, count > 0 else { return [] }
    let brightness = Self.brightness(predictions, history)
    let nearest = days.sorted {
      abs($0.brightness - brightness) < abs($1.brightness - brightness)
    }.prefix(count)
    return nearest.map { day in
      zip(hours, predictions).map { index, prediction in
        guard history.sun.isDay[index] else { return 0 }
        let place = day.places[history.hours.hour[index]]
        let width =
          place < 0
          ? prediction.p50 - prediction.p10 : prediction.p90 - prediction.p50
        return min(history.limit, max(0, prediction.p50 + place * width))
      }
    }
  }

  private static func place(of actual: Double, in prediction: QuantileTrees.Prediction) -> Double {
    let deviation = actual - prediction.p50
    let width =
      deviation < 0 ? prediction.p50 - prediction.p10 : prediction.p90 - prediction.p50
    guard width > 0 else { return 0 }
    return min(farthest, max(-farthest, deviation / width))
  }

  /// Mean expected power over the capacity.
  private static func brightness(
    _ predictions: [QuantileTrees.Prediction], _ history: PVHistory
  ) -> Double {
    (predictions.map(\.p50).mean ?? 0) / history.capacity
  }
}
