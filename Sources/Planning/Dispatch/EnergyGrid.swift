// SPDX-License-Identifier: MIT

/// Energies at equal distances, with straight lines between them.
struct EnergyGrid {
  let energies: [Double]
  let highest: Double
  private let spacing: Double
  private let lowest: Double

  init(lowest: Double, highest: Double, count: Int) {
    self.lowest = lowest
    self.highest = highest
    let spacing = (highest - lowest) / Double(count - 1)
    self.spacing = spacing
    energies = (0..<count).map { lowest + Double($0) * spacing }
  }

  /// A grid one of whose energies is the given one, so that no line cuts off its corner.
  init(lowest: Double, highest: Double, through corner: Double, count: Int) {
    guard corner > lowest + 0.01, corner < highest else {
      self.init(lowest: lowest, highest: highest, count: count)
      return
    }
    let share = (corner - lowest) / (highest - lowest)
    let cells = max(Double(count) / 3, (share * Double(count)).rounded()).rounded()
    let spacing = (corner - lowest) / cells
    let all = Int(((highest - lowest) / spacing).rounded(.up)) + 1
    self.init(lowest: lowest, highest: lowest + Double(all - 1) * spacing, count: all)
  }

  /// The value at an energy, which lies on the grid but for rounding.
  func value(_ values: [Double], _ energy: Double) -> Double {
    let place = (energy - lowest) / spacing
    let index = min(max(Int(place), 0), values.count - 2)
    let fraction = place - Double(index)
    return values[index] + fraction * (values[index + 1] - values[index])
  }

  /// Lowers `least` at each point to a cost and the value of what follows a change of energy, where the
  /// energy is within the grid then and not above a limit.
  ///
  /// All points go the same distance, so the weights of the straight line are the same for all.
  func lower(
    _ least: inout [Double], to later: [Double], after change: Double, adding cost: Double,
    upTo limit: Double
  ) {
    let shift = change / spacing
    let cells = Int(shift.rounded(.down))
    let fraction = shift - Double(cells)
    let lowestPoint = Int((-shift - Self.rounding).rounded(.up))
    let highestPoint = Int(((limit - lowest - change) / spacing + Self.rounding).rounded(.down))
    let points = max(0, lowestPoint)..<max(0, lowestPoint, min(later.count, highestPoint + 1))
    let inner = points.clamped(to: -cells..<max(-cells, later.count - 1 - cells))
    least.withUnsafeMutableBufferPointer { least in
      later.withUnsafeBufferPointer { later in
        guard let least = least.baseAddress, let later = later.baseAddress else { return }
        let (low, high) = (later + cells, later + cells + 1)
        for point in inner {
          let value = cost + low[point] + fraction * (high[point] - low[point])
          least[point] = value < least[point] ? value : least[point]
        }
      }
    }
    // Only rounding puts a point beyond the last cell.
    let below = points.lowerBound..<min(max(points.lowerBound, inner.lowerBound), points.upperBound)
    let above = min(max(below.upperBound, inner.upperBound), points.upperBound)..<points.upperBound
    for beyond in [below, above] {
      for point in beyond {
        least[point] = min(least[point], cost + value(later, energies[point] + change))
      }
    }
  }

  /// How far beyond its ends the grid is trusted, in cells.
  private static let rounding = 1e-7
}
