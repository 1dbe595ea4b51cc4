// SPDX-License-Identifier: MIT
import Foundation
public import TimeSeries

/// One room as the planner sees it: one temperature, advanced by one step of fixed length.
///
/// `T' = a T + bPower P + bOutdoor Tout + Σ bSolar G + Σ c (Tn − T) + drift`, P in kW of heat, G in
/// kW/m². The form is exact for a room of one node; for two or three nodes it keeps the steady state
/// and the rise after `matchingHours` of constant heat, and ``drifts(along:from:forcing:)``
/// carries what the slower nodes do, so that the planner's free course is that of the network.
public struct RoomStepModel: Sendable, Hashable, Codable {
  /// A neighbour's share.
  public struct Neighbour: Sendable, Hashable, Codable {
    /// Position of the neighbour in the network.
    public let room: Int
    /// Warming in K in one step for each K the neighbour is warmer; `c` above.
    public let coefficient: Double
  }

  /// Position of the room in the network.
  public let room: Int
  /// What is left of a temperature after one step, without neighbours; `a`, 0 ..< 1.
  public let retention: Double
  /// Warming in K in one step of 1 kW heat; `bPower`.
  public let powerKelvinsPerKilowatt: Double
  /// Share of the outdoor temperature taken over in one step; `bOutdoor` = 1 − a.
  public let outdoorShare: Double
  /// Warming in K in one step of 1 kW/m² on each façade; `bSolar`.
  public let solarKelvinsPerKilowattPerSquareMetre: [Double]
  /// The rooms behind its walls.
  public let neighbours: [Neighbour]
  /// The capacity of the one node that answers heat like the room does over `matchingHours`.
  public let capacity: KilowattHoursPerKelvin
  /// Loss to outdoors in steady state.
  public let heatLossCoefficient: WattsPerKelvin

  /// The temperature at the end of a step.
  ///
  /// - Parameters:
  ///   - temperature: of the room at the start.
  ///   - heat: mean heat in the step.
  ///   - outdoor: mean outdoor temperature.
  ///   - irradiances: one for each façade.
  ///   - neighbourTemperatures: one for each of ``neighbours``, at the start.
  public func next(
    _ temperature: Celsius, heat: Watts, outdoor: Celsius,
    irradiances: [WattsPerSquareMetre] = [], neighbourTemperatures: [Celsius] = []
  ) -> Celsius {
    var result =
      retention * temperature.rawValue
      + powerKelvinsPerKilowatt * heat.rawValue / 1_000 + outdoorShare * outdoor.rawValue
    for (gain, irradiance) in zip(solarKelvinsPerKilowattPerSquareMetre, irradiances) {
      result += gain * irradiance.rawValue / 1_000
    }
    for (neighbour, other) in zip(neighbours, neighbourTemperatures) {
      result += neighbour.coefficient * (other.rawValue - temperature.rawValue)
    }
    return Celsius(result)
  }
}

extension DiscreteThermalNetwork {
  /// Each room in the planner's form, for this network's step.
  ///
  /// - Parameter matchingHours: after how many hours of constant heat the rise is that of the
  ///   network. Six hours is the length of a heating block that a tariff or a night asks for.
  /// - Throws: ``ThermalNetworkError``.
  public func roomStepModels(
    matchingHours: Double = 6
  ) throws(ThermalNetworkError) -> [RoomStepModel] {
    var models: [RoomStepModel] = []
    for room in network.rooms.indices {
      models.append(try roomStepModel(room, matchingHours: matchingHours))
    }
    return models
  }

  private func roomStepModel(
    _ index: Int, matchingHours: Double
  ) throws(ThermalNetworkError) -> RoomStepModel {
    let room = network.rooms[index]
    let loss = room.heatLossCoefficient.rawValue / 1_000
    let rise = try Self.rise(of: room, facadeCount: network.facadeCount, hours: matchingHours)
    let reached = loss * rise
    let capacity = reached > 1e-9 ? -matchingHours * loss / log1p(-reached) : matchingHours / rise
    let retention = exp(-loss * stepHours / capacity)
    let perKilowatt = loss > 0 ? -expm1(-loss * stepHours / capacity) / loss : stepHours / capacity
    let solar = (0..<network.facadeCount).map { facade in
      [room.solarApertures, room.envelope?.solarApertures ?? []].reduce(0) {
        $0 + (facade < $1.count ? $1[facade].rawValue : 0)
      } * perKilowatt
    }
    var coefficients: [Int: Double] = [:]
    for link in network.links where link.first == index || link.second == index {
      let other = link.first == index ? link.second : link.first
      coefficients[other, default: 0] += link.conductance.rawValue / 1_000 * perKilowatt
    }
    return RoomStepModel(
      room: index, retention: retention, powerKelvinsPerKilowatt: perKilowatt,
      outdoorShare: 1 - retention, solarKelvinsPerKilowattPerSquareMetre: solar,
      neighbours: coefficients.sorted { $0.key < $1.key }.map {
        RoomStepModel.Neighbour(room: $0.key, coefficient: $0.value)
      },
      capacity: KilowattHoursPerKelvin(capacity), heatLossCoefficient: room.heatLossCoefficient)
  }

  /// Warming of a room on its own after some hours of 1 kW.
  private static func rise(
    of room: ThermalRoom, facadeCount: Int, hours: Double
  ) throws(ThermalNetworkError) -> Double {
    let alone = try ThermalNetwork(rooms: [room], facadeCount: facadeCount)
    let once = try DiscreteThermalNetwork(alone, stepSeconds: hours * 3_600)
    return once.gain(to: 0, fromInput: 1 + facadeCount)
  }
}

extension RoomStepModel {
  /// What one step of the network does beyond this model, along a course that was simulated.
  ///
  /// Added to the model's steps, the drifts make it reproduce that course exactly; a change of heat
  /// is then answered by the model. They hold gains, slower nodes and the slab's stored heat.
  ///
  /// - Parameters:
  ///   - trajectory: of the network under `forcing`.
  ///   - start: the state that the trajectory began with.
  ///   - forcing: weather and heat of the trajectory.
  /// - Returns: one for each step.
  public func drifts(
    along trajectory: ThermalTrajectory, from start: ThermalState, forcing: ThermalForcing
  ) -> [Kelvins] {
    (0..<trajectory.stepCount).map { step in
      func before(_ room: Int) -> Celsius {
        step == 0
          ? start.temperature(ofRoom: room)
          : trajectory.temperature(ofRoom: room, atEndOf: step - 1)
      }
      let own = next(
        before(room), heat: forcing.heat(inRoom: room, at: step),
        outdoor: forcing.outdoor(at: step),
        irradiances: (0..<forcing.facadeCount).map { forcing.irradiance(onFacade: $0, at: step) },
        neighbourTemperatures: neighbours.map { before($0.room) })
      return Kelvins((trajectory.temperature(ofRoom: room, atEndOf: step) - own).rawValue)
    }
  }
}
