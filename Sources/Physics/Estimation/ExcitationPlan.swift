// SPDX-License-Identifier: MIT
public import TimeSeries

/// A few days of small set-point changes that let the data tell apart what a steady thermostat
/// hides: loss from gain, one room from its neighbour.
///
/// Pseudo-random binary set-points of ±1 K (less where comfort asks), bits of two to four hours,
/// rooms shifted so that at most a third is raised together; one night set-back of 2 K and one
/// three-hour full-power step for each room. Nothing leaves the comfort band. Source: P. Bacher, H.
/// Madsen, Energy and Buildings 43 (2011) 1511, doi:10.1016/j.enbuild.2011.02.005.
public struct ExcitationPlan: Sendable, Hashable {
  /// A room to be excited.
  public struct Room: Sendable, Hashable {
    /// The name.
    public let name: String
    /// Its usual set-point.
    public let setpoint: Celsius
    /// Temperatures that its people accept.
    public let comfort: ClosedRange<Celsius>

    /// A room with its limits; the set-point is moved into them.
    public init(name: String, setpoint: Celsius, comfort: ClosedRange<Celsius>) {
      self.name = name
      self.comfort = comfort
      self.setpoint = min(max(setpoint, comfort.lowerBound), comfort.upperBound)
    }
  }

  /// What the owner agreed to; there is no plan without it.
  public struct Consent: Sendable, Hashable {
    /// How many days, 3 … 5.
    public let days: Int

    /// The owner agrees to some days; fewer than 3 tell nothing, more than 5 nothing new.
    public init(days: Int) { self.days = min(5, max(3, days)) }
  }

  /// The steps.
  public let grid: TimeGrid
  /// Set-points, one array a room.
  public let setpoints: [[Celsius]]

  /// Share of the rooms that may be raised together.
  private static let largestShare = 1.0 / 3
  /// Deviation of the set-point, and depth of the night set-back (K).
  private static let deviation = 1.0
  private static let setback = 2.0

  /// A plan for all rooms from a local midnight.
  public init(
    rooms: [Room], consent: Consent, midnight: TimeGrid, seed: UInt64
  ) {
    let perHour = max(1, 3_600 / midnight.stepSeconds)
    let count = consent.days * 24 * perHour
    grid = TimeGrid(start: midnight.start, stepSeconds: midnight.stepSeconds, count: count)
    var random = SplitMix64(seed: seed)
    let atOnce = max(1, Int((Double(rooms.count) * Self.largestShare).rounded(.down)))
    var raised = [Int](repeating: 0, count: count)
    setpoints = rooms.enumerated().map { index, room in
      var offsets = Self.bits(count, perHour, &random)
      Self.addSetback(&offsets, night: index % consent.days, perHour)
      Self.addStep(&offsets, day: (index + 1) % consent.days, hour: 9 + index % 6, perHour)
      return offsets.enumerated().map { step, offset in
        var offset = offset
        if offset > 0 {
          if raised[step] < atOnce { raised[step] += 1 } else { offset = -offset }
        }
        let wanted = room.setpoint + Kelvins(offset)
        return min(max(wanted, room.comfort.lowerBound), room.comfort.upperBound)
      }
    }
  }

  /// ±1 K, each bit held for two to four hours.
  private static func bits(
    _ count: Int, _ perHour: Int, _ random: inout SplitMix64
  ) -> [Double] {
    var offsets: [Double] = []
    while offsets.count < count {
      let length = Int.random(in: 2...4, using: &random) * perHour
      // Two of three bits are low, so that a third of the rooms is raised on average.
      let isHigh = Int.random(in: 0..<3, using: &random) == 0
      offsets += Array(repeating: isHigh ? deviation : -deviation, count: length)
    }
    return Array(offsets.prefix(count))
  }

  private static func addSetback(_ offsets: inout [Double], night: Int, _ perHour: Int) {
    for step in (night * 24 * perHour)..<(night * 24 + 6) * perHour { offsets[step] = -setback }
  }

  /// Three hours of the highest set-point after three of the lowest: the heater runs through.
  private static func addStep(_ offsets: inout [Double], day: Int, hour: Int, _ perHour: Int) {
    let start = (day * 24 + hour) * perHour
    for step in (start - 3 * perHour)..<start { offsets[step] = -deviation }
    for step in start..<start + 3 * perHour { offsets[step] = deviation }
  }
}
