// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import TimeSeries

/// How hazy the air is: how many clean, dry atmospheres would dim the sun as much, 1…8.
public enum LinkeTurbidity {
  /// The long-term mean at a place and a time, between the middles of the months.
  ///
  /// A value for when nothing was measured: the built-in table has cells of 7.5°, so a mountain top is
  /// clearer and a city hazier than it says (0.14 on average, 0.5 at most in 95 of 100 places).
  public static func climatology(at instant: Date, location: Location) -> Double {
    climatology(
      unixSeconds: instant.timeIntervalSince1970, monthly: monthlyClimatology(location: location))
  }

  /// The twelve monthly means at a place, from January.
  public static func monthlyClimatology(location: Location) -> [Double] {
    let rowPosition = (90 - location.latitude.rawValue) / 7.5 - 0.5
    let columnPosition = (location.longitude.rawValue + 180) / 7.5 - 0.5
    let row = Int(rowPosition.rounded(.down))
    let column = Int(columnPosition.rounded(.down))
    let south = rowPosition - Double(row)
    let east = columnPosition - Double(column)
    return (0..<12).map { month in
      (1 - south) * (1 - east) * cell(row, column, month)
        + (1 - south) * east * cell(row, column + 1, month)
        + south * (1 - east) * cell(row + 1, column, month)
        + south * east * cell(row + 1, column + 1, month)
    }
  }

  /// A time between monthly means, which stand for the middles of twelve equal parts of the year.
  static func climatology(unixSeconds: Double, monthly: [Double]) -> Double {
    let year = SolarTime.decimalYear(unixSeconds)
    let position = (year - year.rounded(.down)) * 12 - 0.5
    let month = Int(position.rounded(.down))
    let share = position - Double(month)
    return (1 - share) * monthly[(month + 12) % 12] + share * monthly[(month + 1) % 12]
  }

  /// Rows end at the poles, columns go round.
  private static func cell(_ row: Int, _ column: Int, _ month: Int) -> Double {
    let table = LinkeTurbidityTable.self
    let row = min(max(row, 0), table.rows - 1)
    let column = ((column % table.columns) + table.columns) % table.columns
    let index = (row * table.columns + column) * 12 + month
    let code = table.codes.utf8Start[index + index / table.lineLength]
    return (Double(code) - 40) / 10
  }
}
