// SPDX-License-Identifier: MIT
import Forecasting
import Foundation
import Learning
import TimeSeries

/// The figures about forecasts beside what came.
struct VerificationFigures {
  let calendar: SiteCalendar

  private static let colors = ["#2f6fdb", "#d9822b", "#3a9a5b", "#8a5bc2", "#8b95a1"]
  private static let whole = [PlotlyFigure.Lane(title: "", domain: 0...1)]
  private static let hoursShown = 14 * 24

  func reliability(_ forecasts: [IssuedForecast]) -> PlotlyFigure {
    let claims: [(Double, (IssuedForecast) -> Double)] = [
      (0.1, \.p10), (0.5, \.p50), (0.9, \.p90),
    ]
    func shares(_ part: [IssuedForecast]) -> [Double?] {
      claims.map { _, quantile in
        part.isEmpty
          ? nil : Double(part.count { ($0.actual ?? 0) <= quantile($0) }) / Double(part.count)
      }
    }
    let parts =
      [("all", forecasts)]
      + Self.leads.map { lead in
        ("lead \(lead.lowerBound)–\(lead.upperBound) h", forecasts.filter { lead.holds($0) })
      }
    let x = claims.map { String($0.0) }
    var traces = [
      PlotlyFigure.Trace(
        name: "ideal", x: ["0", "1"], y: [0, 1],
        line: .init(color: "#8b95a1", width: 1, shape: "linear", dash: "dot"))
    ]
    for (place, part) in parts.enumerated() where !part.1.isEmpty {
      traces.append(
        PlotlyFigure.Trace(
          mode: "lines+markers", name: part.0, x: x, y: shares(part.1),
          line: .init(color: Self.color(place), shape: "linear")))
    }
    return PlotlyFigure(
      data: traces, lanes: [.init(title: "share of outcomes below", domain: 0...1)], height: 420,
      along: .init(type: "linear", title: "probability the forecast claims"))
  }

  func placesByMonth(_ forecasts: [IssuedForecast]) -> PlotlyFigure {
    let months = Dictionary(grouping: forecasts) { forecast in
      let date = calendar.wallTime(at: forecast.target).date
      return String(format: "%04d-%02d", date.year, date.month)
    }.sorted { $0.key < $1.key }
    let classes: [(String, (IssuedForecast, Double) -> Bool)] = [
      ("below P10", { $1 < $0.p10 }), ("P10 to P50", { $1 >= $0.p10 && $1 <= $0.p50 }),
      ("P50 to P90", { $1 > $0.p50 && $1 <= $0.p90 }), ("above P90", { $1 > $0.p90 }),
    ]
    let traces = classes.map { kind in
      PlotlyFigure.Trace(
        type: "bar", mode: nil, name: kind.0, x: months.map(\.key),
        y: months.map { _, part in
          100 * Double(part.count { kind.1($0, $0.actual ?? 0) }) / Double(part.count)
        })
    }
    return PlotlyFigure(
      data: traces, lanes: [.init(title: "per cent of outcomes", domain: 0...1)], height: 360,
      along: .init(type: "category"))
  }

  private static let leastLossShare = 0.01

  func skill(
    _ forecasts: [IssuedForecast], over references: [(name: String, forecasts: [IssuedForecast])]
  ) -> PlotlyFigure {
    func losses(_ forecasts: [IssuedForecast]) -> [Int: Double] {
      Dictionary(grouping: forecasts) { Int($0.leadHours) }.compactMapValues {
        ForecastScores($0.compactMap(\.outcome))?.pinball
      }
    }
    let own = losses(forecasts)
    let leads = own.keys.sorted()
    let traces = references.enumerated().map { place, reference in
      let other = losses(reference.forecasts)
      // An hour in which there is next to nothing to be wrong about shows no skill.
      let least = Self.leastLossShare * (other.values.max() ?? 0)
      return PlotlyFigure.Trace(
        mode: "lines+markers", name: "over \(reference.name)", x: leads.map { String($0) },
        y: leads.map { lead in
          guard let own = own[lead], let other = other[lead], other > least else { return nil }
          return 1 - own / other
        }, line: .init(color: Self.color(place), shape: "linear"))
    }
    return PlotlyFigure(
      data: traces, lanes: [.init(title: "skill", domain: 0...1)], height: 360,
      along: .init(type: "linear", title: "hours from issue to target"))
  }

  func course(_ forecasts: [IssuedForecast]) -> PlotlyFigure {
    let shown = Array(forecasts.suffix(Self.hoursShown))
    let x = shown.map { forecast in
      let time = calendar.wallTime(at: forecast.target)
      return "\(time.date) " + String(format: "%02d:00", time.minuteOfDay / 60)
    }
    func trace(
      _ name: String, _ color: String, fill: String? = nil, _ value: (IssuedForecast) -> Double?
    ) -> PlotlyFigure.Trace {
      PlotlyFigure.Trace(
        name: name, x: x, y: shown.map(value), line: .init(color: color, width: 1.5), fill: fill,
        fillcolor: fill == nil ? nil : "rgba(47,111,219,0.15)")
    }
    return PlotlyFigure(
      data: [
        trace("P10", "rgba(47,111,219,0.3)") { $0.p10 },
        trace("P90", "rgba(47,111,219,0.3)", fill: "tonexty") { $0.p90 },
        trace("P50", Self.color(0)) { $0.p50 },
        trace("measured", "#1d2733") { $0.actual },
      ], lanes: [.init(title: "W", domain: 0...1)], height: 400)
  }

  func importance(_ importance: [FeatureImportance]) -> PlotlyFigure {
    let shown = importance.prefix(25)
    return PlotlyFigure(
      data: [
        PlotlyFigure.Trace(
          type: "bar", mode: nil, name: "share of the gain", x: shown.map(\.feature),
          y: shown.map { 100 * $0.share }, showlegend: false)
      ], lanes: [.init(title: "per cent", domain: 0...1)], height: 420,
      along: .init(type: "category"))
  }

  private static func color(_ place: Int) -> String { colors[place % colors.count] }

  /// Lead times, in hours, that are looked at on their own.
  private static let leads = [Lead(0, 12), Lead(12, 24), Lead(24, 48)]

  private struct Lead {
    let lowerBound: Int
    let upperBound: Int

    init(_ lowerBound: Int, _ upperBound: Int) {
      self.lowerBound = lowerBound
      self.upperBound = upperBound
    }

    func holds(_ forecast: IssuedForecast) -> Bool {
      forecast.leadHours >= Double(lowerBound) && forecast.leadHours < Double(upperBound)
    }
  }
}
