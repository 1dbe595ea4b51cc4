// SPDX-License-Identifier: MIT
import Foundation
public import TimeSeries

/// A plant with what its history taught.
public struct CalibratedPlant: Sendable, Hashable {
  /// The plant to compute with: calibrated, or the metadata where they stay.
  public let plant: PVPlant
  /// Whether the history changed it.
  public let isAccepted: Bool
  /// What speaks for it.
  public let evidence: CalibrationEvidence
}

/// What a calibration found, for people and for the weekly comparison.
public struct CalibrationEvidence: Sendable, Hashable {
  /// Days with at least four hours of sun.
  public var sunnyDays = 0
  /// Hours by day that took part.
  public var usedSteps = 0
  /// Steps left out because snow lay on the arrays.
  public var snowySteps = 0
  /// Root-mean-square error by day on days the fit did not see, of the rated power: of the metadata …
  public var errorOfMetadata = Fraction.zero
  /// … of the fitted orientation and size …
  public var errorOfOrientation = Fraction.zero
  /// … and with the shading table.
  public var errorWithShading = Fraction.zero
  /// Cells of the sky in which the sun was seen without clouds.
  public var shadedCells = 0
  /// A limit of the alternating current below the rated power, if the power stays at one.
  public var inverterLimit: Watts?
  /// Stretches in which the stamps of the power are off.
  public var clock: [ClockFinding] = []
  /// What a person should know.
  public var notes: [Diagnostic] = []

  /// Nothing found yet.
  public init() {}
}

extension PlantCalibration {
  /// Days that have four hours in which the sun comes through: clearness above 0.5.
  static func sunnyDays(_ plant: PVPlant, _ history: PlantHistory, sun: SunTrack) -> Int {
    let needed = max(1, 4 * 3_600 / history.grid.stepSeconds)
    var sunnySteps: [Int: Int] = [:]
    for index in history.grid.indices {
      guard
        let global = history.weather.globalHorizontal[index]?.rawValue,
        history.power[index] != nil, !history.excluded.contains(index),
        sun.cosZenith[index] > 0.14,
        global > 0.5 * sun.extraterrestrial[index] * sun.cosZenith[index]
      else { continue }
      sunnySteps[Int((sun.unixSeconds[index] / 86_400).rounded(.down)), default: 0] += 1
    }
    return sunnySteps.values.count { $0 >= needed }
  }

  /// Rows with a sun high and bright enough, without snow on the arrays.
  static func dayRows(
    _ plant: PVPlant, _ history: PlantHistory, sun: SunTrack, _ evidence: inout CalibrationEvidence
  ) -> CalibrationRows {
    let all = CalibrationRows(history, plant: plant, sun: sun) { elevation, global in
      elevation > smallestElevationDegrees && global > smallestGlobalHorizontal
    }
    let bare = all.filter { row in
      let expected = all.watts(row, arrays: plant.arrays, inverters: plant.inverters)
      return row.airCelsius > 2 || row.watts > 0.2 * expected
    }
    evidence.snowySteps = all.count - bare.count
    evidence.usedSteps = bare.count
    return bare
  }

  /// The plant with a lower limit of its inverter where the power stays at one.
  func withInverterLimit(
    _ plant: PVPlant, _ history: PlantHistory, _ evidence: inout CalibrationEvidence
  ) -> PVPlant {
    guard plant.inverters.count == 1, let limit = Self.plateau(history) else { return plant }
    guard limit < plant.ratedPower.rawValue * 0.98 else { return plant }
    evidence.inverterLimit = Watts(limit)
    var limited = plant
    limited.inverters[0].ratedPower = Watts(limit)
    return limited
  }

  /// A power that the plant reaches often and never passes while nobody holds it back, W.
  ///
  /// Of all steps above half the highest power at least 8 % lie within 1.5 % of the top; a plant
  /// without a limit spreads them over the whole range.
  static func plateau(_ history: PlantHistory) -> Double? {
    let free = history.grid.indices.filter { !history.excluded.contains($0) }
    let watts = free.compactMap { history.power[$0]?.rawValue }.filter { $0 > 0 }
    guard watts.count > 200, let top = quantile(watts, 0.999) else { return nil }
    let high = watts.filter { $0 > top / 2 }
    let near = high.filter { abs($0 - top) < 0.015 * top }
    guard Double(near.count) > 0.08 * Double(high.count), near.count >= 20 else { return nil }
    return median(near)
  }
}
