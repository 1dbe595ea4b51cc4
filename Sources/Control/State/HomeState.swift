// SPDX-License-Identifier: MIT
public import Foundation
public import Household
public import Physics
public import TimeSeries

/// What is believed about the home at an instant: readings where they are fresh, the model between.
public struct HomeState: Sendable, Hashable, Codable {
  /// When.
  public let time: Date
  /// All rooms, as the filter that follows them believes them.
  public let belief: HouseBelief
  /// State of charge; `nil` without a battery or while it is not known.
  public let stateOfCharge: Fraction?
  /// Relays by room; a relay that was never read counts as off for a long time.
  public let relays: [String: RelayState]
  /// Cars by name; absent while nothing is known.
  public let vehicles: [String: VehicleState]
  /// What appliances draw; absent while nothing is known.
  public let appliances: [String: Watts]?
  /// Outdoor temperature, the newest known.
  public let outdoorTemperature: Celsius?
  /// What is not known and what stands in its place.
  public let diagnostics: [Diagnostic]
  /// The rooms whose sensors were read and believed.
  let readRooms: [String: Celsius]

  /// All nodes of the thermal network.
  public var thermal: ThermalState { belief.thermal }
}

extension HomeState {
  /// Believes fresh readings as far as the filter of each room says, and for a room without one what
  /// the model makes of the state before.
  ///
  /// The temperatures of heated floors are never measured: they follow from the relays since the
  /// state before.
  ///
  /// - Parameters:
  ///   - snapshot: the readings now.
  ///   - previous: the state of the decision before; `nil` at the first.
  ///   - sun: the irradiance since then, as far as it was expected.
  ///   - model: the home.
  public init(
    snapshot: Snapshot, previous: HomeState?, sun: WattsPerSquareMetre = .zero, model: HomeModel
  ) {
    let home = model.home
    let reader = FreshReadings(time: snapshot.time, maximumAge: home.safety.maximumReadingAge)
    var diagnostics: [Diagnostic] = []
    let outdoor = reader.value(snapshot.outdoorTemperature) ?? previous?.outdoorTemperature
    let relays = Self.relays(snapshot, reader: reader, previous: previous, home: home)
    belief = RoomFollowing(
      model: model, reader: reader, relays: relays, outdoor: outdoor, sun: sun
    ).belief(snapshot, previous: previous, &diagnostics)
    let believed = Set(belief.rooms.filter { $0.reception == .followed }.map(\.name))
    readRooms = snapshot.roomTemperatures.filter { believed.contains($0.key) }
      .mapValues(\.value)
    let stateOfCharge = reader.value(snapshot.batteryStateOfCharge)
    if home.battery != nil, stateOfCharge == nil {
      diagnostics.append(
        Diagnostic(
          .warning, subject: "battery",
          message: "no fresh state of charge; the battery is left to itself"))
    }
    time = snapshot.time
    self.stateOfCharge = home.battery == nil ? nil : stateOfCharge
    self.relays = relays
    vehicles = snapshot.vehicles.compactMapValues(reader.value)
    appliances = snapshot.appliancePowers?.compactMapValues(reader.value)
    outdoorTemperature = outdoor
    self.diagnostics = diagnostics
  }

  private static func relays(
    _ snapshot: Snapshot, reader: FreshReadings, previous: HomeState?, home: Home
  ) -> [String: RelayState] {
    var relays: [String: RelayState] = [:]
    for room in home.heatedRooms {
      relays[room.name] =
        reader.value(snapshot.relays[room.name]) ?? previous?.relays[room.name]
        ?? RelayState(isOn: false, since: .distantPast)
    }
    return relays
  }
}

/// Tells fresh readings from stale ones.
struct FreshReadings {
  let time: Date
  let maximumAge: Duration

  func value<Value>(_ reading: Reading<Value>?) -> Value? {
    guard let reading, reading.isFresh(at: time, maximumAge: maximumAge) else { return nil }
    return reading.value
  }
}
