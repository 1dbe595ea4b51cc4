// SPDX-License-Identifier: MIT
public import Foundation

/// Equal half-open steps of time, `start ..< start + step`, each stamped with its start, in UTC.
///
/// Horizon and step length come from one grid; two series are combined only on equal grids.
public struct TimeGrid: Sendable, Hashable, Codable {
  /// The start of the first step.
  public let start: Date
  /// The length of one step in whole seconds, at least 1.
  public let stepSeconds: Int
  /// The number of steps, at least 0.
  public let count: Int

  /// A grid of `count` steps of `stepSeconds` from `start`.
  ///
  /// - Precondition: `stepSeconds > 0`, `count >= 0`.
  public init(start: Date, stepSeconds: Int, count: Int) {
    precondition(stepSeconds > 0 && count >= 0, "a grid has steps of a positive length")
    self.start = start
    self.stepSeconds = stepSeconds
    self.count = count
  }

  /// The grid of whole steps that cover `range`: it starts at the step that holds the lower bound.
  public init(covering range: Range<Date>, stepSeconds: Int) {
    let first = Self.floor(range.lowerBound, stepSeconds: stepSeconds)
    let seconds = range.upperBound.timeIntervalSince(first)
    self.init(
      start: first, stepSeconds: stepSeconds,
      count: Int((seconds / Double(stepSeconds)).rounded(.up)))
  }

  /// The latest multiple of `stepSeconds` since 1970 that is not after `date`.
  public static func floor(_ date: Date, stepSeconds: Int) -> Date {
    let step = Double(stepSeconds)
    return Date(timeIntervalSince1970: (date.timeIntervalSince1970 / step).rounded(.down) * step)
  }

  /// The length of one step.
  public var step: Duration { .seconds(stepSeconds) }

  /// The length of one step in hours.
  public var stepHours: Double { Double(stepSeconds) / 3_600 }

  /// The time the whole grid covers.
  public var range: Range<Date> { start..<end }

  /// The end of the last step.
  public var end: Date { start.addingTimeInterval(Double(stepSeconds) * Double(count)) }

  /// The positions of the steps.
  public var indices: Range<Int> { 0..<count }

  /// The start of step `index`; the end of the grid at `count`.
  public func date(at index: Int) -> Date {
    start.addingTimeInterval(Double(stepSeconds) * Double(index))
  }

  /// The middle of step `index`: the instant whose sun position stands for the step's mean.
  public func middle(at index: Int) -> Date {
    start.addingTimeInterval(Double(stepSeconds) * (Double(index) + 0.5))
  }

  /// The step that holds `date`, or `nil` outside the grid.
  public func index(of date: Date) -> Int? {
    let position = (date.timeIntervalSince(start) / Double(stepSeconds)).rounded(.down)
    guard position >= 0, position < Double(count) else { return nil }
    return Int(position)
  }

  /// The starts of all steps.
  public var dates: [Date] { indices.map(date(at:)) }

  /// The steps `bounds` as a grid of their own.
  public subscript(bounds: Range<Int>) -> TimeGrid {
    TimeGrid(start: date(at: bounds.lowerBound), stepSeconds: stepSeconds, count: bounds.count)
  }
}
