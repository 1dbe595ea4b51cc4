// SPDX-License-Identifier: MIT
public import TimeSeries

/// A stream made fit for models, with an account of everything that was changed.
public struct CleanedStream: Sendable, Hashable {
  /// One change.
  public struct Change: Sendable, Hashable, Codable {
    /// What was done, for example `dropped: stuck`.
    public let action: String
    /// To how many readings or steps.
    public let count: Int

    /// A change.
    public init(action: String, count: Int) {
      self.action = action
      self.count = count
    }
  }

  /// The values on the declared grid; long gaps stay missing.
  public let values: [Double?]
  /// What was changed, by kind.
  public let changes: [Change]
}

/// How a stream is cleaned.
public struct Cleaning: Sendable, Hashable {
  /// The steps on which the result lies.
  public let grid: TimeGrid
  /// How readings become steps.
  public let resampling: Resampling
  /// The longest gap, in steps, that a straight line may bridge.
  public let longestBridge: Int

  /// A way of cleaning; gaps of up to an hour are bridged by default.
  public init(grid: TimeGrid, resampling: Resampling = .mean, longestBridge: Int? = nil) {
    self.grid = grid
    self.resampling = resampling
    self.longestBridge = longestBridge ?? max(1, 3_600 / grid.stepSeconds)
  }

  /// Drops what the verdict says is wrong, resamples, and bridges short gaps.
  public func apply(to readings: [Sample], quality: StreamQuality) -> CleanedStream {
    var changes: [String: Int] = [:]
    let order = OrderCheck(readings)
    let repeated = readings.count - order.sorted.count
    if repeated > 0 { changes["dropped: duplicate"] = repeated }
    let spoilt = quality.findings.filter(\.spoilsReadings)
    var kept: [Sample] = []
    kept.reserveCapacity(order.sorted.count)
    for sample in order.sorted {
      if let finding = spoilt.first(where: { $0.span.contains(sample.time) }) {
        changes["dropped: \(finding.kind.rawValue)", default: 0] += 1
      } else {
        kept.append(sample)
      }
    }
    var values = resampling.apply(kept, to: grid)
    let bridged = bridge(&values)
    if bridged > 0 { changes["interpolated"] = bridged }
    let missing = values.count { $0 == nil }
    if missing > 0 { changes["left missing"] = missing }
    return CleanedStream(
      values: values,
      changes: changes.sorted { $0.key < $1.key }.map { .init(action: $0.key, count: $0.value) })
  }

  /// Fills short gaps between two values and returns how many steps it filled.
  private func bridge(_ values: inout [Double?]) -> Int {
    var filled = 0
    var last: Int?
    for index in values.indices {
      guard let value = values[index] else { continue }
      if let before = last, index - before > 1, index - before - 1 <= longestBridge,
        let start = values[before]
      {
        for position in before + 1..<index {
          let share = Double(position - before) / Double(index - before)
          values[position] = start + (value - start) * share
          filled += 1
        }
      }
      last = index
    }
    return filled
  }
}

extension Series where Value == Watts {
  /// Consumption without loads that are switched on purpose; missing where any of them is, and
  /// never below zero.
  public func subtracting(controllable loads: [Series<Watts>]) -> Series<Watts> {
    Series(
      grid: grid,
      values: grid.indices.map { index in
        guard let whole = self[index] else { return nil }
        var rest = whole
        for load in loads {
          guard let part = load.grid == grid ? load[index] : nil else { return nil }
          rest -= part
        }
        return max(rest, .zero)
      })
  }
}
