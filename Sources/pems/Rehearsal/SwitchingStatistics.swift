// SPDX-License-Identifier: MIT
import Foundation
import Household
import TimeSeries

/// How often devices were switched and how long they stayed as they were: flapping shows here.
struct SwitchingStatistics: Sendable {
  private var last: [CommandTarget: (state: String, since: Date)] = [:]
  /// Seconds that a target stayed in a state before the next.
  private var stays: [CommandTarget: [Double]] = [:]
  private var writesByDay: [Int: Int] = [:]

  /// A target was told a state at a time; the same state again is no switching.
  mutating func note(_ target: CommandTarget, _ state: String, at time: Date) {
    if let before = last[target] {
      guard before.state != state else { return }
      stays[target, default: []].append(time.timeIntervalSince(before.since))
    }
    last[target] = (state, time)
  }

  /// Settings were written into an inverter's memory.
  mutating func noteWrite(at time: Date) {
    writesByDay[Int((time.timeIntervalSince1970 / 86_400).rounded(.down)), default: 0] += 1
  }

  /// The sentences for people.
  var text: String {
    let rooms = stays.filter { if case .room = $0.key { true } else { false } }
    let battery = stays.filter { if case .battery = $0.key { true } else { false } }
      .flatMap(\.value)
    let plant = stays[.pv] ?? []
    let busiest = rooms.max { $0.value.count < $1.value.count }
    let total = writesByDay.values.reduce(0, +)
    return """
      Relays: \(rooms.values.reduce(0) { $0 + $1.count }) switchings of \(rooms.count), most of \
      \(busiest.map { "\($0.key): \($0.value.count)" } ?? "none"); \(Self.times(rooms.flatMap(\.value)))
      Battery: \(battery.count) changes of its mode; \(Self.times(battery))
      PV: \(plant.count) changes of its limit; \(Self.times(plant))
      Inverter: \(total) settings written in \(writesByDay.count) days, at most \
      \(writesByDay.values.max() ?? 0) in one
      """
  }

  private static func times(_ stays: [Double]) -> String {
    let sorted = stays.map { $0 / 60 }.sorted()
    guard let shortest = sorted.first else { return "never switched twice" }
    let brief = sorted.count { $0 < 15 }
    return String(
      format: "a state lasted %.0f min at least, %.0f min in the median, %d less than 15 min",
      shortest, sorted[sorted.count / 2], brief)
  }
}
