// SPDX-License-Identifier: MIT
public import TimeSeries

/// All rooms of a home and the walls between them: linear, continuous in time.
///
/// Heat balance of a node: capacity × rate of temperature = conductances × differences + heat.
/// The nodes are the air of every room in order, then the envelopes, then the heater slabs.
public struct ThermalNetwork: Sendable, Hashable, Codable {
  /// Heat flow between the air of two rooms, through a wall or an open door.
  public struct Link: Sendable, Hashable, Codable {
    /// Position of one room.
    public var first: Int
    /// Position of the other room.
    public var second: Int
    /// Conductance between them; at least 0.
    public var conductance: WattsPerKelvin

    /// A link of two different rooms.
    public init(_ first: Int, _ second: Int, conductance: WattsPerKelvin) {
      self.first = first
      self.second = second
      self.conductance = conductance
    }
  }

  /// The rooms; their order is that of every array about rooms.
  public let rooms: [ThermalRoom]
  /// The walls between rooms; a pair that occurs twice adds up.
  public let links: [Link]
  /// How many irradiances drive the rooms: one for each façade, or one horizontal.
  public let facadeCount: Int

  /// A network of rooms.
  ///
  /// - Throws: ``ThermalNetworkError`` for a capacity that is not above 0, a negative or infinite
  ///   conductance, a link to a missing room, or more apertures than façades.
  public init(
    rooms: [ThermalRoom], links: [Link] = [], facadeCount: Int = 1
  ) throws(ThermalNetworkError) {
    for room in rooms { try Self.check(room, facadeCount: facadeCount) }
    for link in links {
      guard rooms.indices.contains(link.first), rooms.indices.contains(link.second),
        link.first != link.second
      else { throw .linkWithoutRoom(first: link.first, second: link.second) }
      guard link.conductance.isFinite, link.conductance >= .zero else {
        throw .implausible(
          room: rooms[link.first].name, quantity: "conductance to \(rooms[link.second].name)",
          value: link.conductance.rawValue)
      }
    }
    self.rooms = rooms
    self.links = links
    self.facadeCount = facadeCount
  }

  /// How many temperatures describe the home.
  public var nodeCount: Int { rooms.reduce(0) { $0 + $1.nodeCount } }

  /// The conductance to all other rooms together.
  public func couplingConductance(ofRoom room: Int) -> WattsPerKelvin {
    links.reduce(.zero) { $1.first == room || $1.second == room ? $0 + $1.conductance : $0 }
  }

  /// Where each room's nodes are among all nodes.
  struct NodeLayout {
    /// Node of the envelope of each room, or `nil`.
    let envelopes: [Int?]
    /// Node of the heater slab of each room, or `nil`.
    let heaters: [Int?]

    init(_ rooms: [ThermalRoom]) {
      var next = rooms.count
      var (envelopes, heaters): ([Int?], [Int?]) = ([], [])
      for room in rooms {
        envelopes.append(room.envelope == nil ? nil : next)
        next += room.envelope == nil ? 0 : 1
      }
      for room in rooms {
        heaters.append(room.heater == nil ? nil : next)
        next += room.heater == nil ? 0 : 1
      }
      (self.envelopes, self.heaters) = (envelopes, heaters)
    }
  }

  private static func check(
    _ room: ThermalRoom, facadeCount: Int
  ) throws(ThermalNetworkError) {
    func refuse(_ quantity: String, _ value: Double) throws(ThermalNetworkError) {
      throw .implausible(room: room.name, quantity: quantity, value: value)
    }
    func positive(_ value: Double, _ quantity: String) throws(ThermalNetworkError) {
      if !(value > 0 && value.isFinite) { try refuse(quantity, value) }
    }
    func notNegative(_ value: Double, _ quantity: String) throws(ThermalNetworkError) {
      if !(value >= 0 && value.isFinite) { try refuse(quantity, value) }
    }
    try positive(room.airCapacity.rawValue, "capacity of the air")
    try notNegative(room.conductanceToOutdoors.rawValue, "conductance to outdoors")
    if let envelope = room.envelope {
      try positive(envelope.capacity.rawValue, "capacity of the envelope")
      try positive(envelope.conductanceToAir.rawValue, "conductance of the envelope")
      try notNegative(envelope.conductanceToOutdoors.rawValue, "outer conductance")
    }
    if let heater = room.heater {
      try positive(heater.capacity.rawValue, "capacity of the heater")
      try positive(heater.conductanceToAir.rawValue, "conductance of the heater")
    }
    for apertures in [room.solarApertures, room.envelope?.solarApertures ?? []] {
      guard apertures.count <= facadeCount else {
        throw .tooManyApertures(room: room.name, count: apertures.count, facades: facadeCount)
      }
      for aperture in apertures { try notNegative(aperture.rawValue, "solar aperture") }
    }
  }
}

/// Why a network or its discretisation is refused.
public enum ThermalNetworkError: Error, Hashable, CustomStringConvertible {
  /// A capacity, conductance or aperture that no room can have.
  case implausible(room: String, quantity: String, value: Double)
  /// A link names a room that is not there, or links a room to itself.
  case linkWithoutRoom(first: Int, second: Int)
  /// A room has more apertures than the network has façades.
  case tooManyApertures(room: String, count: Int, facades: Int)
  /// The step is not a positive number of seconds.
  case badStep(seconds: Double)
  /// The matrices overflow or are singular: rates differ by more than the numbers can hold.
  case numericallySingular

  /// What happened, with values.
  public var description: String {
    switch self {
    case .implausible(let room, let quantity, let value):
      "room '\(room)': \(quantity) of \(value) is not possible; give a positive number"
    case .linkWithoutRoom(let first, let second):
      "a link joins rooms \(first) and \(second); both must exist and differ"
    case .tooManyApertures(let room, let count, let facades):
      "room '\(room)' has \(count) solar apertures, the network \(facades) façades"
    case .badStep(let seconds):
      "a step of \(seconds) s cannot be simulated; give a positive length"
    case .numericallySingular:
      "the heat balance cannot be solved in double precision; check the capacities"
    }
  }
}
