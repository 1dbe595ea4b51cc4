// SPDX-License-Identifier: MIT
public import Forecasting
import Foundation
public import Learning
public import TimeSeries

/// The page that shows how good forecasts were: whether their quantiles mean what they say, where they
/// beat simple forecasters, and what the models look at.
public struct ForecastReport: Sendable {
  private let title: String
  private let calendar: SiteCalendar
  private let forecasts: [IssuedForecast]
  private let references: [(name: String, forecasts: [IssuedForecast])]
  private let importance: [FeatureImportance]
  private let capacity: Double?

  /// A report of the hours that were measured; hours that are zero for sure are left out of
  /// everything about quantiles.
  public init(
    title: String, calendar: SiteCalendar, forecasts: [IssuedForecast],
    references: [(name: String, forecasts: [IssuedForecast])], importance: [FeatureImportance],
    capacity: Double?
  ) {
    self.title = title
    self.calendar = calendar
    self.forecasts = forecasts.filter { $0.actual != nil }
    self.references = references
    self.importance = importance
    self.capacity = capacity
  }

  /// The page.
  public var page: HTMLPage {
    let figures = VerificationFigures(calendar: calendar)
    let active = Self.active(forecasts)
    let first = forecasts.first.map { calendar.wallTime(at: $0.target).date.description } ?? ""
    let last = forecasts.last.map { calendar.wallTime(at: $0.target).date.description } ?? ""
    var sections: [HTMLPage.Section] = [
      .heading("Scores"), .table(header: scoreHeader, rows: scoreRows),
      .heading("Reliability"),
      .paragraph(
        "How often the measured value stayed below a quantile, against how often it claims to. A "
          + "forecast on the diagonal means what it says."),
      .figure(figures.reliability(active)),
      .heading("Where outcomes fell"),
      .paragraph(
        "Shares of outcomes below P10, up to P50, up to P90 and above, by month; ideal are 10, 40, "
          + "40 and 10 per cent."),
      .figure(figures.placesByMonth(active)),
      .heading("Skill by lead time"),
      .paragraph("1 − pinball loss over the loss of a simple forecaster; 0 is as good as it."),
      .figure(figures.skill(forecasts, over: references)),
      .heading("The last two weeks"),
      .figure(figures.course(forecasts)),
    ]
    if !importance.isEmpty {
      sections += [
        .heading("What the model of the mean looks at"),
        .paragraph("The share of each feature in what the trees gained in training."),
        .figure(figures.importance(importance)),
      ]
    }
    return HTMLPage(
      title: title + ": how good the forecasts were",
      subtitle: "\(forecasts.count) hours, \(first) to \(last), issued on the day before",
      sections: sections)
  }

  private let scoreHeader = [
    "", "pinball, W", "MAE, W", "RMSE, W", "bias, W", "P10…P90 holds", "when active",
    "mean width, W",
  ]

  /// Without the hours that are zero for sure, which every quantile holds.
  private static func active(_ forecasts: [IssuedForecast]) -> [IssuedForecast] {
    forecasts.filter { $0.p90 > 0 || ($0.actual ?? 0) > 0 }
  }

  private var scoreRows: [[String]] {
    ([("pems", forecasts)] + references.map { ($0.name, $0.forecasts) }).compactMap {
      name, forecasts in
      guard let scores = ForecastScores(forecasts.compactMap(\.outcome)) else { return nil }
      let isPoint = scores.meanWidth == 0
      let whenActive = ForecastScores(Self.active(forecasts).compactMap(\.outcome)) ?? scores
      return [
        name, number(scores.pinball), number(scores.meanAbsoluteError),
        number(scores.rootMeanSquareError)
          + (capacity.map { String(format: " (%.2f %%)", 100 * scores.rootMeanSquareError / $0) }
            ?? ""),
        number(scores.bias), isPoint ? "–" : percent(scores.coverage),
        isPoint ? "–" : percent(whenActive.coverage),
        isPoint ? "–" : number(scores.meanWidth),
      ]
    }
  }

  private func number(_ value: Double) -> String { String(format: "%.1f", value) }
  private func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
}
