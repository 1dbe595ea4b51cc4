// SPDX-License-Identifier: MIT
import Analysis
import Foundation
import Household
import Physics
import TimeSeries

/// The analysis of a plant as people and programs read it.
struct PlantAccount: Encodable {
  struct Array: Encodable {
    let name: String
    let tilt, azimuth, peakPowerW: Double
    let metadataTilt, metadataAzimuth, metadataPeakPowerW: Double
    let isShaded: Bool
  }

  struct Calibration: Encodable {
    let isAccepted: Bool
    let sunnyDays, usedHours: Int
    let errorOfMetadataPercent, errorOfOrientationPercent, errorWithShadingPercent: Double
    let inverterLimitW: Double?
    let clock: [String]
    let notes: [String]
    let arrays: [Array]
  }

  struct Curtailment: Encodable {
    let hours, lostKwh: Double
    let evidence: [String: Int]
    let exportCapW: Double?
    let smallestExportPrice: Double?
  }

  /// Whether there was enough sun to say that nothing is wrong.
  struct Judgement: Encodable {
    let isPossible: Bool
    let brightDays, neededDays: Int
  }

  let from, until: Date
  let calibration: Calibration
  let curtailment: Curtailment
  let findings: [String]
  let judgement: Judgement
  private let calendar: SiteCalendar
  private let currency: String

  private enum CodingKeys: CodingKey {
    case from, until, calibration, curtailment, findings, judgement
  }

  init(_ analysis: PlantAnalysis, metadata: PVPlant, grid: TimeGrid, home: Home) {
    from = grid.start
    until = grid.end
    calendar = home.site.calendar
    currency = home.site.currency
    calibration = Calibration(
      analysis.calibration, metadata: metadata, grid: grid, calendar: calendar)
    let curtailed = analysis.curtailment
    curtailment = Curtailment(
      hours: Double(curtailed.curtailedSteps.count) * grid.stepHours,
      lostKwh: curtailed.lostEnergy.rawValue, evidence: curtailed.evidence,
      exportCapW: analysis.policy.cap?.limit.rawValue,
      smallestExportPrice: analysis.policy.priceRule?.smallestPrice.rawValue)
    findings = analysis.findings.map { [calendar] in $0.sentence(calendar) }
    judgement = Judgement(
      isPossible: analysis.canJudge, brightDays: analysis.brightDays,
      neededDays: PlantInspection.neededDays)
  }

  /// One JSON object with sorted keys.
  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      encoder.dateEncodingStrategy = .iso8601
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }

  /// Sentences and one line an array.
  var text: String {
    let period = "\(from.day(calendar)) to \((until - 1).day(calendar))"
    var lines = ["PV plant, \(period), \(calibration.sunnyDays) days with sun", ""]
    lines += calibration.lines + [""]
    lines += curtailment.lines(currency: currency, judgement: judgement) + [""]
    lines += findings
    if !judgement.isPossible {
      lines.append(judgement.sentence(isAlone: findings.isEmpty))
    } else if findings.isEmpty {
      lines.append("Nothing is wrong with the plant.")
    }
    return lines.joined(separator: "\n")
  }
}

extension PlantAccount.Calibration {
  init(_ calibrated: CalibratedPlant, metadata: PVPlant, grid: TimeGrid, calendar: SiteCalendar) {
    let evidence = calibrated.evidence
    self.init(
      isAccepted: calibrated.isAccepted, sunnyDays: evidence.sunnyDays,
      usedHours: Int((Double(evidence.usedSteps) * grid.stepHours).rounded()),
      errorOfMetadataPercent: evidence.errorOfMetadata.percent,
      errorOfOrientationPercent: evidence.errorOfOrientation.percent,
      errorWithShadingPercent: evidence.errorWithShading.percent,
      inverterLimitW: evidence.inverterLimit?.rawValue,
      clock: evidence.clock.map {
        "stamps \(abs($0.lateMinutes)) min \($0.lateMinutes > 0 ? "late" : "early") from "
          + "\($0.range.lowerBound.day(calendar)) to \($0.range.upperBound.day(calendar))"
      },
      notes: evidence.notes.map(\.message),
      arrays: zip(metadata.arrays, calibrated.plant.arrays).map { before, after in
        PlantAccount.Array(
          name: after.name, tilt: after.tilt.rawValue, azimuth: after.azimuth.rawValue,
          peakPowerW: after.peakPower.rawValue, metadataTilt: before.tilt.rawValue,
          metadataAzimuth: before.azimuth.rawValue,
          metadataPeakPowerW: before.peakPower.rawValue, isShaded: after.shading != nil)
      })
  }

  fileprivate var lines: [String] {
    var lines = arrays.map { array in
      let now = String(
        format: "tilt %.0f°, azimuth %.0f°, %.2f kWp", array.tilt, array.azimuth,
        array.peakPowerW / 1_000)
      let before = String(
        format: "configured: %.0f°, %.0f°, %.2f kWp", array.metadataTilt, array.metadataAzimuth,
        array.metadataPeakPowerW / 1_000)
      return "\(array.name): \(now)\(array.isShaded ? ", shaded" : "") (\(before))"
    }
    if usedHours > 0 {
      lines.append(
        String(
          format: "error on days that were not fitted: %.1f %% as configured, %.1f %% with the "
            + "orientation found, %.1f %% with shading", errorOfMetadataPercent,
          errorOfOrientationPercent, errorWithShadingPercent))
    }
    if isAccepted { lines.append("Put these angles and sizes into the configuration.") }
    if let inverterLimitW {
      lines.append(String(format: "the inverter never gives more than %.0f W", inverterLimitW))
    }
    return lines + clock + notes
  }
}

extension PlantAccount.Judgement {
  /// What cannot be said, and what it would take.
  fileprivate func sentence(isAlone: Bool) -> String {
    "Whether anything \(isAlone ? "" : "else ")is wrong with the plant cannot be said: that takes "
      + "\(neededDays) bright days, which should give two hours of full power each, and the period "
      + "has \(brightDays)."
  }
}

extension PlantAccount.Curtailment {
  fileprivate func lines(currency: String, judgement: PlantAccount.Judgement) -> [String] {
    guard hours > 0 || exportCapW != nil else {
      return [
        judgement.isPossible
          ? "The plant was never held back."
          : "Nothing shows that the plant was held back, in \(judgement.brightDays) bright days."
      ]
    }
    var lines = [String(format: "held back in %.1f h, which lost %.1f kWh", hours, lostKwh)]
    lines += evidence.sorted { $0.key < $1.key }.map { "  \($0.key): in \($0.value) steps" }
    if let exportCapW {
      lines.append(
        String(format: "export seems capped at %.0f W; is that so? (grid.export_limit)", exportCapW)
      )
    }
    if let smallestExportPrice {
      lines.append(
        "it seems not to export below "
          + PricePerKilowattHour(smallestExportPrice).text(in: currency) + "; is that a rule?")
    }
    return lines
  }
}

extension PlantFinding {
  fileprivate func sentence(_ calendar: SiteCalendar) -> String {
    switch self {
    case .snow(let range, let lost):
      "snow on the modules, \(range.text(calendar)): lost \(String(format: "%.1f", lost.rawValue)) kWh"
    case .soiling(let range, let loss, let recovered):
      String(
        format:
          "dirt, \(range.text(calendar)): %.2f %% a day lost, %.1f %% came back with the rain",
        loss.percent, recovered.percent)
    case .stepLoss(let since, let share, _, let after):
      String(
        format: "%.0f %% of the power is missing since \(since.day(calendar)) (seen on %d days): "
          + "look at strings, fuses, optimisers, new shade", share.percent, after)
    case .outage(let range, let steps):
      "no power in the sun, \(range.text(calendar)) (\(steps) steps): inverter or meter"
    }
  }
}

extension Date {
  fileprivate func day(_ calendar: SiteCalendar) -> String {
    calendar.wallTime(at: self).date.description
  }
}

extension Range<Date> {
  fileprivate func text(_ calendar: SiteCalendar) -> String {
    "\(lowerBound.day(calendar)) to \(upperBound.day(calendar))"
  }
}
