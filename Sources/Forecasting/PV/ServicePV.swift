// SPDX-License-Identifier: MIT
public import TimeSeries

/// What a service says a plant will give, and how much that counts.
public struct ServicePV: Sendable, Hashable, Codable {
  /// Which service.
  public let source: String
  /// Its weight beside the own forecast, which counts 1.
  public let weight: Double
  /// Production, alternating current; missing where the service says nothing.
  public let power: Series<Watts>

  /// The word of a service.
  public init(source: String, weight: Double, power: Series<Watts>) {
    self.source = source
    self.weight = weight
    self.power = power
  }
}

extension QuantileForecast<Watts> {
  /// The weighted mean with what services say; the spread stays, and nothing leaves 0…limit.
  ///
  /// A mean of forecasts with errors of their own is better than most of them. Source: J. M. Bates,
  /// C. W. J. Granger, Operational Research Quarterly 20 (1969) 451, doi:10.1057/jors.1969.103.
  func blended(with services: [ServicePV], limit: Watts?) -> Self {
    let known = services.filter { $0.power.grid == grid && $0.weight > 0 }
    guard !known.isEmpty else { return self }
    let shifts = grid.indices.map { index -> Watts in
      var (sum, weights) = (0.0, 1.0)
      for service in known {
        guard let power = service.power[index] else { continue }
        sum += service.weight * (power - mean[index]).rawValue
        weights += service.weight
      }
      return Watts(sum / weights)
    }
    func shifted(_ values: [Watts]) -> [Watts] {
      zip(values, shifts).map { value, shift in
        let moved = max(.zero, value + shift)
        return limit.map { min($0, moved) } ?? moved
      }
    }
    return QuantileForecast(
      issuedAt: issuedAt, grid: grid, p10: shifted(p10), p50: shifted(p50), p90: shifted(p90),
      mean: shifted(mean))
  }
}
