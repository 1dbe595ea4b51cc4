// SPDX-License-Identifier: MIT

/// What a plan costs, in its parts; currency over the whole horizon.
public struct PlanObjective: Sendable, Equatable {
  /// Import paid minus export earned.
  public var energy = 0.0
  /// Price wedge against export.
  public var exportPenalty = 0.0
  /// Cost of curtailed PV energy.
  public var curtailment = 0.0
  /// Wear of batteries and vehicles.
  public var wear = 0.0
  /// Cost of the import peak.
  public var peak = 0.0
  /// Minus the value of energy stored at the end.
  public var terminalStorage = 0.0
  /// Energy missing in vehicles at departure.
  public var vehicleShortfall = 0.0
  /// Starts of charging.
  public var vehicleStarts = 0.0
  /// Emissions of import.
  public var emissions = 0.0
  /// Discomfort.
  public var comfort = 0.0
  /// Switching of relays.
  public var switching = 0.0
  /// Heat missing at the end.
  public var terminalHeat = 0.0
  /// Steps that deferrable loads did not get.
  public var missedSteps = 0.0
  /// Conditional value at risk, weighed; only with scenarios, where the second-stage parts are expected values weighed by the rest.
  public var risk = 0.0

  /// An objective of zero.
  public init() {}

  /// The sum of what depends on relays and runs alone.
  public var firstStage: Double { comfort + switching + terminalHeat + missedSteps }

  /// The sum of what depends on batteries, chargers, PV and grid.
  public var secondStage: Double {
    energy + exportPenalty + curtailment + wear + peak + terminalStorage + vehicleShortfall
      + vehicleStarts + emissions
  }

  /// The sum of all parts.
  public var total: Double { firstStage + secondStage + risk }

  /// The parts by their names in the plan format.
  public var parts: [(name: String, value: Double)] {
    [
      ("energy", energy), ("export", exportPenalty), ("curtail", curtailment), ("wear", wear),
      ("peak", peak), ("term_batt", terminalStorage), ("ev_short", vehicleShortfall),
      ("ev_start", vehicleStarts), ("emissions", emissions), ("comfort", comfort),
      ("switch", switching), ("term_heat", terminalHeat), ("deferrable", missedSteps),
      ("cvar", risk),
    ]
  }

  /// Adds the second-stage parts of one scenario with a weight.
  mutating func addSecondStage(of other: PlanObjective, weight: Double) {
    energy += weight * other.energy
    exportPenalty += weight * other.exportPenalty
    curtailment += weight * other.curtailment
    wear += weight * other.wear
    peak += weight * other.peak
    terminalStorage += weight * other.terminalStorage
    vehicleShortfall += weight * other.vehicleShortfall
    vehicleStarts += weight * other.vehicleStarts
    emissions += weight * other.emissions
  }
}
