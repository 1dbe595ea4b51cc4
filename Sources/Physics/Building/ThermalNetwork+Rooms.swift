// SPDX-License-Identifier: MIT
public import Household
public import TimeSeries

extension ThermalNetwork {
  /// The share of a room's heat capacity that lies in a heated floor.
  ///
  /// A screed of 6 cm holds about 0.04 kWh/(K·m²); rooms of ordinary houses hold 0.08…0.15
  /// kWh/(K·m²) in all (EN ISO 52016-1, table B.14, light to medium construction).
  static let slabShare = 0.35

  /// The network of a home's rooms, in their order, driven by the irradiance on the level and on
  /// some planes after it.
  ///
  /// A heater with a time constant becomes a slab of its own, whose lag is that constant.
  ///
  /// - Parameters:
  ///   - rooms: the rooms.
  ///   - facades: the planes; those of the rooms' windows unless there are more.
  /// - Throws: ``ThermalNetworkError`` for properties no room can have, or an adjacent room that is
  ///   not there.
  public init(rooms: [Room], facades: [Facade]? = nil) throws(ThermalNetworkError) {
    let facades = facades ?? rooms.facades
    var links: [Link] = []
    for (index, room) in rooms.enumerated() {
      for adjacency in room.thermal.adjacencies {
        guard let other = rooms.firstIndex(where: { $0.name == adjacency.room }) else {
          throw .linkWithoutRoom(first: index, second: -1)
        }
        // A wall that both rooms name is one wall.
        let isNamedBefore =
          other < index && rooms[other].thermal.adjacencies.contains { $0.room == room.name }
        if !isNamedBefore {
          links.append(Link(index, other, conductance: adjacency.conductance))
        }
      }
    }
    try self.init(
      rooms: rooms.map { Self.thermalRoom($0, facades) }, links: links,
      facadeCount: 1 + facades.count)
  }

  private static func thermalRoom(_ room: Room, _ facades: [Facade]) -> ThermalRoom {
    let thermal = room.thermal
    let lagHours = thermal.heaterTimeConstant.hours
    let hasSlab = room.heater != nil && lagHours > 0
    let slab = thermal.heatCapacity * slabShare
    return ThermalRoom(
      name: room.name,
      airCapacity: hasSlab ? thermal.heatCapacity - slab : thermal.heatCapacity,
      conductanceToOutdoors: thermal.heatLoss, solarApertures: thermal.apertures(on: facades),
      heater: hasSlab
        ? ThermalRoom.HeaterSlab(
          capacity: slab, conductanceToAir: WattsPerKelvin(1_000 * slab.rawValue / lagHours))
        : nil,
      gains: DailyGainProfile(mean: thermal.internalGain))
  }
}

extension RoomThermalProperties {
  /// The aperture on the level and on each of some planes; windows in other planes are left out.
  public func apertures(on facades: [Facade]) -> [SquareMetres] {
    [solarAperture]
      + facades.map { facade in
        windows.filter { $0.facade == facade }.reduce(.zero) { $0 + $1.aperture }
      }
  }
}
