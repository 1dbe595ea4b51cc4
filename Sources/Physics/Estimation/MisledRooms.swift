// SPDX-License-Identifier: MIT

extension HouseIdentification {
  /// A room is suspected when it forecasts this much worse in the house than with its own fit and
  /// measured neighbours.
  private static let suspicious = 1.5
  /// Going without neighbours must improve the whole house by this factor.
  private static let worthwhile = 0.9

  /// Takes rooms out of the network that forecast badly because of their neighbours.
  ///
  /// Where thermostats hold all rooms still, a neighbour's reading is as good an anchor as the room's
  /// own: a fit may tie a room to it by a wall of any conductance, its mean gain in return. Alone
  /// that forecasts well. In the network a wall has one conductance from both sides, and two rooms
  /// whose fits disagree drift away. Rooms that moved keep their walls: theirs can be told.
  func separateMisled(_ rooms: inout [RoomIdentification]) {
    guard var reached = networkErrors(rooms) else { return }
    let alone = rooms.map { $0.fit.heldBackError ?? .infinity }
    let suspects = rooms.indices
      .filter {
        rooms[$0].doubt == nil && reached.rooms[$0] > alone[$0] * Self.suspicious && isHeldStill($0)
      }
      .sorted { reached.rooms[$0] / alone[$0] > reached.rooms[$1] / alone[$1] }
    for index in suspects {
      guard let candidate = separating(index, rooms), let errors = networkErrors(candidate),
        errors.house < reached.house * Self.worthwhile
      else { continue }
      (rooms, reached) = (candidate, errors)
    }
  }

  /// The errors with walls that are the same from both sides.
  private func networkErrors(_ rooms: [RoomIdentification]) -> JointRefinement.Errors? {
    JointRefinement.errors(rooms.withCommonWalls(), record: record, range: range)
  }

  /// All rooms without walls to one of them; those that had one are fitted anew.
  private func separating(
    _ index: Int, _ rooms: [RoomIdentification]
  ) -> [RoomIdentification]? {
    var result = rooms
    for position in rooms.indices {
      var structure = rooms[position].fit.structure
      structure.neighbours.removeAll { position == index || $0 == index }
      structure.rest.removeAll { position == index || $0 == index }
      guard structure != rooms[position].fit.structure else { continue }
      guard rooms[position].doubt == nil else {
        let fit = rooms[position].fit
        result[position].fit.vector = structure.vector(from: fit.vector, of: fit.structure)
        result[position].fit.structure = structure
        continue
      }
      guard let fitted = refitted(rooms[position], position, structure) else { return nil }
      result[position] = fitted
    }
    return result
  }

  /// A room fitted with another structure.
  private func refitted(
    _ room: RoomIdentification, _ index: Int, _ structure: RoomStructure
  ) -> RoomIdentification? {
    var options = RoomFit.Options()
    options.priorWeight = room.fit.priorWeight
    let problem = RoomProblem(
      record, room: index, structure: structure, rhythm: room.fit.rhythm)
    guard var fit = RoomFit.fit(problem, range: range, options: options) else { return nil }
    fit.heldBackError = room.fit.heldBackError
    var result = room
    result.fit = fit
    result.findings = findings(result, index, rivals: [])
    return result
  }
}

extension [RoomIdentification] {
  /// The capacity of each room's air (kWh/K): from the heater's power, or that of the median room, or
  /// 0.3 kWh/K, where the heat is not known in watts.
  var airCapacities: [Double] {
    let known = filter { $0.heatIsPower && $0.fullHeat > 0 }.map { $0.fullHeat / $0.fit.rates.heat }
    let typical = median(known) ?? 0.3
    return map { $0.heatIsPower && $0.fullHeat > 0 ? $0.fullHeat / $0.fit.rates.heat : typical }
  }

  /// Conductance between each two rooms (kW/K): the mean of what both fits say.
  var walls: [[Int]: Double] {
    let capacities = airCapacities
    var walls: [[Int]: Double] = [:]
    for (index, room) in enumerated() {
      for (other, rate) in CoupledRooms.couplings(room.fit.structure, room.fit.rates) {
        walls[[Swift.min(index, other), Swift.max(index, other)], default: 0] +=
          0.5 * rate * capacities[index]
      }
    }
    return walls
  }

  /// The rooms as the network has them: every wall the same from both sides.
  func withCommonWalls() -> [RoomIdentification] {
    let (capacities, walls) = (airCapacities, walls)
    var result = self
    for index in indices {
      let fit = self[index].fit
      let linked = walls.filter { $0.key.contains(index) }
        .map { (other: $0.key[0] == index ? $0.key[1] : $0.key[0], conductance: $0.value) }
        .sorted { $0.other < $1.other }
      var structure = fit.structure
      (structure.neighbours, structure.rest) = (linked.map(\.other), [])
      var vector = structure.vector(from: fit.vector, of: fit.structure)
      for (position, parameter) in structure.parameters.enumerated() {
        guard case .coupling(let wall) = parameter.role else { continue }
        vector[position] = linked[wall].conductance / capacities[index]
      }
      (result[index].fit.structure, result[index].fit.vector) = (structure, vector)
    }
    return result
  }
}
