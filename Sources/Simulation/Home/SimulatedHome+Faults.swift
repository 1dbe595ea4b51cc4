// SPDX-License-Identifier: MIT
import Household
import TimeSeries

extension SimulatedHome {
  /// Whether a fault lasts now.
  func faultIsActive(_ fault: Fault) -> Bool {
    faults.contains { $0.fault == fault && $0.times.contains(time) }
  }

  /// Whether a device confirms commands and does nothing.
  func ignoresCommands(_ device: String) -> Bool {
    faultIsActive(.ignoresCommands(device: device))
  }

  /// The state a broken relay is stuck in; `nil` for one that works.
  func stuckState(ofRelay index: Int) -> Bool? {
    guard !faults.isEmpty else { return nil }
    let room = home.rooms[index].name
    for state in [true, false] where faultIsActive(.relayStuck(room: room, isOn: state)) {
      return state
    }
    return nil
  }

  /// Remembers the value a sensor gets stuck at, and forgets it when it is repaired.
  mutating func captureStuckSensors() {
    for (index, room) in home.rooms.enumerated() {
      let isStuck = faultIsActive(.sensorStuck(room: room.name))
      if !isStuck {
        stuckSensors[room.name] = nil
      } else if stuckSensors[room.name] == nil {
        let celsius = (sensedCelsius(ofRoom: index) * 10).rounded() / 10
        stuckSensors[room.name] = Celsius(celsius)
      }
    }
  }
}
