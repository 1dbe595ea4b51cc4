// SPDX-License-Identifier: MIT
public import TimeSeries

/// What a heating season shows of a room without any model: the figures that a simulated room and a
/// real one are compared by.
///
/// Rates are of means over five minutes. Heat-up is the mean of all rates above zero while the
/// heater was on, cool-down that of all rates below zero while it was off, without sign; this is how
/// the reference house's own analysis recorded them.
public struct RoomObservation: Sendable, Hashable {
  /// The room.
  public let room: String
  /// Mean air temperature.
  public var mean: Celsius
  /// Share of time the heater was on.
  public var duty: Fraction
  /// Kelvins an hour while heated; `nil` when it never warmed so.
  public var heatUpKelvinsPerHour: Double?
  /// Kelvins an hour while not heated; `nil` when it never cooled so.
  public var coolDownKelvinsPerHour: Double?

  /// The figures of a room.
  public init(
    room: String, mean: Celsius, duty: Fraction, heatUpKelvinsPerHour: Double?,
    coolDownKelvinsPerHour: Double?
  ) {
    self.room = room
    self.mean = mean
    self.duty = duty
    self.heatUpKelvinsPerHour = heatUpKelvinsPerHour
    self.coolDownKelvinsPerHour = coolDownKelvinsPerHour
  }
}

/// Collects the figures of one room from minute to minute.
struct RoomObserver: Sendable {
  private static let minutesAPart = 5

  private var sum = 0.0
  private var minutes = 0
  private var onMinutes = 0
  private var partSum = 0.0
  private var partMinutes = 0
  private var partOn = 0
  private var lastPart: Double?
  private var rising = (sum: 0.0, count: 0)
  private var falling = (sum: 0.0, count: 0)

  mutating func watch(celsius: Double, isOn: Bool) {
    sum += celsius
    minutes += 1
    onMinutes += isOn ? 1 : 0
    partSum += celsius
    partOn += isOn ? 1 : 0
    partMinutes += 1
    guard partMinutes == Self.minutesAPart else { return }
    let part = partSum / Double(partMinutes)
    if let lastPart {
      let rate = (part - lastPart) * 60 / Double(partMinutes)
      if partOn > partMinutes / 2, rate > 0 {
        rising = (rising.sum + rate, rising.count + 1)
      } else if partOn <= partMinutes / 2, rate < 0 {
        falling = (falling.sum - rate, falling.count + 1)
      }
    }
    lastPart = part
    (partSum, partMinutes, partOn) = (0, 0, 0)
  }

  func observation(of room: String) -> RoomObservation {
    RoomObservation(
      room: room, mean: Celsius(minutes > 0 ? sum / Double(minutes) : .nan),
      duty: Fraction(minutes > 0 ? Double(onMinutes) / Double(minutes) : .nan),
      heatUpKelvinsPerHour: rising.count > 0 ? rising.sum / Double(rising.count) : nil,
      coolDownKelvinsPerHour: falling.count > 0 ? falling.sum / Double(falling.count) : nil)
  }
}
