// SPDX-License-Identifier: MIT
public import Household
public import TimeSeries

/// All rooms of a home with their models, able to forecast together.
public struct IdentifiedHouse: Sendable {
  /// The rooms in the order of the record.
  public internal(set) var rooms: [RoomIdentification]
  /// Mean magnitude of the 24-h errors of all rooms simulated together on the learned steps.
  public internal(set) var fittedError: Kelvins
  let facadeCount: Int
  /// The planes of the irradiances after that on the level.
  public let facades: [Facade]
}

extension HouseIdentification {
  /// Puts rooms together: rooms without a model of their own get the others' median, then every
  /// room is refined while the others are simulated instead of measured. Rooms that their neighbours
  /// mislead go without them.
  ///
  /// - Parameter rooms: one for each room, from `room(_:)`.
  public func house(_ rooms: [RoomIdentification]) -> IdentifiedHouse {
    var rooms = rooms
    for index in rooms.indices where rooms[index].doubt != nil {
      let fallback = fallbackFit(index, rooms)
      // A model that beats no reference may still beat the pool: then it is the lesser evil.
      if rooms[index].doubt == .noBetterThanReference,
        fallback.fittedError >= rooms[index].fit.fittedError
      {
        continue
      }
      rooms[index].fit = fallback
      rooms[index].isPooled = true
    }
    if rooms.count > 1 {
      JointRefinement.refine(&rooms, record: record, range: range)
      separateMisled(&rooms)
    }
    var house = IdentifiedHouse(
      rooms: rooms, fittedError: .zero, facadeCount: record.irradiances.count,
      facades: facades)
    house.fittedError = Kelvins(JointRefinement.error(rooms, record: record, range: range))
    return house
  }

  /// Medians of the accepted rooms, or the shipped priors; loss and mean gain fitted where there
  /// are readings.
  private func fallbackFit(_ index: Int, _ rooms: [RoomIdentification]) -> RoomFit {
    let own = rooms[index].fit
    let accepted = rooms.filter { $0.doubt == nil && $0.fit.structure.hasEnvelope }
    var pooled = RoomIdentification.pooledStructure(own.structure)
    pooled.rest = record.rooms.indices.filter { $0 != index && sensorDoubt($0) == nil }
    let parameters = pooled.parameters
    let vector = parameters.map { parameter -> Double in
      if case .coupling = parameter.role { return 0.05 }
      let values = accepted.compactMap { room -> Double? in
        room.fit.structure.parameters.firstIndex { $0.role == parameter.role }
          .map { room.fit.vector[$0] }
      }
      return median(values) ?? parameter.mean
    }
    var fit = RoomFit(
      structure: pooled, vector: vector, fittedError: .infinity, heldBackError: nil,
      priorWeight: 0.05)
    guard sensorDoubt(index) == nil else { return fit }
    let problem = RoomProblem(record, room: index, structure: pooled)
    let windows = RoomWindows(
      believed: problem.believed, range: range, stepHours: problem.stepHours, strideHours: 4)
    var search = RoomFit.search(problem, weight: 0.05, iterations: 10)
    search.priorMean = vector
    // Everything but loss and mean gain stays close to the pool.
    search.priorWeight = parameters.map { $0.role == .outdoor || $0.role == .gain ? 0.02 : 0.4 }
    if let found = search.minimise(
      from: vector, residuals: { RoomFit.residuals(problem, windows, $0) })
    {
      fit.vector = found.parameters
      fit.fittedError = meanMagnitude(found.residuals)
    }
    return fit
  }
}

extension RoomIdentification {
  /// The structure a pooled room has: walls, no slab, all others by their mean.
  static func pooledStructure(_ structure: RoomStructure) -> RoomStructure {
    var pooled = structure
    pooled.hasEnvelope = true
    pooled.hasSlab = false
    pooled.rest = (structure.neighbours + structure.rest).sorted()
    pooled.neighbours = []
    return pooled
  }
}

extension IdentifiedHouse {
  /// The physical network: capacities in kWh/K, conductances in W/K, walls the same from both
  /// sides (the mean of what both rooms' fits say).
  ///
  /// Rooms whose heat is not known in watts get a capacity that makes them as heavy as the median
  /// of the others, or 0.3 kWh/K of air.
  /// - Throws: ``ThermalNetworkError``.
  public func network() throws(ThermalNetworkError) -> ThermalNetwork {
    let capacities = rooms.airCapacities
    let thermal = zip(rooms, capacities).map {
      $0.thermalRoom(airCapacity: $1, facadeCount: facadeCount)
    }
    let links = rooms.walls.filter { $0.value > 5e-5 }.sorted {
      $0.key.lexicographicallyPrecedes($1.key)
    }
    .map { ends, conductance in
      ThermalNetwork.Link(ends[0], ends[1], conductance: WattsPerKelvin(1_000 * conductance))
    }
    return try ThermalNetwork(rooms: thermal, links: links, facadeCount: facadeCount)
  }
}

extension RoomIdentification {
  fileprivate func thermalRoom(airCapacity: Double, facadeCount: Int) -> ThermalRoom {
    let (structure, rates) = (fit.structure, fit.rates)
    func apertures(_ factor: Double) -> [SquareMetres] {
      var list = [SquareMetres](repeating: .zero, count: facadeCount)
      for (facade, rate) in zip(structure.facades, rates.solar) {
        list[facade] = SquareMetres(rate * factor)
      }
      return list
    }
    func conductance(_ rate: Double) -> WattsPerKelvin {
      WattsPerKelvin(1_000 * rate * airCapacity)
    }
    var envelope: ThermalRoom.Envelope?
    if structure.hasEnvelope {
      let capacity = airCapacity * rates.envelope / rates.envelopeReturn
      envelope = ThermalRoom.Envelope(
        capacity: KilowattHoursPerKelvin(capacity), conductanceToAir: conductance(rates.envelope),
        conductanceToOutdoors: WattsPerKelvin(1_000 * rates.envelopeOutdoor * capacity),
        solarApertures: apertures(rates.envelopeSolar * capacity))
    }
    var heater: ThermalRoom.HeaterSlab?
    if structure.hasSlab {
      heater = ThermalRoom.HeaterSlab(
        capacity: KilowattHoursPerKelvin(airCapacity * rates.slab / rates.slabReturn),
        conductanceToAir: conductance(rates.slab))
    }
    return ThermalRoom(
      name: name, airCapacity: KilowattHoursPerKelvin(airCapacity),
      conductanceToOutdoors: conductance(rates.outdoor),
      solarApertures: apertures(airCapacity), envelope: envelope,
      heater: heater,
      gains: DailyGainProfile(
        mean: Watts(1_000 * rates.gain * airCapacity),
        harmonics: rates.waves.map { Watts(1_000 * $0 * airCapacity) }))
  }
}
