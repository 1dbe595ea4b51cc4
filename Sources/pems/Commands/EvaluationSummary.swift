// SPDX-License-Identifier: MIT
import Forecasting
import Foundation
import Learning
import TimeSeries

/// What a walk-forward evaluation found.
struct EvaluationSummary: Encodable {
  /// Scores of the hours of a lead-time block.
  struct Block: Encodable {
    let leadHours: String
    let count: Int
    let pinball: Double
    let coverage: Double
  }

  /// A simple forecaster over the same hours.
  struct Reference: Encodable {
    let name: String
    let pinball: Double
    let meanAbsoluteError: Double
    /// How much lower the pinball loss of the forecasts is, as a share of the reference's.
    let gain: Double
    /// Below −1.96 the forecasts are better at 95 %.
    let dieboldMariano: Double?
  }

  let count: Int
  let days: Int
  let meanActual: Double
  let meanAbsoluteError: Double
  let rootMeanSquareError: Double
  let bias: Double
  let pinball: Double
  let coverage: Double
  let belowP10: Double
  let aboveP90: Double
  /// Coverage where the forecast or the outcome is above zero: nights of PV are certain.
  let coverageWhenActive: Double
  let meanWidth: Double
  let intervalScore: Double
  /// Mean absolute error over the mean.
  let normalisedMeanAbsoluteError: Double
  let dailyEnergyError: Double
  /// RMSE over the plant's capacity.
  let rootMeanSquareOfCapacity: Double?
  let byLead: [Block]
  let references: [Reference]

  init?(
    _ forecasts: [IssuedForecast], capacity: Double?, calendar: SiteCalendar,
    references others: [(name: String, forecasts: [IssuedForecast])]
  ) {
    let scored = forecasts.filter { $0.actual != nil }
    let outcomes = scored.compactMap(\.outcome)
    guard let scores = ForecastScores(outcomes) else { return nil }
    count = scores.count
    days = Set(scored.map(\.issuedAt)).count
    meanActual = scores.meanActual
    meanAbsoluteError = scores.meanAbsoluteError
    rootMeanSquareError = scores.rootMeanSquareError
    bias = scores.bias
    pinball = scores.pinball
    coverage = scores.coverage
    belowP10 = scores.belowP10
    aboveP90 = scores.aboveP90
    let active = outcomes.filter { $0.p90 > 0 || $0.actual > 0 }
    coverageWhenActive = ForecastScores(active)?.coverage ?? scores.coverage
    meanWidth = scores.meanWidth
    intervalScore = scores.intervalScore
    normalisedMeanAbsoluteError = scores.meanAbsoluteError / max(scores.meanActual, 1e-9)
    dailyEnergyError = Self.dailyEnergyError(scored)
    rootMeanSquareOfCapacity = capacity.map { scores.rootMeanSquareError / $0 }
    references = others.compactMap { Self.reference($0.name, $0.forecasts, for: scored) }
    byLead = [(0, 6), (6, 12), (12, 24), (24, 48)].compactMap { from, to in
      let part = scored.filter { $0.leadHours >= Double(from) && $0.leadHours < Double(to) }
      return ForecastScores(part.compactMap(\.outcome)).map {
        Block(
          leadHours: "\(from)–\(to)", count: $0.count, pinball: $0.pinball, coverage: $0.coverage)
      }
    }
  }

  private static func reference(
    _ name: String, _ others: [IssuedForecast], for scored: [IssuedForecast]
  ) -> Reference? {
    guard let theirs = ForecastScores(others.compactMap(\.outcome)),
      let ours = ForecastScores(scored.compactMap(\.outcome))
    else { return nil }
    func daily(_ forecasts: [IssuedForecast]) -> [Date: Double] {
      Dictionary(grouping: forecasts, by: \.issuedAt).compactMapValues {
        ForecastScores($0.compactMap(\.outcome))?.pinball
      }
    }
    let (own, other) = (daily(scored), daily(others))
    let common = own.keys.filter { other[$0] != nil }.sorted()
    let test = LossComparison(common.compactMap { own[$0] }, common.compactMap { other[$0] })
    return Reference(
      name: name, pinball: theirs.pinball, meanAbsoluteError: theirs.meanAbsoluteError,
      gain: 1 - ours.pinball / max(theirs.pinball, 1e-12), dieboldMariano: test?.dieboldMariano)
  }

  /// Mean absolute error of the energy of whole issues over their mean energy.
  private static func dailyEnergyError(_ scored: [IssuedForecast]) -> Double {
    let issues = Dictionary(grouping: scored, by: \.issuedAt).values
    let most = Double(issues.map(\.count).max() ?? 0)
    var (error, energy) = (0.0, 0.0)
    for issue in issues where Double(issue.count) >= 0.9 * most {
      let actual = issue.reduce(0) { $0 + ($1.actual ?? 0) }
      error += abs(issue.reduce(0) { $0 + $1.mean } - actual)
      energy += actual
    }
    return energy > 0 ? error / energy : 0
  }

  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      encoder.keyEncodingStrategy = .convertToSnakeCase
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }

  var text: String {
    func number(_ value: Double) -> String { String(format: "%.1f", value) }
    func percent(_ value: Double) -> String { String(format: "%.2f %%", value * 100) }
    var rows = [
      ("forecasts", "\(count) hours of \(days) issues, mean \(number(meanActual))"),
      ("RMSE of the mean", number(rootMeanSquareError)),
      (
        "MAE of the median",
        number(meanAbsoluteError) + ", \(percent(normalisedMeanAbsoluteError)) of the mean"
      ),
      ("bias", number(bias)),
      ("daily energy", "off by \(percent(dailyEnergyError))"),
      ("pinball", String(format: "%.3f", pinball)),
      (
        "P10…P90 holds",
        percent(coverage) + " (below \(percent(belowP10)), above \(percent(aboveP90)))"
      ),
      ("  when active", percent(coverageWhenActive)),
      ("mean width", number(meanWidth)),
    ]
    if let rootMeanSquareOfCapacity {
      rows.insert(("RMSE of capacity", percent(rootMeanSquareOfCapacity)), at: 2)
    }
    rows += byLead.map {
      (
        "lead \($0.leadHours) h",
        String(format: "pinball %.3f, ", $0.pinball) + "holds \(percent($0.coverage))"
      )
    }
    rows += references.map {
      (
        "against",
        "\($0.name): MAE \(number($0.meanAbsoluteError)), pinball "
          + String(format: "%.3f (%+.1f %%", $0.pinball, -100 * $0.gain)
          + ($0.dieboldMariano.map { String(format: ", DM %.2f)", $0) } ?? ")")
      )
    }
    return rows.map { $0.0.padding(toLength: 20, withPad: " ", startingAt: 0) + $0.1 }
      .joined(separator: "\n")
  }
}
