// SPDX-License-Identifier: MIT
import Forecasting
import Foundation

/// A small table of numbers for people and programs.
struct StudyTable {
  let header: [String]
  let rows: [[String]]

  /// Prints it.
  func show(asJSON: Bool) throws -> Int32 {
    guard !rows.isEmpty else {
      throw CommandFailure.failed("the history is too short for this study")
    }
    if asJSON {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      let records = rows.map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
      print(String(decoding: try encoder.encode(records), as: UTF8.self))
    } else {
      print(text)
    }
    return ExitCode.done
  }

  /// Columns that stand right.
  var text: String {
    let all = [header] + rows
    let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { row in
      zip(row, widths).map { cell, width in
        String(repeating: " ", count: width - cell.count) + cell
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }

  static func percent(_ value: Double) -> String { String(format: "%.2f %%", 100 * value) }

  static func coldStart(
    _ rows: [ColdStartStudy.Row], error: String, reference: String, unit: Double
  ) -> StudyTable {
    StudyTable(
      header: ["days of history", "hours", error, reference, "difference", "P10…P90 holds"],
      rows: rows.map {
        [
          "\($0.days)", "\($0.count)", percent($0.error / unit), percent($0.reference / unit),
          percent($0.error / max($0.reference, 1e-9) - 1), percent($0.coverage),
        ]
      })
  }

  static func curtailment(_ rows: [CurtailmentStudy.Row]) -> StudyTable {
    StudyTable(
      header: ["days held down", "hours", "treated as", "nRMSE", "energy bias"],
      rows: rows.map {
        [
          percent($0.curtailedDays), percent($0.curtailedHours), $0.treatment.rawValue,
          percent($0.error), percent($0.energyBias),
        ]
      })
  }

  static func drift(_ rows: [DriftStudy.Row]) -> StudyTable {
    StudyTable(
      header: [
        "method", "loss", "median delay", "within 20 d", "winter", "spring", "summer", "autumn",
        "within 60 d", "false alarms a year", "within 20 d, January to December, %",
      ],
      rows: rows.map { row in
        [
          row.method.rawValue, percent(row.loss),
          row.medianDelay.map { String(format: "%.0f d", $0) } ?? "never",
          percent(row.within20Days),
        ] + row.within20DaysBySeason.map(percent) + [
          percent(row.within60Days), String(format: "%.2f", row.falseAlarmsAYear),
          row.within20DaysByMonth.map { $0.map { String(format: "%.0f", 100 * $0) } ?? "–" }
            .joined(separator: " "),
        ]
      })
  }
}
