// SPDX-License-Identifier: MIT
public import Foundation
public import Household
public import Physics
public import TimeSeries

/// What is believed about the home at an instant: readings where they are fresh, the model between.
public struct HomeState: Sendable, Hashable, Codable {
  /// When.
  public let time: Date
  /// All nodes of the thermal network.
  public let thermal: ThermalState
  /// State of charge; `nil` without a battery or while it is not known.
  public let stateOfCharge: Fraction?
  /// Relays by room; a relay that was never read counts as off for a long time.
  public let relays: [String: RelayState]
  /// Cars by name; absent while nothing is known.
  public let vehicles: [String: VehicleState]
  /// Outdoor temperature, the newest known.
  public let outdoorTemperature: Celsius?
  /// What is not known and what stands in its place.
  public let diagnostics: [Diagnostic]
}

extension HomeState {
  /// Believes fresh readings, and for a room without one what the model makes of the state before.
  ///
  /// The temperatures of heated floors are never measured: they follow from the relays since the
  /// state before.
  ///
  /// - Parameters:
  ///   - snapshot: the readings now.
  ///   - previous: the state of the decision before; `nil` at the first.
  ///   - model: the home.
  public init(snapshot: Snapshot, previous: HomeState?, model: HomeModel) {
    let home = model.home
    let reader = FreshReadings(time: snapshot.time, maximumAge: home.safety.maximumReadingAge)
    var diagnostics: [Diagnostic] = []
    let calendar = home.site.calendar
    let outdoor = reader.value(snapshot.outdoorTemperature) ?? previous?.outdoorTemperature
    var thermal =
      previous.map { Self.advance($0, to: snapshot.time, model: model) }
      ?? Self.start(snapshot, reader: reader, model: model, calendar: calendar)
    for (index, room) in home.rooms.enumerated() {
      if let measured = reader.value(snapshot.roomTemperatures[room.name]) {
        let believed = thermal.temperature(ofRoom: index)
        let share = previous == nil ? 1 : Self.readingShare
        thermal.correct(room: index, to: believed + (measured - believed) * share)
      } else {
        diagnostics.append(
          Diagnostic(
            .warning, subject: room.name,
            message: "no fresh temperature; the model believes "
              + "\(thermal.temperature(ofRoom: index))"))
      }
    }
    let stateOfCharge = reader.value(snapshot.batteryStateOfCharge)
    if home.battery != nil, stateOfCharge == nil {
      diagnostics.append(
        Diagnostic(
          .warning, subject: "battery",
          message: "no fresh state of charge; the battery is left to itself"))
    }
    time = snapshot.time
    self.thermal = thermal
    self.stateOfCharge = home.battery == nil ? nil : stateOfCharge
    relays = Self.relays(snapshot, reader: reader, previous: previous, home: home)
    vehicles = snapshot.vehicles.compactMapValues(reader.value)
    outdoorTemperature = outdoor
    self.diagnostics = diagnostics
  }

  /// How far a reading moves what the model believes. Room sensors show tenths of a kelvin and wander
  /// by some more; a model of a few minutes ahead is about as good.
  private static let readingShare = 0.5

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

  /// The thermal state some cycles later, with the relays as they were.
  private static func advance(
    _ state: HomeState, to time: Date, model: HomeModel
  ) -> ThermalState {
    let cycle = Double(model.settings.cycleSeconds)
    let cycles = Int((time.timeIntervalSince(state.time) / cycle).rounded())
    var thermal = state.thermal
    // After a day without a decision nothing of the old state is left.
    guard cycles > 0, cycles <= 86_400 / model.settings.cycleSeconds else { return thermal }
    var forcing = ThermalForcing(network: model.network, stepCount: 1)
    forcing.setOutdoor(state.outdoorTemperature ?? Celsius(10), at: 0)
    let hour = model.home.site.calendar.wallTime(at: state.time).hour
    forcing.setDailyGains(of: model.network, localHour: hour, at: 0)
    for (index, room) in model.home.rooms.enumerated() {
      if let heater = room.heater, state.relays[room.name]?.isOn ?? false {
        forcing.setHeat(heater.power, inRoom: index, at: 0)
      }
    }
    for _ in 0..<cycles { model.cycleNetwork.step(&thermal, forcing: forcing, at: 0) }
    return thermal
  }

  private static func start(
    _ snapshot: Snapshot, reader: FreshReadings, model: HomeModel, calendar: SiteCalendar
  ) -> ThermalState {
    let wall = calendar.wallTime(at: snapshot.time)
    let temperatures = model.home.rooms.map { room in
      reader.value(snapshot.roomTemperatures[room.name]) ?? room.comfort.band(at: wall).lower
    }
    return ThermalState(network: model.network, roomTemperatures: temperatures)
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
