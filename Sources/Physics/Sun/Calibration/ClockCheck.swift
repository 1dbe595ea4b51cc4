// SPDX-License-Identifier: MIT
public import Foundation
import TimeSeries

/// A stretch of a history whose power carries stamps of a wrong clock.
public struct ClockFinding: Sendable, Hashable {
  /// When it lasted.
  public let range: Range<Date>
  /// By how much the stamps are late; early ones are negative.
  public let lateMinutes: Int
  /// The error with the stamps as they are over the error with corrected ones, above 1.
  public let errorRatio: Double
}

/// Finds stamps that are off by a time zone, daylight saving time or the end of a step.
///
/// A late clock turns a plant west in the fit and lets it give power after sunset. So each of a few
/// likely offsets gets its own fit, and a stretch of a month may differ from the whole.
struct ClockCheck {
  let fit: OrientationFit

  /// The offsets that happen: half hours up to two hours.
  private static let offsets = [-120, -90, -60, -30, 30, 60, 90, 120]
  /// An offset of the whole history has to take off this share of the loss, one of a month more.
  static let wholeGain = 0.12
  static let blockGain = 0.25
  static let blockSeconds = 30.0 * 86_400

  /// The offsets of whole steps: a part of a step would mix neighbours, and a mean of two noisy values
  /// always fits better.
  static func candidates(_ grid: TimeGrid) -> [Int] {
    offsets.filter { $0 * 60 % grid.stepSeconds == 0 }
  }

  /// How late the stamp of each step is, in minutes.
  func lateMinutes(_ plant: PVPlant, _ history: PlantHistory, sun: SunTrack) -> [Int] {
    let candidates = Self.candidates(history.grid)
    func rows(_ minutes: [Int]) -> CalibrationRows {
      CalibrationRows(
        history.correctingClock(lateMinutes: minutes), plant: plant, sun: sun
      ) { elevation, _ in elevation > -15 }
    }
    let none = [Int](repeating: 0, count: history.grid.count)
    let asStamped = fit.fit(plant, rows: rows(none).thinned(to: 3_000), isMultistart: false)
    var (whole, best) = (0, asStamped)
    for candidate in candidates {
      let late = none.map { _ in candidate }
      let solution = fit.fit(plant, rows: rows(late).thinned(to: 3_000), isMultistart: false)
      if solution.cost < best.cost { (whole, best) = (candidate, solution) }
    }
    if best.cost > (1 - Self.wholeGain) * asStamped.cost { (whole, best) = (0, asStamped) }
    var result = none.map { _ in whole }
    let allRows = Dictionary(
      uniqueKeysWithValues: ([0] + candidates).map { candidate in
        (candidate, rows(none.map { _ in candidate }))
      })
    for block in blocks(history.grid) {
      func loss(_ candidate: Int) -> Double {
        let part = allRows[candidate]?.filter { block.contains($0.index) }
        return part.map { mean(of: $0, best.plant) } ?? .infinity
      }
      let atWhole = loss(whole)
      let other = ([0] + candidates).min { loss($0) < loss($1) } ?? whole
      if loss(other) < (1 - Self.blockGain) * atWhole {
        for index in block { result[index] = other }
      }
    }
    return result
  }

  /// What the corrected stretches say, for people.
  func findings(
    _ late: [Int], _ history: PlantHistory, plant: PVPlant, sun: SunTrack
  ) -> [ClockFinding] {
    var findings: [ClockFinding] = []
    var start = 0
    while start < late.count {
      let end = late[start...].firstIndex { $0 != late[start] } ?? late.count
      if late[start] != 0 {
        let ratios = [late, late.map { _ in 0 }].map { minutes in
          let rows = CalibrationRows(
            history.correctingClock(lateMinutes: minutes), plant: plant, sun: sun
          ) { elevation, _ in elevation > -15 }
          return mean(of: rows.filter { start..<end ~= $0.index }, plant).squareRoot()
        }
        findings.append(
          ClockFinding(
            range: history.grid.date(at: start)..<history.grid.date(at: end),
            lateMinutes: late[start], errorRatio: ratios[1] / ratios[0]))
      }
      start = end
    }
    return findings
  }

  private func blocks(_ grid: TimeGrid) -> [Range<Int>] {
    let length = max(1, Int(Self.blockSeconds / Double(grid.stepSeconds)))
    return stride(from: 0, to: grid.count, by: length).map { $0..<min($0 + length, grid.count) }
  }

  /// The mean squared error as a share of the capacity.
  private func mean(of rows: CalibrationRows, _ plant: PVPlant) -> Double {
    guard rows.count > 0 else { return .infinity }
    let residuals = rows.residuals(of: plant, capacityWatts: fit.capacityWatts)
    return residuals.reduce(0) { $0 + $1 * $1 } / Double(residuals.count)
  }
}
