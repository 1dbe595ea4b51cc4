// SPDX-License-Identifier: MIT
public import Foundation
public import Household
public import TimeSeries

/// What identification leaves for the planner: the networks of the rooms whose models were accepted.
///
/// Rooms without a model stay as the configuration describes them.
public struct RoomModels: Sendable, Hashable, Codable {
  /// A wall or door between two rooms that both have a model.
  public struct Link: Sendable, Hashable, Codable {
    /// The names of the two rooms.
    public let rooms: [String]
    /// Heat flow for one kelvin of difference.
    public let conductance: WattsPerKelvin
  }

  /// The version of the form in which models are kept.
  public static let currentVersion = 1

  /// The version these were written in.
  public let version: Int
  /// End of the measurements they were learned from.
  public let learnedUntil: Date
  /// One for each accepted room.
  public let rooms: [ThermalRoom]
  /// The walls between them.
  public let links: [Link]
  /// Mean magnitude of the 24-h error on days that were not fitted, for each accepted room.
  public let errors: [String: Kelvins]
  /// Irradiances that drive them: 1 is the level alone; absent for 1.
  public let facadeCount: Int?
  /// The planes of the irradiances after that on the level; absent for ``Facade/usual``.
  public let facades: [Facade]?
  /// What the model of each accepted room leaves out, for the filter that follows it.
  public let noises: [String: TrackingNoise]?

  /// The model of a room, if it has one.
  public func room(_ name: String) -> ThermalRoom? { rooms.first { $0.name == name } }

  /// The planes that drive them, beside the level.
  public var planes: [Facade] { (facadeCount ?? 1) > 1 ? facades ?? Facade.usual : [] }

  /// Refuses models of another version or with other irradiances than planes, or of rooms that the home does not have.
  func check(against home: [Room]) throws(RoomModelsError) {
    guard version == Self.currentVersion else { throw .unknownVersion(version) }
    guard planes.count == (facadeCount ?? 1) - 1 else { throw .unknownFacades }
    for room in rooms where !home.contains(where: { $0.name == room.name }) {
      throw .unknownRoom(room.name)
    }
  }
}

extension IdentifiedHouse {
  /// The accepted rooms in the planner's form: heat in watts, driven by the irradiance on the level
  /// and on the planes of the record.
  ///
  /// - Throws: ``RoomModelsError`` when no room was accepted.
  public func models(learnedUntil: Date) throws(RoomModelsError) -> RoomModels {
    let network: ThermalNetwork
    do {
      network = try self.network()
    } catch {
      throw .impossible(error)
    }
    let isAccepted = rooms.map { $0.doubt == nil && $0.heatIsPower && $0.fullHeat > 0 }
    guard isAccepted.contains(true) else { throw .noneAccepted }
    let accepted = rooms.indices.filter { isAccepted[$0] }
    return RoomModels(
      version: RoomModels.currentVersion, learnedUntil: learnedUntil,
      rooms: accepted.map { network.rooms[$0] },
      links: network.links.filter { isAccepted[$0.first] && isAccepted[$0.second] }.map {
        RoomModels.Link(
          rooms: [rooms[$0.first].name, rooms[$0.second].name], conductance: $0.conductance)
      },
      errors: Dictionary(
        uniqueKeysWithValues: accepted.compactMap { index in
          rooms[index].scores.map { (rooms[index].name, $0.model) }
        }),
      facadeCount: facadeCount > 1 ? facadeCount : nil, facades: facades.isEmpty ? nil : facades,
      noises: Dictionary(
        uniqueKeysWithValues: accepted.map { (rooms[$0].name, rooms[$0].trackingNoise) }))
  }
}

extension RoomIdentification {
  /// What the fit found the model to leave out.
  public var trackingNoise: TrackingNoise {
    let rates = fit.rates
    return TrackingNoise(
      air: rates.airNoise, mass: rates.massNoise, disturbance: rates.disturbanceNoise,
      fading: rates.disturbanceFading)
  }
}

extension ThermalNetwork {
  /// The network of a home's rooms: identified where there is a model, as configured elsewhere.
  ///
  /// - Parameter models: identified rooms; `nil` where the configuration counts for all.
  /// - Throws: ``RoomModelsError``.
  public init(rooms: [Room], models: RoomModels?) throws(RoomModelsError) {
    try models?.check(against: rooms)
    do throws(ThermalNetworkError) {
      let facades = Self.facades(of: rooms, models: models)
      let configured = try ThermalNetwork(rooms: rooms, facades: facades)
      self =
        if let models {
          try Self.replacing(configured, by: models, facades)
        } else {
          configured
        }
    } catch {
      throw .impossible(error)
    }
  }

  /// The planes whose sun drives the network of a home's rooms, after that on the level: those of
  /// the configured windows, then those that models were identified with.
  public static func facades(of rooms: [Room], models: RoomModels?) -> [Facade] {
    let configured = rooms.facades
    return configured + (models?.planes ?? []).filter { !configured.contains($0) }
  }

  private static func replacing(
    _ configured: ThermalNetwork, by models: RoomModels, _ facades: [Facade]
  ) throws(ThermalNetworkError) -> ThermalNetwork {
    let names = configured.rooms.map(\.name)
    let isModelled = names.map { models.room($0) != nil }
    // Between two modelled rooms only what was measured counts.
    var links = configured.links.filter { !(isModelled[$0.first] && isModelled[$0.second]) }
    for link in models.links {
      let ends = link.rooms.compactMap { names.firstIndex(of: $0) }
      guard ends.count == 2 else { continue }
      links.append(Link(ends[0], ends[1], conductance: link.conductance))
    }
    return try ThermalNetwork(
      rooms: configured.rooms.map { room in
        models.room(room.name)?.arranged(from: models.planes, to: facades) ?? room
      }, links: links, facadeCount: configured.facadeCount)
  }
}

extension ThermalRoom {
  /// The same room with its apertures in another order of planes, after that on the level.
  fileprivate func arranged(from planes: [Facade], to facades: [Facade]) -> ThermalRoom {
    func arranged(_ apertures: [SquareMetres]) -> [SquareMetres] {
      func aperture(_ position: Int) -> SquareMetres {
        position < apertures.count ? apertures[position] : .zero
      }
      return [aperture(0)]
        + facades.map { facade in planes.firstIndex(of: facade).map { aperture(1 + $0) } ?? .zero }
    }
    var room = self
    room.solarApertures = arranged(solarApertures)
    if let envelope { room.envelope?.solarApertures = arranged(envelope.solarApertures) }
    return room
  }
}

/// Why identified rooms cannot be used.
public enum RoomModelsError: Error, Hashable, CustomStringConvertible {
  /// The planes of the models are not those of their irradiances.
  case unknownFacades
  /// No room has a model of its own whose heat is known in watts.
  case noneAccepted
  /// A model of a room that the home does not have.
  case unknownRoom(String)
  /// Written by another version.
  case unknownVersion(Int)
  /// A room that cannot be, configured or identified.
  case impossible(ThermalNetworkError)

  /// What happened, and what to do next.
  public var description: String {
    switch self {
    case .unknownFacades:
      "the room models have another number of facades than facadeCount says; identify anew"
    case .noneAccepted:
      "no room has an accepted model with heat in watts (room_NAME_heat_w); nothing to write"
    case .unknownRoom(let name):
      "there is a model of '\(name)', which is no room of the home; identify anew"
    case .unknownVersion(let version):
      "the room models have version \(version), this program reads "
        + "\(RoomModels.currentVersion); identify anew"
    case .impossible(let reason): reason.description
    }
  }
}
