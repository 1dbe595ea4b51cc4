// SPDX-License-Identifier: MIT
import Foundation
public import TimeSeries

extension HouseTracker {
  /// Variance of a reading, K²: a sensor's noise and steps of a tenth of a kelvin.
  private static let readingVariance = 0.07 * 0.07
  /// Window events leave the reading this much less to say.
  private static let windowFactor = 100.0
  /// A fall this fast with the heater on is a window, K/h, counted over at least ten minutes.
  private static let windowFall = 1.5
  private static let windowSeconds = 600.0
  /// A mean normalised innovation above which the belief is lost: five standard deviations.
  private static let largestConsistency = 25.0
  /// Memory of the mean, in corrections.
  private static let memory = 12.0
  /// A sensor that stands still for less is only coarse.
  private static let shortestStandstill = 3 * 3_600.0
  /// A number that came by chance stands for minutes; after hours two deviations are enough. A sensor
  /// that is wrongly doubted is believed again with its next number.
  private static let sureDeviations = 2.0
  /// A room that the model moves by less may stand still, K.
  private static let smallestMove = 0.5

  /// Takes in the reading of a room's air, or that there is none.
  ///
  /// - Parameters:
  ///   - reading: `nil` when missing or stale.
  ///   - isHeated: whether its heater was on since the reading before.
  public func correct(
    _ belief: inout HouseBelief, room: Int, reading: Celsius?, isHeated: Bool
  ) {
    var state = belief.rooms[room]
    defer { belief.rooms[room] = state }
    guard let reading else {
      state.reception = .missing
      return
    }
    noteStandstill(&state, reading, at: belief.time)
    if state.reception == .frozen { return }
    if isFrozen(state, room, air: belief.thermal.nodesCelsius[room], at: belief.time) {
      if let still = state.still { move(&state, &belief.thermal, room, by: still.pull) }
      state.reception = .frozen
      return
    }
    let isOpen = noteFall(&state, reading, at: belief.time, isHeated: isHeated)
    let variance = Self.readingVariance * (isOpen ? Self.windowFactor : 1)
    let total = state.covariance[0] + variance
    let innovation = reading.rawValue - belief.thermal.nodesCelsius[room]
    state.reception = isOpen ? .windowOpen : .followed
    if !isOpen {
      state.consistency += (innovation * innovation / total - state.consistency) / Self.memory
      if state.consistency > Self.largestConsistency {
        restart(&state, &belief.thermal, room, at: reading)
        return
      }
    }
    follow(innovation, total: total, &state, &belief.thermal, room)
  }

  private func nodes(ofRoom room: Int) -> [Int] {
    [room, layout.envelopes[room], layout.heaters[room]].compactMap { $0 }
  }

  private func move(
    _ state: inout HouseBelief.Room, _ thermal: inout ThermalState, _ room: Int, by shift: [Double]
  ) {
    for (node, difference) in zip(nodes(ofRoom: room), shift) {
      thermal.nodesCelsius[node] += difference
    }
    state.disturbance += shift.last ?? 0
  }

  private func follow(
    _ innovation: Double, total: Double, _ state: inout HouseBelief.Room,
    _ thermal: inout ThermalState, _ room: Int
  ) {
    let size = blocks[room].size
    let gain = (0..<size).map { state.covariance[$0 * size] / total }
    let shift = gain.map { $0 * innovation }
    move(&state, &thermal, room, by: shift)
    if let pull = state.still?.pull { state.still?.pull = zip(pull, shift).map { $0 - $1 } }
    let top = Array(state.covariance[0..<size])
    for row in 0..<size {
      for column in 0..<size { state.covariance[row * size + column] -= gain[row] * top[column] }
    }
  }

  private func restart(
    _ state: inout HouseBelief.Room, _ thermal: inout ThermalState, _ room: Int,
    at reading: Celsius
  ) {
    for node in nodes(ofRoom: room) { thermal.nodesCelsius[node] = reading.rawValue }
    state.covariance = blocks[room].start
    state.disturbance = 0
    state.consistency = 1
    state.restarts += 1
    state.still = nil
    state.reception = .restarted
  }

  /// Whether the readings fell as only a window lets them.
  private func noteFall(
    _ state: inout HouseBelief.Room, _ reading: Celsius, at time: Date, isHeated: Bool
  ) -> Bool {
    let now = HouseBelief.Reading(celsius: reading.rawValue, time: time)
    guard let from = state.fallFrom else {
      state.fallFrom = now
      return false
    }
    let seconds = time.timeIntervalSince(from.time)
    guard seconds >= Self.windowSeconds else { return state.reception == .windowOpen }
    state.fallFrom = now
    return isHeated && (from.celsius - now.celsius) / seconds * 3_600 > Self.windowFall
  }

  /// Begins to watch a number that is new, and believes the sensor again.
  private func noteStandstill(
    _ state: inout HouseBelief.Room, _ reading: Celsius, at time: Date
  ) {
    guard state.still?.since.celsius != reading.rawValue else { return }
    if state.reception == .frozen { state.reception = .missing }
    let size = Int(Double(state.covariance.count).squareRoot().rounded())
    state.still = HouseBelief.Standstill(
      since: HouseBelief.Reading(celsius: reading.rawValue, time: time),
      pull: Array(repeating: 0, count: size), variance: state.covariance[0])
  }

  /// Whether the sensor repeats its number although the model, left alone since the number came,
  /// is sure that the room moved.
  private func isFrozen(
    _ state: HouseBelief.Room, _ room: Int, air: Double, at time: Date
  ) -> Bool {
    guard let still = state.still else { return false }
    let seconds = time.timeIntervalSince(still.since.time)
    guard seconds >= Self.shortestStandstill else { return false }
    let hours = seconds / 3_600
    let variance =
      still.variance + noises[room].air * hours + noises[room].wanderingVariance(hours: hours)
    let moved = abs(air + (still.pull.first ?? 0) - still.since.celsius)
    return moved > max(Self.smallestMove, Self.sureDeviations * variance.squareRoot())
  }
}
