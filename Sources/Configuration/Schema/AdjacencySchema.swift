// SPDX-License-Identifier: MIT
import Household
import TimeSeries

/// Which rooms exchange heat: each pair may be written at one room or, equally, at both.
struct AdjacencySchema {
  private var conductances: [String: [(room: String, value: WattsPerKelvin)]] = [:]

  /// Reads the lists `neighbours` of all rooms.
  init(names: [String], thermal: [Section]) {
    var written: [String: [String: WattsPerKelvin]] = [:]
    for (name, section) in zip(names, thermal) {
      for neighbour in section.sections("neighbours") {
        let other = neighbour.reference("room", to: names, kind: "room")
        let value: WattsPerKelvin = neighbour.quantity("conductance_w_per_k", in: 0.1...5_000)
        if other == name {
          neighbour.report("a room is not its own neighbour", "room")
        } else if written[name]?[other] != nil {
          neighbour.report("'\(other)' stands already in this list", "room")
        } else if let back = written[other]?[name] {
          if back != value {
            neighbour.report(
              "is \(value), but \(other) says \(back); give it once, or twice the same",
              "conductance_w_per_k")
          }
          written[name, default: [:]][other] = value
        } else {
          written[name, default: [:]][other] = value
          connect(name, other, value)
        }
      }
    }
  }

  /// The neighbours of a room, from whichever side they were written.
  func adjacencies(of name: String) -> [RoomThermalProperties.Adjacency] {
    (conductances[name] ?? []).map {
      RoomThermalProperties.Adjacency(room: $0.room, conductance: $0.value)
    }
  }

  private mutating func connect(_ left: String, _ right: String, _ value: WattsPerKelvin) {
    conductances[left, default: []].append((right, value))
    conductances[right, default: []].append((left, value))
  }
}
