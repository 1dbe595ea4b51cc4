// SPDX-License-Identifier: MIT
import Foundation
import Household
import Physics
import TimeSeries

/// What physics makes of measured weather, in blocks of days that are computed once: a plan every few
/// minutes looks back over a year.
///
/// Blocks begin at fixed instants and are computed whole, so that an hour has the same value to the last bit
/// whenever and from wherever it is asked.
struct MeasuredPhysics: Sendable {
  private static let blockHours = 32 * 24
  private static let blockSeconds = Double(blockHours) * 3_600

  /// Readings may come late by this much, seconds: blocks that ended earlier stay as they are.
  private static let lateness = 86_400.0

  private let plant: PVPlant
  private var blocks: [Int: [Watts?]] = [:]

  init(plant: PVPlant) { self.plant = plant }

  /// Computes the blocks that are new or may have changed since the hours until `known` were seen.
  mutating func follow(
    _ irradiance: Series<WattsPerSquareMetre>, _ temperature: Series<Celsius>?, known: Date
  ) {
    let grid = irradiance.grid
    guard grid.count > 0 else { return }
    let settled = Self.block(of: known.addingTimeInterval(-Self.lateness))
    for number in Self.block(of: grid.start)...Self.block(of: grid.end.addingTimeInterval(-1))
    where number >= settled || blocks[number] == nil {
      let hours = TimeGrid(
        start: Date(timeIntervalSince1970: Double(number) * Self.blockSeconds),
        stepSeconds: 3_600, count: Self.blockHours)
      blocks[number] =
        plant.power(
          in: Weather(
            issuedAt: hours.start, globalHorizontalIrradiance: irradiance.laid(on: hours),
            temperature: temperature?.laid(on: hours) ?? Series(grid: hours, constant: nil))
        ).total.values
    }
  }

  /// The hours of a grid; missing where nothing was followed.
  func power(on hours: TimeGrid) -> Series<Watts> {
    Series(
      grid: hours,
      values: hours.indices.map { index in
        let hour = hours.date(at: index).timeIntervalSince1970 / 3_600
        let number = Self.block(of: hours.date(at: index))
        return blocks[number]?[Int(hour) - number * Self.blockHours]
      })
  }

  private static func block(of instant: Date) -> Int {
    Int((instant.timeIntervalSince1970 / blockSeconds).rounded(.down))
  }
}

extension Series {
  /// The same values on other whole steps of the same length; missing where this series has none.
  fileprivate func laid(on other: TimeGrid) -> Series {
    let shift = Int(other.start.timeIntervalSince(grid.start) / Double(grid.stepSeconds))
    return Series(
      grid: other,
      values: other.indices.map { index in
        let place = index + shift
        return values.indices.contains(place) ? values[place] : nil
      })
  }
}
