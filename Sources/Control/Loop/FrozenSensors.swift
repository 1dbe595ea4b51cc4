// SPDX-License-Identifier: MIT
import Foundation
public import Household
import TimeSeries

/// Finds room sensors that repeat one value although the room must have changed, and takes their
/// readings away. Pure; remembers how long each sensor has not moved.
public struct FrozenSensors: Sendable {
  /// Even a quiet room moves by a tenth of a kelvin in this time.
  private static let longestStandstill = 12 * 3_600.0
  /// A heated floor moves its room by a tenth of a kelvin in this time.
  private static let longestHeatedStandstill = 4 * 3_600.0

  private struct Memory {
    let value: Double
    var stillSeconds = 0.0
    var heatedSeconds = 0.0
  }

  private var sensors: [String: Memory] = [:]

  /// Nothing is known of any sensor.
  public init() {}

  /// The rooms whose sensors stand still.
  public private(set) var frozen: Set<String> = []

  /// Looks at a picture and takes away what stands still.
  ///
  /// - Parameter seconds: since the picture before, by a clock that never jumps.
  public mutating func filter(_ snapshot: Snapshot, after seconds: Double) -> Snapshot {
    var snapshot = snapshot
    for (room, reading) in snapshot.roomTemperatures {
      let value = reading.value.rawValue
      var memory = Memory(value: value)
      if let before = sensors[room], before.value == value {
        memory = before
        memory.stillSeconds += seconds
        if snapshot.relays[room]?.value.isOn == true { memory.heatedSeconds += seconds }
      }
      sensors[room] = memory
      let isFrozen =
        memory.stillSeconds > Self.longestStandstill
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
