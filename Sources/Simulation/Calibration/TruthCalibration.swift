// SPDX-License-Identifier: MIT
import Foundation
public import Household
public import TimeSeries

/// Finds the truth of each room that makes a thermostat trial show what was observed of a real one.
///
/// One step simulates the whole home, then moves each room's numbers towards its figures. Rooms act
/// on each other only through their means, which thermostats hold, so a few dozen steps converge.
/// `docs/models/simulation.md` says which number answers for which figure, and why.
public struct TruthCalibration: Sendable {
  /// What is looked for: the rooms' truth, and what their thermostats were set to.
  public struct Estimate: Sendable, Hashable {
    /// The truth.
    public var truth: TruthParameters
    /// What each heated room's thermostat aims at.
    public var setpoints: [String: Celsius]

    /// Something to start from.
    public init(truth: TruthParameters, setpoints: [String: Celsius]) {
      self.truth = truth
      self.setpoints = setpoints
    }
  }

  /// The home whose rooms are looked for.
  public let home: Home
  /// What was observed.
  public let targets: [RoomObservation]
  /// How far one step goes of what it finds missing, 0…1.
  public let stride: Double

  /// A calibration towards observations.
  public init(home: Home, targets: [RoomObservation], stride: Double = 0.6) {
    self.home = home
    self.targets = targets
    self.stride = stride
  }

  /// Where to start: the home as configured, thermostats at the observed means.
  public var start: Estimate {
    let heated = targets.filter { $0.duty > .zero }
    return Estimate(
      truth: TruthParameters(),
      setpoints: Dictionary(
        heated.map { ($0.room, $0.mean) }, uniquingKeysWith: { first, _ in first }))
  }

  /// The estimate after a number of steps from the start.
  ///
  /// - Parameter trial: simulates an estimate; gives what it shows and how cold it was outdoors.
  public func fitted(
    steps: Int, trial: (Estimate) throws -> (rooms: [RoomObservation], outdoor: Celsius)
  ) rethrows -> Estimate {
    var estimate = start
    for _ in 0..<steps {
      let (shown, outdoor) = try trial(estimate)
      estimate = improved(estimate, shown: shown, outdoor: outdoor)
    }
    return estimate
  }

  /// An estimate one step nearer to the targets.
  ///
  /// - Parameters:
  ///   - estimate: what was simulated.
  ///   - shown: what it showed.
  ///   - outdoor: the mean outdoor temperature of the trial.
  public func improved(
    _ estimate: Estimate, shown: [RoomObservation], outdoor: Celsius
  ) -> Estimate {
    var result = estimate
    for target in targets {
      guard let room = home.rooms.first(where: { $0.name == target.room }),
        let seen = shown.first(where: { $0.room == target.room })
      else { continue }
      var own = estimate.truth[room.name]
      let change = lossChange(room, own: own, target: target, seen: seen, outdoor: outdoor)
      let factor = own.heatLossFactor + stride * change / room.thermal.heatLoss.rawValue
      own.heatLossFactor = min(2.5, max(0.3, factor))
      setRates(of: &own, target: target, seen: seen)
      result.truth.rooms[room.name] = own
      if let setpoint = estimate.setpoints[room.name] {
        result.setpoints[room.name] = setpoint + (target.mean - seen.mean) * stride
      }
    }
    return result
  }

  /// How much more heat loss a room needs, W/K: a heated one by the heat its duty lacks, one that
  /// is not heated by the kelvins it is too warm.
  private func lossChange(
    _ room: Room, own: TruthParameters.RoomTruth, target: RoomObservation, seen: RoomObservation,
    outdoor: Celsius
  ) -> Double {
    let difference = (target.mean - outdoor).rawValue
    if let heater = room.heater, target.duty > .zero {
      return heater.power.rawValue * (target.duty - seen.duty).rawValue / difference
    }
    let walls = home.rooms.reduce(room.thermal.heatLoss.rawValue * own.heatLossFactor) {
      $0
        + $1.thermal.adjacencies.reduce(0) { sum, wall in
          let isBetween =
            wall.room == room.name || (room.thermal.adjacencies.contains { $0.room == wall.room })
          return isBetween ? sum + wall.conductance.rawValue : sum
        }
    }
    return 0.3 * walls * (seen.mean - target.mean).rawValue / difference
  }

  /// Heat-up and cool-down.
  ///
  /// In a room that is hardly heated it is what comes and goes that moves the temperature. Of a room
  /// that cools faster than its duty tells, the air about the sensor wanders; of one that warms
  /// faster it does while the floor is warm. All numbers are drawn a little towards the usual ones,
  /// so that what the figures do not tell stays usual.
  private func setRates(
    of own: inout TruthParameters.RoomTruth, target: RoomObservation, seen: RoomObservation
  ) {
    let warming = ratio(target.heatUpKelvinsPerHour, seen.heatUpKelvinsPerHour)
    let cooling = ratio(target.coolDownKelvinsPerHour, seen.coolDownKelvinsPerHour)
    let duty = target.duty.rawValue
    let up = target.heatUpKelvinsPerHour ?? 0
    let down = target.coolDownKelvinsPerHour ?? 0
    if duty < Self.hardlyHeated {
      own.heatCapacityFactor /= warming
      own.sensorWander = Self.smallestWander
      own.disturbanceKelvinsPerHour = min(0.5, max(0.01, own.disturbanceKelvinsPerHour * cooling))
    } else if up * duty > down * (1 - duty) {
      own.heatCapacityFactor /= cooling
      own.heatedSensorWander = limited(max(Kelvins(0.02), own.heatedSensorWander) * 0.94 * warming)
      own.sensorWander = Self.smallestWander
    } else {
      own.heatCapacityFactor /= warming
      own.sensorWander = limited(own.sensorWander * cooling)
    }
    own.heatCapacityFactor = min(2, max(0.5, pow(own.heatCapacityFactor, 0.95)))
  }

  /// Below this duty, neighbours and people decide how warm a room is.
  private static let hardlyHeated = 0.12
  private static let smallestWander = Kelvins(0.02)

  private func limited(_ wander: Kelvins) -> Kelvins {
    min(Kelvins(0.8), max(Self.smallestWander, wander))
  }

  /// `wanted / seen` raised to the stride; 1 where one of them is unknown.
  private func ratio(_ wanted: Double?, _ seen: Double?) -> Double {
    guard let wanted, let seen, wanted > 0, seen > 0 else { return 1 }
    return min(1.6, max(0.6, pow(wanted / seen, stride)))
  }
}
