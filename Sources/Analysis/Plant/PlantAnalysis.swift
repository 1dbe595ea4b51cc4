// SPDX-License-Identifier: MIT
public import Physics
import TimeSeries

/// What the history of a PV plant says: how it really lies, when it was held back and by which rules,
/// and what is wrong with it.
///
/// The parts need each other: curtailed hours must not teach the calibration, and curtailment shows
/// only beside what the calibrated plant would have given. So rules and curtailment are looked for
/// twice, beside the owner's metadata first and beside the calibrated plant in the end.
public struct PlantAnalysis: Sendable {
  /// The plant as its history shows it.
  public let calibration: CalibratedPlant
  /// The rules by which the house lets power into the grid.
  public let policy: ExportPolicy
  /// The steps in which the plant was held back.
  public let curtailment: CurtailmentDetection.Finding
  /// Snow, outages, lost strings and dirt, in the order of their beginning.
  public let findings: [PlantFinding]
  /// Days bright enough to judge the plant by.
  public let brightDays: Int
  /// Whether there were enough of them: without, that nothing was found does not mean that nothing is
  /// wrong.
  public var canJudge: Bool { brightDays >= PlantInspection.neededDays }

  /// Analyses a record against the plant its owner describes.
  ///
  /// - Parameters:
  ///   - record: measurements of at least two weeks; with less only the metadata come back.
  ///   - plant: the plant by its metadata.
  ///   - calibration: how far the truth may lie from the metadata.
  public init(
    _ record: PlantRecord, of plant: PVPlant, calibration: PlantCalibration = PlantCalibration()
  ) {
    let history = record.history
    let asConfigured = record.observations(expected: plant, history: history)
    let first = Self.restraint(asConfigured, of: plant, on: history.grid)
    let learned = calibration.calibrated(
      plant,
      with: PlantHistory(
        weather: history.weather, power: history.power,
        excluded: history.excluded.union(first.curtailment.curtailedSteps)
          .union(Self.steps(asConfigured, atCap: first.policy.cap, of: plant))))
    let clocked = history.correctingClock(learned.evidence.clock)
    let steps = record.observations(expected: learned.plant, history: clocked)
    (policy, curtailment) = Self.restraint(steps, of: learned.plant, on: history.grid)
    self.calibration = learned
    let inspection = PlantInspection(
      capacity: learned.plant.ratedPower,
      curtailed: curtailment.curtailedSteps.union(history.excluded))
    findings = inspection.findings(steps, on: history.grid)
    brightDays = inspection.brightDays(steps, on: history.grid)
  }

  /// Steps that export at the cap. Whatever was expected, their power is a lower bound, and to the
  /// calibration they would look like the limit of the inverter.
  private static func steps(
    _ steps: [PVObservation], atCap cap: ExportPolicy.Cap?, of plant: PVPlant
  ) -> [Int] {
    guard let limit = cap?.limit else { return [] }
    return steps.indices.filter { index in
      steps[index].export.map { $0 > limit - plant.ratedPower * 0.02 } ?? false
    }
  }

  /// The cap shows in the export alone; the price rule needs the curtailed steps, and adds to them.
  private static func restraint(
    _ steps: [PVObservation], of plant: PVPlant, on grid: TimeGrid
  ) -> (policy: ExportPolicy, curtailment: CurtailmentDetection.Finding) {
    let cap = ExportPolicy(steps, capacity: plant.ratedPower, curtailed: []).cap
    func curtailment(below price: PricePerKilowattHour?) -> CurtailmentDetection.Finding {
      CurtailmentDetection(
        capacity: plant.ratedPower, exportLimit: cap?.limit, smallestExportPrice: price
      ).finding(steps, on: grid)
    }
    let policy = ExportPolicy(
      steps, capacity: plant.ratedPower, curtailed: curtailment(below: nil).curtailedSteps)
    return (policy, curtailment(below: policy.priceRule?.smallestPrice))
  }
}
