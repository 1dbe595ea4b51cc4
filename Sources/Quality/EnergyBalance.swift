// SPDX-License-Identifier: MIT
public import Household
public import TimeSeries

/// Whether grid + PV + battery = load holds, and which turned sign would make it hold.
public struct EnergyBalance: Sendable, Hashable {
  /// The mean of |grid + PV + battery − load| over the steps that have all four, in watts.
  public let residual: Watts
  /// The stream whose sign is wrong, if turning it lets the balance close much better.
  public let turned: SignalName?
  /// How many steps have all streams.
  public let steps: Int

  private static let fewestSteps = 50
  /// A turned sign must remove at least this share of the residual.
  private static let decisive = 0.6

  /// Compares streams on one grid; without a battery its series is zero.
  ///
  /// - Returns: `nil` when too few steps have all four.
  public init?(
    grid: Series<Watts>, pv: Series<Watts>, battery: Series<Watts>, load: Series<Watts>
  ) {
    var sums = [Double](repeating: 0, count: 5)
    var (size, steps) = (0.0, 0)
    for index in grid.grid.indices {
      guard let net = grid[index]?.rawValue, let sun = pv[index]?.rawValue,
        let storage = battery[index]?.rawValue, let use = load[index]?.rawValue
      else { continue }
      steps += 1
      size += abs(use)
      let right = net + sun + storage - use
      for (position, turn) in [0, 2 * net, 2 * sun, 2 * storage, -2 * use].enumerated() {
        sums[position] += abs(right - turn)
      }
    }
    guard steps >= Self.fewestSteps else { return nil }
    self.steps = steps
    residual = Watts(sums[0] / Double(steps))
    let names: [SignalName] = [.gridPower, .pvPower, .batteryPower, .loadPower]
    let best = (1...4).min { sums[$0] < sums[$1] } ?? 1
    let isDecisive = sums[best] < (1 - Self.decisive) * sums[0] && sums[0] > 0.05 * size
    turned = isDecisive ? names[best - 1] : nil
  }
}
