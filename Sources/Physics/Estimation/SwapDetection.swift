// SPDX-License-Identifier: MIT

/// Finds rooms whose sensors or relays are exchanged.
enum SwapDetection {
  /// How much closer to another room's heat the temperature must follow.
  private static let clearly = 2.0
  /// A correlation below is chance.
  private static let smallest = 0.25

  /// The room that warms when this one is heated, while this one warms when that one is heated.
  static func partner(of room: Int, in record: CleanedRecord, range: Range<Int>) -> Int? {
    guard let other = strongest(room, record, range), other != room,
      strongest(other, record, range) == room
    else { return nil }
    return other
  }

  /// The room whose heat this room's warming follows best, if clearly better than its own.
  private static func strongest(_ room: Int, _ record: CleanedRecord, _ range: Range<Int>) -> Int? {
    let own = correlation(room, heatOf: room, record, range)
    var best: (room: Int, value: Double)?
    for other in record.rooms.indices where other != room && record.rooms[other].fullHeat > 0 {
      let value = correlation(room, heatOf: other, record, range)
      if value > best?.value ?? 0 { best = (other, value) }
    }
    guard let best, best.value > smallest, best.value > clearly * max(0, own) else { return nil }
    return best.room
  }

  /// Correlation of the change over an hour with the heat in it, both freed of their slow part.
  private static func correlation(
    _ room: Int, heatOf other: Int, _ record: CleanedRecord, _ range: Range<Int>
  ) -> Double {
    let span = record.steps(ofHours: 1)
    let (temperature, heat) = (record.rooms[room].temperature, record.rooms[other].heat)
    let usable = record.rooms[room].usable
    var (sumX, sumY, sumXX, sumYY, sumXY, count) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    for start in range.dropFirst(span).dropLast(2 * span)
    where usable[start] && usable[start + span] && usable[start - span] {
      let change =
        temperature[start + span] - 2 * temperature[start] + temperature[start - span]
      var warm = 0.0
      for step in 0..<span { warm += heat[start + step] - heat[start + step - span] }
      sumX += warm
      sumY += change
      sumXX += warm * warm
      sumYY += change * change
      sumXY += warm * change
      count += 1
    }
    guard count > 10 else { return 0 }
    let covariance = sumXY - sumX * sumY / count
    let variance = (sumXX - sumX * sumX / count) * (sumYY - sumY * sumY / count)
    return variance > 0 ? covariance / variance.squareRoot() : 0
  }
}
