// SPDX-License-Identifier: MIT

/// A column that counts up, on its way to a signal.
struct MeterTerm {
  /// What a reading says about the step that ends with it.
  enum Outcome {
    /// The column's share of the signal.
    case value(Double)
    /// There was no reading to compare with.
    case unknown
    /// The step is left out; why.
    case left(ImportFinding.Kind, detail: String)
    /// The meter began anew; the column's share of the signal.
    case reset(Double)
    /// The meter counts down, which is not allowed.
    case refused(from: Double)
  }

  private let mapping: SignalMapping
  private let conversion: UnitConversion
  private let factor: Double
  private let longestStep: Int64
  private var previous: (time: Int64, value: Double)?
  /// Since when the meter stands still.
  private var stillSince: Int64?
  private var frozen: [Range<Int64>]
  private var nextFrozen = 0

  /// - Parameters:
  ///   - longestStep: readings further apart, in milliseconds, have a gap between them.
  ///   - frozen: times, in ascending order, in which the meter is known to have stood still.
  init(
    _ term: SignalMapping.Term, of mapping: SignalMapping, conversion: UnitConversion,
    longestStep: Int64, frozen: [Range<Int64>] = []
  ) {
    self.mapping = mapping
    self.conversion = conversion
    self.longestStep = longestStep
    self.frozen = frozen
    factor = term.factor
  }

  /// Takes the next reading.
  mutating func take(_ value: Double, at time: Int64) -> Outcome {
    defer { previous = (time, value) }
    guard let previous else { return .unknown }
    if value < previous.value, mapping.negativeSteps != .reset {
      guard mapping.negativeSteps == .mask else { return .refused(from: previous.value) }
      return .left(.negativeStep, detail: "from \(previous.value) to \(value)")
    }
    let isReset = value < previous.value
    let difference = isReset ? value : value - previous.value
    let share = share(of: difference, milliseconds: time - previous.time)
    if let maximum = mapping.maximum, abs(share) > maximum {
      return .left(.catchUp, detail: "\(difference) \(mapping.unit.name) at once")
    }
    if time - previous.time > longestStep { return .left(.stepOverGap, detail: "") }
    if isFrozen(previous.time) { return .left(.frozenMeter, detail: "") }
    return isReset ? .reset(share * factor) : .value(share * factor)
  }

  /// Takes the next reading and tells, when the meter catches up, since when it stood still.
  mutating func frozenTime(_ value: Double, at time: Int64) -> Range<Int64>? {
    let before = previous
    let outcome = take(value, at: time)
    guard let before else { return nil }
    if value == before.value {
      stillSince = stillSince ?? before.time
      return nil
    }
    defer { stillSince = nil }
    guard case .left(.catchUp, _) = outcome, let stillSince else { return nil }
    return stillSince..<before.time
  }

  private func share(of difference: Double, milliseconds: Int64) -> Double {
    let converted = conversion.applyToDifference(difference)
    return mapping.isEnergyToPower ? converted * 3_600_000 / Double(milliseconds) : converted
  }

  private mutating func isFrozen(_ time: Int64) -> Bool {
    while nextFrozen < frozen.count, frozen[nextFrozen].upperBound <= time { nextFrozen += 1 }
    return nextFrozen < frozen.count && frozen[nextFrozen].contains(time)
  }
}
