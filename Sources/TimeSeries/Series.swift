// SPDX-License-Identifier: MIT
public import Foundation

/// Values of one quantity on a time grid: each the mean over its step, `nil` where it is missing.
public struct Series<Value: Quantity>: Sendable, Hashable, Codable {
  /// The steps.
  public let grid: TimeGrid
  /// One value a step; `values.count == grid.count`.
  public var values: [Value?] {
    didSet { precondition(values.count == grid.count, "a series has one value a step") }
  }

  /// A series of given values.
  ///
  /// - Precondition: one value for each step of the grid.
  public init(grid: TimeGrid, values: [Value?]) {
    precondition(values.count == grid.count, "a series has one value a step")
    self.grid = grid
    self.values = values
  }

  /// A series whose every step is present, from plain numbers in the quantity's unit.
  public init(grid: TimeGrid, rawValues: [Double]) {
    self.init(grid: grid, values: rawValues.map { Value(rawValue: $0) })
  }

  /// A series that has the same value at every step.
  public init(grid: TimeGrid, constant: Value?) {
    self.init(grid: grid, values: Array(repeating: constant, count: grid.count))
  }

  /// The value of step `index`.
  public subscript(index: Int) -> Value? {
    get { values[index] }
    set { values[index] = newValue }
  }

  /// The value of the step that holds `date`; `nil` when missing or outside the grid.
  public func value(at date: Date) -> Value? { grid.index(of: date).flatMap { values[$0] } }

  /// The steps that lie inside `range`, as a series of its own.
  public func slice(_ range: Range<Date>) -> Series {
    let first = max(
      0,
      Int((range.lowerBound.timeIntervalSince(grid.start) / Double(grid.stepSeconds)).rounded(.up)))
    let last = min(
      grid.count,
      Int(
        (range.upperBound.timeIntervalSince(grid.start) / Double(grid.stepSeconds)).rounded(.down)))
    let bounds = min(first, grid.count)..<max(min(first, grid.count), last)
    return Series(grid: grid[bounds], values: Array(values[bounds]))
  }

  /// The plain numbers when no step is missing, otherwise `nil`.
  public var completeRawValues: [Double]? {
    var numbers: [Double] = []
    numbers.reserveCapacity(values.count)
    for value in values {
      guard let value else { return nil }
      numbers.append(value.rawValue)
    }
    return numbers
  }

  /// How many steps are missing.
  public var missingCount: Int { values.count { $0 == nil } }

  /// The same steps with another value each; a missing one stays missing.
  public func map<Other: Quantity>(_ transform: (Value) -> Other) -> Series<Other> {
    Series<Other>(grid: grid, values: values.map { $0.map(transform) })
  }
}
