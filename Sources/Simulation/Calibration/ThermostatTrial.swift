// SPDX-License-Identifier: MIT
public import Foundation
import Household
public import TimeSeries

/// A time under plain thermostats: what the rooms of a home then do.
public struct ThermostatTrial: Sendable, Hashable {
  /// What each room's thermostat aims at; rooms that are not named are not heated.
  public let setpoints: [String: Celsius]
  /// Between switching on and switching off; the setpoint is in the middle.
  public let hysteresis: Kelvins
  /// Time before the watched one, for floors and walls to find their temperatures.
  public let settlingDays: Int
  /// When the watched time begins.
  public let start: Date
  /// How long it lasts.
  public let days: Int

  /// A trial of thermostats.
  public init(
    setpoints: [String: Celsius], hysteresis: Kelvins, settlingDays: Int = 7, start: Date,
    days: Int
  ) {
    self.setpoints = setpoints
    self.hysteresis = hysteresis
    self.settlingDays = settlingDays
    self.start = start
    self.days = days
  }

  /// What the rooms of a home do, and how cold it was outdoors.
  ///
  /// - Parameter make: the home at a start with given temperatures of its rooms.
  /// - Throws: what `make` throws.
  public func run<Failure: Error>(
    _ make: (_ start: Date, _ temperatures: [String: Celsius]) throws(Failure) -> SimulatedHome
  ) throws(Failure) -> (rooms: [RoomObservation], outdoor: Celsius) {
    let settling = start.addingTimeInterval(-86_400 * Double(settlingDays))
    var house = try make(settling, setpoints)
    let end = start.addingTimeInterval(86_400 * Double(days))
    var observers = house.home.rooms.map { _ in RoomObserver() }
    var outdoor = (sum: 0.0, count: 0)
    while house.time < end {
      let isWatched = house.time >= start
      command(&house, until: end)
      house.advance(to: house.time.addingTimeInterval(60))
      guard isWatched else { continue }
      outdoor = (outdoor.sum + house.trueOutdoorTemperature.rawValue, outdoor.count + 1)
      for index in observers.indices {
        observers[index].watch(
          celsius: house.sensedCelsius(ofRoom: index),
          isOn: house.relays[index]?.isOn ?? false)
      }
    }
    let rooms = zip(observers, house.home.rooms).map { $0.observation(of: $1.name) }
    return (rooms, Celsius(outdoor.sum / Double(max(1, outdoor.count))))
  }

  private func command(_ house: inout SimulatedHome, until end: Date) {
    let half = hysteresis.rawValue / 2
    for (index, room) in house.home.rooms.enumerated() {
      guard let relay = house.relays[index] else { continue }
      var next = false
      if let setpoint = setpoints[room.name]?.rawValue {
        let celsius = house.sensedCelsius(ofRoom: index)
        next = relay.isOn ? celsius < setpoint + half : celsius < setpoint - half
      }
      if next != relay.command?.isOn { house.relays[index]?.take(isOn: next, until: end) }
    }
  }
}
