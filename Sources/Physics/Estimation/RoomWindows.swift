// SPDX-License-Identifier: MIT

/// The pairs of origin and target that a model is fitted to and judged by: 24-h free simulations
/// from every second hour, compared at whole hours where the reading is believed.
struct RoomWindows: Sendable {
  /// Position of each origin.
  let origins: [Int]
  /// For each pair its origin.
  let pairOrigins: [Int]
  /// For each pair its lead in steps.
  let pairLeads: [Int]
  /// Longest lead in steps.
  let horizon: Int

  /// Windows whose origin and targets lie in `range`; origins need a believed reading.
  init(
    believed: [Bool], range: Range<Int>, stepHours: Double, strideHours: Double = 2,
    horizonHours: Double = 24
  ) {
    let horizon = Int((horizonHours / stepHours).rounded())
    let stride = max(1, Int((strideHours / stepHours).rounded()))
    let between = max(1, Int((1 / stepHours).rounded()))
    var (origins, pairOrigins, pairLeads): ([Int], [Int], [Int]) = ([], [], [])
    var origin = range.lowerBound
    while origin + horizon < range.upperBound {
      if believed[origin] {
        origins.append(origin)
        for lead in Swift.stride(from: between, through: horizon, by: between)
        where believed[origin + lead] {
          pairOrigins.append(origin)
          pairLeads.append(lead)
        }
      }
      origin += stride
    }
    self.origins = origins
    self.pairOrigins = pairOrigins
    self.pairLeads = pairLeads
    self.horizon = horizon
  }

  /// Prediction minus reading for each pair.
  func residuals(_ course: RoomCourse, measured: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: pairOrigins.count)
    for index in result.indices {
      let (origin, lead) = (pairOrigins[index], pairLeads[index])
      result[index] = course.prediction(origin: origin, lead: lead) - measured[origin + lead]
    }
    return result
  }

  /// Mean magnitude of the errors of two forecasts that need no model: the value at the origin, and
  /// the value a day before the target.
  func referenceErrors(_ measured: [Double]) -> (persistence: Double, yesterday: Double) {
    var (persistence, yesterday, count) = (0.0, 0.0, 0.0)
    for (origin, lead) in zip(pairOrigins, pairLeads) where origin + lead >= horizon {
      persistence += abs(measured[origin] - measured[origin + lead])
      yesterday += abs(measured[origin + lead - horizon] - measured[origin + lead])
      count += 1
    }
    guard count > 0 else { return (.infinity, .infinity) }
    return (persistence / count, yesterday / count)
  }
}

/// The mean magnitude of numbers, infinite without any.
func meanMagnitude(_ numbers: [Double]) -> Double {
  guard !numbers.isEmpty else { return .infinity }
  return numbers.reduce(0) { $0 + abs($1) } / Double(numbers.count)
}
