// SPDX-License-Identifier: MIT
import Foundation
public import TimeSeries

/// Loss coefficient and heat capacity of a room from its heating statistics alone.
///
/// Steady state: the heat that enters replaces what is lost, `UA ≈ P d / ΔT` (P heater power, d
/// duty, ΔT mean room minus outdoors). Relay slopes: at the same temperature the heater makes the
/// whole difference between warming (rate u) and cooling (rate v), `C (u + v) = P`, whatever is
/// lost or gained besides; so `C = P / (u + v)`. Between the two lies a check that needs neither
/// season nor duty: `UA' = P v / ((u + v) ΔT)`, what leaves while the heater is off. In a room
/// that only outdoors cools, UA' ≈ UA; where neighbours carry the heat, UA' is far larger.
/// Details and limits: docs/models/thermal.md.
public struct CycleEstimate: Sendable, Hashable, Codable {
  /// What the data can tell about a room.
  public enum Determination: String, Sendable, Hashable, Codable {
    /// Steady state and slopes agree; loss and capacity are usable.
    case determined
    /// Loss is determined, but fewer than five separate cycles show the capacity.
    case capacityUncertain
    /// The heater is on less than a tenth of the time: neighbours, people and appliances supply the
    /// room, so that the loss is a net figure and not a property of its walls.
    case hardlyHeated
    /// The room cools more than twice as fast as its heating replaces: neighbours carry most of
    /// what leaves it, and the loss is a net figure.
    case coolsFaster
    /// The heater was never on: both figures are those of the other rooms, by installed power.
    case neverHeated

    /// Whether the loss coefficient is a property of the room.
    public var knowsLoss: Bool { self == .determined || self == .capacityUncertain }
  }

  /// The room's name.
  public let room: String
  /// What the data can tell.
  public let determination: Determination
  /// Heat that the heater supplies for each kelvin to outdoors, others' heat taken as it is.
  public let heatLoss: Estimated<WattsPerKelvin>
  /// Heat that the room holds over the hours of a heating cycle.
  public let capacity: Estimated<KilowattHoursPerKelvin>
  /// Loss of a room of this installed power in the same home, with its own neighbours' heat apart.
  public let pooledHeatLoss: WattsPerKelvin
  /// Heat that reached the room from elsewhere if ``pooledHeatLoss`` is its loss.
  public let heatFromElsewhere: Watts
  /// How many cycles the capacity rests on.
  public let usedCycles: Int
  /// What leaves the room while the heater is off over what its heating replaces, UA' / UA; `nil`
  /// without rates or heating.
  public let slopeRatio: Double?

  /// Time constant of the two figures; for a net loss it says nothing about cooling.
  public var timeConstant: Hours {
    Hours(1_000 * capacity.value.rawValue / heatLoss.value.rawValue)
  }
}

extension CycleEstimate {
  /// A share of heating below which a room lives on others' heat.
  private static let smallestDuty = 0.10
  /// UA' over UA above which neighbours carry most of what leaves the room.
  private static let largestSlopeRatio = 2.0
  /// Cycles that make a capacity.
  private static let enoughCycles = 5
  /// Systematic deviation (of the logarithm) of the steady state: sun, people and neighbours count
  /// as heating; 15 % is their usual share in an occupied home in mid-winter.
  private static let steadyDeviation = 0.15
  /// Deviation of a capacity from typical rates, whose averaging nobody wrote down.
  private static let slopeDeviation = 0.30

  /// Estimates for all rooms of one home; those that cannot be determined lean on the others.
  ///
  /// - Parameter statistics: of the heating season, one for each room.
  /// - Returns: one for each room, in order. Rooms without power or temperature difference count
  ///   as never heated.
  public static func estimates(for statistics: [HeatingStatistics]) -> [CycleEstimate] {
    let evidence = statistics.map(Evidence.init)
    let known = evidence.filter { $0.determination.knowsLoss }
    let pool = Pool(known.isEmpty ? evidence.filter { $0.steadyLoss > 0 } : known)
    return evidence.map { $0.estimate(pool: pool) }
  }

  /// Loss and capacity for each installed kilowatt, medians over the determined rooms.
  private struct Pool {
    /// kW/K for each kW; without any room the value of a home heated 100 % of the time at 40 K.
    let loss: Double
    /// kWh/K for each kW.
    let capacity: Double
    /// Spread of the logarithms.
    let lossDeviation: Double
    let capacityDeviation: Double

    init(_ rooms: [Evidence]) {
      let losses = rooms.map { log($0.steadyLoss / $0.power) }
      let capacities = rooms.compactMap { room in
        room.capacity.map { log($0.value / room.power) }
      }
      loss = exp(median(losses) ?? log(0.025))
      capacity = exp(median(capacities) ?? log(3))
      lossDeviation = max(0.3, medianAbsoluteDeviation(losses) ?? 0.5)
      capacityDeviation = max(0.5, medianAbsoluteDeviation(capacities) ?? 0.7)
    }
  }

  /// What one room's statistics say before the others are asked.
  private struct Evidence {
    let statistics: HeatingStatistics
    let power: Double
    /// kW/K; 0 when the heater was never on.
    let steadyLoss: Double
    /// UA' over UA.
    let slopeRatio: Double?
    /// kWh/K, deviation of its logarithm, and the cycles it rests on.
    let capacity: (value: Double, deviation: Double, cycles: Int)?
    let determination: Determination

    init(_ statistics: HeatingStatistics) {
      self.statistics = statistics
      power = statistics.power.rawValue / 1_000
      let difference = statistics.meanDifference.rawValue
      steadyLoss = difference > 0 ? power * statistics.duty.rawValue / difference : 0
      let (up, down) = (statistics.heatUpRate?.rawValue, statistics.coolDownRate?.rawValue)
      if let up, let down, up > 0, down > 0, statistics.duty > .zero {
        slopeRatio = down / (up + down) / statistics.duty.rawValue
      } else {
        slopeRatio = nil
      }
      capacity = Self.capacity(power: power, up: up, down: down, cycles: statistics.cycles)
      if steadyLoss <= 0 {
        determination = .neverHeated
      } else if statistics.duty.rawValue < CycleEstimate.smallestDuty {
        determination = .hardlyHeated
      } else if (slopeRatio ?? 1) > CycleEstimate.largestSlopeRatio {
        determination = .coolsFaster
      } else {
        determination =
          (capacity?.cycles ?? 0) < CycleEstimate.enoughCycles
          ? .capacityUncertain : .determined
      }
    }

    /// The relay slopes of every cycle, and the typical rates as one more witness.
    static func capacity(
      power: Double, up: Double?, down: Double?, cycles: [HeatingCycle]
    ) -> (value: Double, deviation: Double, cycles: Int)? {
      let single = cycles.compactMap { cycle -> Double? in
        guard let cooling = cycle.coolDownRate?.rawValue else { return nil }
        // Shorter cycles show the floor, longer ones a balance; small steps are sensor noise.
        guard (1...8).contains(cycle.heatingHours.rawValue),
          (cycle.end - cycle.start).rawValue >= 0.2, cooling > 0
        else { return nil }
        return log(power / (cycle.heatUpRate.rawValue + cooling))
      }
      var (sum, weight) = (0.0, 0.0)
      if let middle = median(single) {
        let spread = max(0.2, medianAbsoluteDeviation(single) ?? 0.5)
        let precision = 1 / (0.1 * 0.1 + spread * spread / Double(single.count))
        (sum, weight) = (middle * precision, precision)
      }
      if let up, let down, up > 0, down > 0 {
        let precision = 1 / (CycleEstimate.slopeDeviation * CycleEstimate.slopeDeviation)
        sum += log(power / (up + down)) * precision
        weight += precision
      }
      guard weight > 0, power > 0 else { return nil }
      return (exp(sum / weight), (1 / weight).squareRoot(), single.count)
    }

    func estimate(pool: Pool) -> CycleEstimate {
      let pooledLoss = pool.loss * power
      let demand = power * statistics.duty.rawValue
      let difference = statistics.meanDifference.rawValue
      let (loss, lossDeviation) = lossAndDeviation(pool)
      let held = capacity ?? (pool.capacity * power, pool.capacityDeviation, 0)
      let ownLoss = determination.knowsLoss ? loss : pooledLoss
      return CycleEstimate(
        room: statistics.room, determination: determination,
        heatLoss: Estimated(value: 1_000 * loss, logDeviation: lossDeviation),
        capacity: Estimated(value: held.0, logDeviation: held.1),
        pooledHeatLoss: WattsPerKelvin(1_000 * ownLoss),
        heatFromElsewhere: Watts(1_000 * (ownLoss * difference - demand)), usedCycles: held.2,
        slopeRatio: slopeRatio)
    }

    /// The steady state, corrected by the slopes where both mean the same thing.
    private func lossAndDeviation(_ pool: Pool) -> (Double, Double) {
      guard steadyLoss > 0 else { return (pool.loss * power, pool.lossDeviation) }
      let duty = min(statistics.duty.rawValue, 1)
      // On and off times are about exponential: variance of the duty over n cycles.
      let counted = 2 * (1 - duty) / Double(max(2, statistics.cycles.count))
      let steady = CycleEstimate.steadyDeviation * CycleEstimate.steadyDeviation + counted
      guard determination.knowsLoss, let slopeRatio else {
        let gap = log(max(1, slopeRatio ?? 1))
        return (steadyLoss, (steady + gap * gap / 4).squareRoot())
      }
      let slopes = 2 * CycleEstimate.slopeDeviation * CycleEstimate.slopeDeviation
      let shift = log(slopeRatio) * steady / (steady + slopes)
      let gap = log(slopeRatio)
      return (steadyLoss * exp(shift), (steady + gap * gap / 4).squareRoot())
    }
  }
}
