// SPDX-License-Identifier: MIT
import Foundation
import Household
import TimeSeries

/// The air about each room's sensor, which wanders from that of the room over hours: sun patches,
/// doors, bodies, and the air that a warm floor stirs.
struct RoomSensors: Sendable {
  /// How long the air keeps moving after the heater has gone off, h.
  private static let stirHours = 1.0

  /// Standard deviations of each room, K: always, and on top while heated.
  private let spread: [(always: Double, heated: Double)]
  /// How much the heater stirs the air, 0…1.
  private var stir: [Double]
  /// The wandering of the quarter-hour: where it begins, standard normal, and its change a minute.
  private var course: [(start: Double, aMinute: Double)]
  private var minute = 0.0

  init(home: Home, truth: TruthParameters) {
    spread = home.rooms.map {
      (truth[$0.name].sensorWander.rawValue, truth[$0.name].heatedSensorWander.rawValue)
    }
    stir = spread.map { _ in 0 }
    course = spread.map { _ in (0, 0) }
  }

  /// Begins a quarter-hour whose wandering runs on a straight line, one pair a room.
  mutating func begin(from starts: [Double], to ends: [Double], minute: Double) {
    for index in course.indices {
      course[index] = (starts[index], (ends[index] - starts[index]) / 15)
    }
    self.minute = minute
  }

  /// Lets a minute pass in which the heater of each room was on or off.
  mutating func advance(isOn: (Int) -> Bool) {
    minute += 1
    let share = 1 / (60 * Self.stirHours)
    for index in stir.indices { stir[index] += ((isOn(index) ? 1 : 0) - stir[index]) * share }
  }

  /// How much warmer the air about a sensor is than the room, K.
  func wander(ofRoom room: Int) -> Double {
    (course[room].start + course[room].aMinute * minute)
      * (spread[room].always + spread[room].heated * stir[room])
  }
}
