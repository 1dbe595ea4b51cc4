// SPDX-License-Identifier: MIT
import Learning
import TimeSeries

/// How soon a loss of a plant is told, and how often one is told that is none.
public struct DriftStudy: Sendable {
  /// What one size of loss gave.
  public struct Row: Sendable, Hashable, Codable {
    /// How the days were judged.
    public let method: PlantDrift.Method
    /// The share of the production that is lost.
    public let loss: Double
    /// Days from the loss to the alarm, the median over all first days.
    public let medianDelay: Double?
    /// The share of first days whose loss was told within 20 days.
    public let within20Days: Double
    /// The same of the first days in winter, spring, summer and autumn (December begins winter).
    public let within20DaysBySeason: [Double]
    /// The same of the first days in January to December; missing where there is no such day.
    public let within20DaysByMonth: [Double?]
    /// The share told within 60 days.
    public let within60Days: Double
    /// Alarms a year without any loss.
    public let falseAlarmsAYear: Double
  }

  /// The ways of judging that are compared.
  public var methods = PlantDrift.Method.allCases
  /// The sizes of loss that are tried.
  public var losses = [0.1, 0.2, 0.3]
  /// Days between two first days of loss.
  public var startStride = 3
  /// Days before the first alarm counts.
  public var learningDays = 365
  /// Days after a loss in which it may be told.
  public var patience = 60

  /// The defaults.
  public init() {}

  /// The rows for a plant.
  public func rows(_ history: PVHistory) -> [Row] {
    let days = history.dailyEnergies(before: history.hours.grid.count)
    guard days.count > learningDays + patience else { return [] }
    let months = days.map { history.hours.days[history.hours.day[$0.firstHour]].date.month }
    let energies = days.map { (measured: $0.measured, expected: $0.expected) }
    return methods.flatMap { rows($0, energies, months) }
  }

  private func rows(
    _ method: PlantDrift.Method, _ days: [(measured: Double, expected: Double)], _ months: [Int]
  ) -> [Row] {
    var falseAlarms = 0
    var watch = PlantDrift(method: method)
    var watches: [PlantDrift] = []
    for (place, day) in days.enumerated() {
      watches.append(watch)
      let state = watch.observe(measured: day.measured, expected: day.expected)
      falseAlarms += state == .alarm && place >= learningDays ? 1 : 0
    }
    let years = Double(days.count - learningDays) / 365.25
    let starts = Array(stride(from: learningDays, to: days.count - patience, by: startStride))
    return losses.map { loss in
      let delays = starts.map { start -> Double in
        var watch = watches[start]
        let told = days[start..<start + patience].firstIndex { day in
          watch.observe(measured: day.measured * (1 - loss), expected: day.expected) == .alarm
        }
        return told.map { Double($0 - start + 1) } ?? .infinity
      }
      func share(_ limit: Double, _ isWanted: (Int) -> Bool = { _ in true }) -> Double {
        let wanted = zip(starts, delays).filter { isWanted(months[$0.0]) }
        return Double(wanted.count { $0.1 <= limit }) / Double(max(1, wanted.count))
      }
      let median = delays.sorted()[delays.count / 2]
      return Row(
        method: method, loss: loss, medianDelay: median.isFinite ? median : nil,
        within20Days: share(20),
        within20DaysBySeason: (0..<4).map { season in share(20) { $0 % 12 / 3 == season } },
        within20DaysByMonth: (1...12).map { month in
          starts.contains { months[$0] == month } ? share(20) { $0 == month } : nil
        },
        within60Days: share(Double(patience)), falseAlarmsAYear: Double(falseAlarms) / years)
    }
  }
}
