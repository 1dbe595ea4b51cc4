// SPDX-License-Identifier: MIT
import Foundation
public import Household
import TimeSeries

/// Finds room sensors that repeat one value although the room must have changed, and takes their
/// readings away. Pure; remembers when each sensor last moved.
public struct FrozenSensors: Sendable {
  /// Even a quiet room moves by a tenth of a kelvin in this time.
  private static let longestStandstill = 12 * 3_600.0
  /// A heated floor moves its room by a tenth of a kelvin in this time.
  private static let longestHeatedStandstill = 4 * 3_600.0

  private struct Memory {
    var value: Double
    var changed: Date
    var heatedSeconds = 0.0
    var last: Date
  }

  private var sensors: [String: Memory] = [:]

  /// Nothing is known of any sensor.
  public init() {}

  /// The rooms whose sensors stand still.
  public private(set) var frozen: Set<String> = []

  /// Looks at a picture and takes away what stands still.
  public mutating func filter(_ snapshot: Snapshot) -> Snapshot {
    var snapshot = snapshot
    for (room, reading) in snapshot.roomTemperatures {
      let value = reading.value.rawValue
      var memory =
        sensors[room] ?? Memory(value: value, changed: snapshot.time, last: snapshot.time)
      if memory.value != value {
        memory = Memory(value: value, changed: snapshot.time, last: snapshot.time)
      } else if snapshot.relays[room]?.value.isOn == true {
        memory.heatedSeconds += max(0, snapshot.time.timeIntervalSince(memory.last))
      }
      memory.last = snapshot.time
      sensors[room] = memory
      let isFrozen =
        snapshot.time.timeIntervalSince(memory.changed) > Self.longestStandstill
        || memory.heatedSeconds > Self.longestHeatedStandstill
      if isFrozen {
        frozen.insert(room)
        snapshot.roomTemperatures[room] = nil
      } else {
        frozen.remove(room)
      }
    }
    return snapshot
  }
}
