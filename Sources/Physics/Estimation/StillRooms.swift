// SPDX-License-Identifier: MIT

extension HouseIdentification {
  /// Nine tenths of a still room's three-hour means lie within this (K).
  private static let stillKelvins = 0.25
  private static let stillHours = 3.0
  /// A rate so many deviations of its prior from the median is odd.
  private static let odd = 2.0

  /// What the rhythm of its relay says of a room that a thermostat held still; `nil` where it says
  /// nothing, where the room moved, and where its fit is neither too heavy for the rhythm nor of a
  /// kind that rooms are not.
  func rhythm(against fit: RoomFit, _ index: Int) -> RelayRhythm? {
    guard isHeldStill(index), let rhythm = RelayRhythm(record, room: index, range: range) else {
      return nil
    }
    let problem = RoomProblem(record, room: index, structure: fit.structure)
    guard let course = RoomFit.course(problem, fit.vector, horizon: 1) else { return nil }
    let isOdd = zip(problem.parameters, fit.vector).contains { parameter, value in
      parameter.isOfNodes && abs(value - parameter.mean) > Self.odd * parameter.deviation
    }
    return isOdd || rhythm.findsTooHeavy(course.air) ? rhythm : nil
  }

  /// Whether a room hardly moved but for the swing of its relay.
  func isHeldStill(_ index: Int) -> Bool {
    let room = record.rooms[index]
    let span = record.steps(ofHours: Self.stillHours)
    let starts = stride(from: range.lowerBound, to: range.upperBound - span, by: span)
    let means = starts.compactMap { start -> Double? in
      let steps = start..<start + span
      guard steps.allSatisfy({ room.usable[$0] }) else { return nil }
      return steps.reduce(0) { $0 + room.temperature[$1] } / Double(span)
    }
    guard let low = quantile(means, 0.05), let high = quantile(means, 0.95) else { return false }
    return high - low < Self.stillKelvins
  }
}
