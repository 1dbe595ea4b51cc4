// SPDX-License-Identifier: MIT
public import Foundation
import Learning
import TimeSeries

extension LoadWalkForward {
  /// What simple forecasters say for the same issues: the last known same hour, the same hour a week
  /// before, the climatology of the class of day, and seasonal exponential smoothing (each hour of
  /// each class of day smoothed on its own).
  ///
  /// Point forecasts have equal quantiles.
  public func references(from start: Date) -> [(name: String, forecasts: [IssuedForecast])] {
    var columns: [[IssuedForecast]] = [[], [], [], []]
    for (issueHour, targets) in issues(from: start) {
      let past = LoadPast(KnownPast(history.table, issueHour: issueHour))
      for index in targets {
        let context = LoadContext(
          past: past, day: history.hours.day[index], hour: history.hours.hour[index],
          lead: index - issueHour, weather: nil)
        let climatology = LoadColdStart.prediction(context)
        let points = [
          past.known.newest(hour: context.hour, before: context.day), context.lag(7),
          context.ofClass.fading,
        ].map { ($0 ?? climatology.p50).certain }
        for (column, prediction) in [points[0], points[1], points[2], climatology].enumerated() {
          columns[column].append(issued(issueHour, index, prediction))
        }
      }
    }
    let names = ["yesterday", "last week", "exponential smoothing", "class climatology"]
    return Array(zip(names, columns)).map { (name: $0, forecasts: $1) }
  }

  private func issues(from start: Date) -> [(issueHour: Int, targets: [Int])] {
    let hours = history.hours
    return Set(hours.day).sorted().flatMap { settings.schedule.issues(onDay: $0, hours: hours) }
      .map { issue in
        (
          issue,
          settings.schedule.targets(ofIssue: issue, hours: hours).filter {
            hours.grid.date(at: $0) >= start
          }
        )
      }.filter { !$0.1.isEmpty }
  }

  private func issued(
    _ issueHour: Int, _ index: Int, _ prediction: QuantileTrees.Prediction
  ) -> IssuedForecast {
    let grid = history.hours.grid
    return IssuedForecast(
      issuedAt: grid.date(at: issueHour), target: grid.date(at: index),
      actual: history.actual(index), prediction)
  }
}

extension PVWalkForward {
  /// What simple forecasters say for the same issues: the last known same hour, the mean of the last
  /// fifteen days at the hour, and unbiased physics.
  public func references(from start: Date) -> [(name: String, forecasts: [IssuedForecast])] {
    let physical = physicalForecasts(from: start)
    let sums = PVSums(history)
    let grid = history.hours.grid
    var pasts: [Date: PVPast] = [:]
    var columns: [[IssuedForecast]] = [[], []]
    for forecast in physical {
      guard let issueHour = grid.index(of: forecast.issuedAt),
        let index = grid.index(of: forecast.target)
      else { continue }
      let past =
        pasts[forecast.issuedAt] ?? PVPast(history, sums: sums, issueHour: issueHour)
      pasts = [forecast.issuedAt: past]
      let wall = past.hours[history.hours.hour[index]]
      for (column, value) in [wall.newest, wall.mean15].enumerated() {
        columns[column].append(
          IssuedForecast(
            issuedAt: forecast.issuedAt, target: forecast.target, actual: forecast.actual,
            (value ?? forecast.mean).certain))
      }
    }
    return [
      ("yesterday", columns[0]), ("climatology of 15 days", columns[1]),
      ("physics × bias", physical),
    ]
  }
}

extension Double {
  /// A forecast without spread.
  fileprivate var certain: QuantileTrees.Prediction {
    QuantileTrees.Prediction(p10: self, p50: self, p90: self, mean: self)
  }
}
