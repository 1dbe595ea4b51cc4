// SPDX-License-Identifier: MIT
public import TimeSeries

/// Learns from a plant's history what its owner's metadata say wrongly or not at all.
///
/// `calibrated(_:with:)` is the function to read first.
public struct PlantCalibration: Sendable, Hashable {
  /// How far the truth may lie from the owner's metadata.
  public struct Tolerance: Sendable, Hashable {
    /// Of the tilt, either way.
    public var tilt: Degrees
    /// Of the azimuth, either way.
    public var azimuth: Degrees
    /// The factor of the peak power.
    public var size: ClosedRange<Double>

    /// Limits around the metadata.
    public init(
      tilt: Degrees = Degrees(30), azimuth: Degrees = Degrees(40),
      size: ClosedRange<Double> = 0.3...1.6
    ) {
      self.tilt = tilt
      self.azimuth = azimuth
      self.size = size
    }

    /// Nothing is known of the orientation.
    public static let unknownOrientation = Tolerance(tilt: Degrees(90), azimuth: Degrees(180))
  }

  /// How far the truth may lie from the metadata.
  public var tolerance: Tolerance
  /// Whether stamps of the power may be off by a time zone or daylight saving time.
  public var checksClock: Bool
  /// Days with sun that are needed.
  public var smallestSunnyDays: Int

  /// A calibration; the defaults suit an owner who knows roughly how the roof lies.
  public init(
    tolerance: Tolerance = Tolerance(), checksClock: Bool = true, smallestSunnyDays: Int = 10
  ) {
    self.tolerance = tolerance
    self.checksClock = checksClock
    self.smallestSunnyDays = smallestSunnyDays
  }

  /// A lower sun says nothing for sure, degrees and W/m².
  static let smallestElevationDegrees = 8.0
  static let smallestGlobalHorizontal = 80.0
  /// The error has to fall by this share on days that the fit did not see.
  static let smallestGain = 0.03
  static let smallestShadingGain = 0.01
  static let largestRows = 6_000
  /// Below this the sun is more often hidden than not, and the shading table learns from it; the
  /// orientation does so only where there is too little above.
  static let orientationElevationDegrees = 20.0
  static let smallestOrientationRows = 200

  /// The plant as its history shows it, with the evidence; the metadata where the history is too short
  /// or does not speak against them.
  ///
  /// Steps of the check: the clock of the power; rows without curtailment and snow; limit of the
  /// inverter; orientation and size; shading; then both again on every other five days, and what they
  /// gain on the days between decides. To calibrate each array from its own meter, call it with a plant
  /// of that array alone. Cost about a second for a year of hours.
  public func calibrated(_ plant: PVPlant, with history: PlantHistory) -> CalibratedPlant {
    var evidence = CalibrationEvidence()
    let sun = SunTrack(grid: history.grid, location: plant.location)
    let capacity = max(plant.ratedPower.rawValue, 1)
    let fit = OrientationFit(tolerance: tolerance, capacityWatts: capacity)
    evidence.sunnyDays = Self.sunnyDays(plant, history, sun: sun)
    guard evidence.sunnyDays >= smallestSunnyDays else {
      evidence.notes.append(
        Diagnostic(
          .note, subject: "plant calibration",
          message: "\(evidence.sunnyDays) of \(smallestSunnyDays) days with sun so far; "
            + "the metadata are kept"))
      return CalibratedPlant(plant: plant, isAccepted: false, evidence: evidence)
    }
    let clocked = clockCorrected(plant, history, sun: sun, fit: fit, &evidence)
    let known = withInverterLimit(plant, clocked, &evidence)
    let rows = Self.dayRows(known, clocked, sun: sun, &evidence)
    let candidate = Self.learned(known, rows: rows, fit: fit, history: clocked)
    evidence.shadedCells = candidate.seenCells
    return judged(known, candidate.plant, rows: rows, fit: fit, history: clocked, evidence)
  }

  /// Orientation, then shading with the orientation once more behind it.
  private static func learned(
    _ plant: PVPlant, rows: CalibrationRows, fit: OrientationFit, history: PlantHistory
  ) -> (oriented: PVPlant, plant: PVPlant, seenCells: Int) {
    let some = rowsForOrientation(rows).thinned(to: largestRows)
    let oriented = fit.fit(plant, rows: some).plant
    let first = ShadingEstimate.table(oriented, rows: rows, stepHours: history.grid.stepHours)
    var shaded = plant
    for index in shaded.arrays.indices { shaded.arrays[index].shading = first.table }
    shaded = fit.fit(shaded, rows: some, isMultistart: false).plant
    let second = ShadingEstimate.table(shaded, rows: rows, stepHours: history.grid.stepHours)
    for index in shaded.arrays.indices { shaded.arrays[index].shading = second.table }
    return (oriented, shaded, second.seenCells)
  }

  /// The rows of a high sun, where there are enough.
  private static func rowsForOrientation(_ rows: CalibrationRows) -> CalibrationRows {
    let high = rows.filter { 90 - $0.sky.zenithDegrees > orientationElevationDegrees }
    return high.count >= smallestOrientationRows ? high : rows
  }

  /// Keeps what lowers the error on days that the fit did not see.
  private func judged(
    _ plant: PVPlant, _ candidate: PVPlant, rows: CalibrationRows, fit: OrientationFit,
    history: PlantHistory, _ gathered: CalibrationEvidence
  ) -> CalibratedPlant {
    var evidence = gathered
    let fiveDays = max(1, 5 * 86_400 / history.grid.stepSeconds)
    let seen = rows.filter { $0.index / fiveDays % 2 == 0 }
    let unseen = rows.filter { $0.index / fiveDays % 2 == 1 }
    let half = Self.learned(plant, rows: seen, fit: fit, history: history)
    func error(_ plant: PVPlant) -> Double {
      let residuals = unseen.residuals(of: plant, capacityWatts: fit.capacityWatts)
      let squares = residuals.reduce(0) { $0 + $1 * $1 }
      return (squares / Double(max(residuals.count, 1))).squareRoot()
    }
    let (metadata, oriented, shaded) = (error(plant), error(half.oriented), error(half.plant))
    evidence.errorOfMetadata = Fraction(metadata)
    evidence.errorOfOrientation = Fraction(oriented)
    evidence.errorWithShading = Fraction(shaded)
    let isShadingKept = shaded < (1 - Self.smallestShadingGain) * oriented
    let best = isShadingKept ? shaded : oriented
    guard best < (1 - Self.smallestGain) * metadata else {
      evidence.notes.append(
        Diagnostic(
          .note, subject: "plant calibration",
          message: "the history does not speak against the metadata; they are kept"))
      return CalibratedPlant(plant: plant, isAccepted: false, evidence: evidence)
    }
    if isShadingKept {
      return CalibratedPlant(plant: candidate, isAccepted: true, evidence: evidence)
    }
    let oriented2 = fit.fit(
      plant, rows: Self.rowsForOrientation(rows).thinned(to: Self.largestRows)
    ).plant
    return CalibratedPlant(plant: oriented2, isAccepted: true, evidence: evidence)
  }

  private func clockCorrected(
    _ plant: PVPlant, _ history: PlantHistory, sun: SunTrack, fit: OrientationFit,
    _ evidence: inout CalibrationEvidence
  ) -> PlantHistory {
    guard checksClock else { return history }
    let check = ClockCheck(fit: fit)
    let late = check.lateMinutes(plant, history, sun: sun)
    guard late.contains(where: { $0 != 0 }) else { return history }
    evidence.clock = check.findings(late, history, plant: plant, sun: sun)
    for finding in evidence.clock {
      evidence.notes.append(
        Diagnostic(
          .warning, subject: "clock of the PV power",
          message: "stamps are \(finding.lateMinutes) min late from \(finding.range.lowerBound) "
            + "to \(finding.range.upperBound); check the time zone of the source"))
    }
    return history.correctingClock(lateMinutes: late)
  }
}
