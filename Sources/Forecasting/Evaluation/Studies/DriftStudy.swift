// SPDX-License-Identifier: MIT
public import Learning
import TimeSeries

/// How soon a loss of a plant is told, and how often one is told that is none.
public struct DriftStudy: Sendable {
  /// What one size of loss gave.
  public struct Row: Sendable, Hashable, Codable {
    /// The share of the production that is lost.
    public let loss: Double
    /// Days from the loss to the alarm, the median over all first days.
    public let medianDelay: Double?
    /// The share of first days whose loss was told within 20 days, and within 120.
    public let within20Days: Double
    /// The share told within 120 days.
    public let within120Days: Double
    /// Alarms a year without any loss.
    public let falseAlarmsAYear: Double
  }

  /// The sizes of loss that are tried.
  public var losses = [0.1, 0.2, 0.3]
  /// Days between two first days of loss.
  public var startStride = 7
  /// Days before the first alarm counts.
  public var learningDays = 365
  /// How the watch judges.
  public var settings = PlantDrift.lossSettings

  /// The defaults.
  public init() {}

  /// The rows for a plant.
  public func rows(_ history: PVHistory) -> [Row] {
    let days = history.dailyEnergies(before: history.hours.grid.count)
    guard days.count > learningDays + 120 else { return [] }
    var falseAlarms = 0
    var watch = PlantDrift(settings: settings)
    var watches: [PlantDrift] = []
    for (place, day) in days.enumerated() {
      watches.append(watch)
      let state = watch.observe(measured: day.measured, expected: day.expected)
      falseAlarms += state == .alarm && place >= learningDays ? 1 : 0
    }
    let years = Double(days.count - learningDays) / 365.25
    let starts = Array(stride(from: learningDays, to: days.count - 120, by: startStride))
    return losses.map { loss in
      let delays = starts.compactMap { start -> Double? in
        var watch = watches[start]
        return days[start..<start + 120].firstIndex { day in
          watch.observe(measured: day.measured * (1 - loss), expected: day.expected) == .alarm
        }.map { Double($0 - start + 1) }
      }
      let number = Double(max(1, starts.count))
      return Row(
        loss: loss,
        medianDelay: delays.count * 2 > starts.count
          ? EmpiricalQuantile.of(
            delays + Array(repeating: .infinity, count: starts.count - delays.count), 0.5) : nil,
        within20Days: Double(delays.count { $0 <= 20 }) / number,
        within120Days: Double(delays.count) / number,
        falseAlarmsAYear: Double(falseAlarms) / years)
    }
  }
}
