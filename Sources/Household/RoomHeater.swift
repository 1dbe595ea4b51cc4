// SPDX-License-Identifier: MIT
import Foundation
public import TimeSeries

/// The heater of a room: a relay or valve that is on or off; electric, a heat pump, or water.
public struct RoomHeater: Sendable, Hashable {
  /// The electricity it draws when on, above 0; of a heat pump behind a water circuit the most.
  public let power: Watts
  /// It stays on at least this long.
  public let minimumOn: Duration
  /// It stays off at least this long.
  public let minimumOff: Duration
  /// The price of one switching on: wear of the relay, and the wish for calm.
  public let switchingCost: Money
  /// What a heat pump makes of its power; `nil` for a heater whose heat is its power.
  public let heatPump: HeatPumpCurve?
  /// The water that brings the heat, where its temperature says how much; `nil` where the power does.
  public let water: WaterCircuit?

  /// A heater behind a relay.
  public init(
    power: Watts, minimumOn: Duration, minimumOff: Duration, switchingCost: Money,
    heatPump: HeatPumpCurve? = nil, water: WaterCircuit? = nil
  ) {
    self.heatPump = heatPump
    self.water = water
    self.power = power
    self.minimumOn = minimumOn
    self.minimumOff = minimumOff
    self.switchingCost = switchingCost
  }
}

extension RoomHeater {
  /// What a heater gives and takes while it is on.
  public struct Output: Sendable, Hashable {
    /// Heat into the room, at least 0.
    public let heat: Watts
    /// Electricity for it, at least 0.
    public let electricity: Watts
  }

  /// What it gives and takes while it is on.
  ///
  /// Without water: heat = power × COP. With water: what its surface hands over, `G (T_w − T)ⁿ`; of
  /// a heat pump at most power × COP, and as much electricity as that heat needs.
  public func output(outdoors: Celsius, room: Celsius) -> Output {
    let factor = heatPump?.factor(at: outdoors) ?? 1
    guard let water else { return Output(heat: power * factor, electricity: power) }
    let handedOver = water.heat(outdoors: outdoors, room: room)
    guard heatPump != nil else { return Output(heat: handedOver, electricity: power) }
    let heat = min(handedOver, power * factor)
    return Output(heat: heat, electricity: heat / factor)
  }
}

extension RoomHeater {
  /// Heat of a step in which it was on for the share `drawn / power`.
  public func heat(ofPower drawn: Watts, outdoors: Celsius, room: Celsius) -> Watts {
    output(outdoors: outdoors, room: room).heat * (drawn / power)
  }
}

/// The coefficient of performance of a heat pump over the outdoor temperature, straight lines
/// between a few points of its data sheet (EN 14511), level beyond them.
public struct HeatPumpCurve: Sendable, Hashable {
  /// One point of the data sheet.
  public struct Point: Sendable, Hashable {
    /// The air outdoors.
    public let outdoors: Celsius
    /// Heat over electric energy, above 0.
    public let factor: Double

    /// A point.
    public init(outdoors: Celsius, factor: Double) {
      self.outdoors = outdoors
      self.factor = factor
    }
  }

  /// The points, coldest first.
  public let points: [Point]

  /// A curve; `nil` without points or with a factor that is not above 0.
  public init?(_ points: [Point]) {
    guard !points.isEmpty, points.allSatisfy({ $0.factor > 0 && $0.factor.isFinite }) else {
      return nil
    }
    self.points = points.sorted { $0.outdoors < $1.outdoors }
  }

  /// The coefficient at an outdoor temperature.
  public func factor(at outdoors: Celsius) -> Double {
    straightLines(points.map { ($0.outdoors, $0.factor) }, at: outdoors)
  }
}

/// Warm water behind a room's valve: its temperature over that of the outdoors, and what radiator or
/// floor hand over, `G · max(0, T_w − T)ⁿ`.
public struct WaterCircuit: Sendable, Hashable {
  /// One point of the heating curve.
  public struct Point: Sendable, Hashable {
    /// The air outdoors.
    public let outdoors: Celsius
    /// The water, mean of flow and return.
    public let water: Celsius

    /// A point.
    public init(outdoors: Celsius, water: Celsius) {
      self.outdoors = outdoors
      self.water = water
    }
  }

  /// The heating curve, coldest first; one point for water of one temperature.
  public let curve: [Point]
  /// G: heat at one kelvin of difference.
  public let conductance: WattsPerKelvin
  /// n: 1.3 for radiators, 1.1 for floors. Source: EN 442-2, EN 1264-2.
  public let exponent: Double

  /// A circuit; `nil` without a point of its curve.
  public init?(curve: [Point], conductance: WattsPerKelvin, exponent: Double = 1.1) {
    guard !curve.isEmpty else { return nil }
    self.curve = curve.sorted { $0.outdoors < $1.outdoors }
    self.conductance = conductance
    self.exponent = exponent
  }

  /// The water's temperature.
  public func temperature(outdoors: Celsius) -> Celsius {
    Celsius(straightLines(curve.map { ($0.outdoors, $0.water.rawValue) }, at: outdoors))
  }

  /// Heat into a room of a temperature.
  public func heat(outdoors: Celsius, room: Celsius) -> Watts {
    heat(excess: Kelvins((temperature(outdoors: outdoors) - room).rawValue))
  }

  /// Heat of water that is so much warmer than the room; 0 when it is not.
  public func heat(excess: Kelvins) -> Watts {
    Watts(conductance.rawValue * pow(max(0, excess.rawValue), exponent))
  }
}

/// Straight lines between points in order, level beyond them.
private func straightLines(_ points: [(Celsius, Double)], at outdoors: Celsius) -> Double {
  guard let above = points.firstIndex(where: { outdoors <= $0.0 }) else {
    return points.last?.1 ?? 0
  }
  guard above > 0 else { return points[0].1 }
  let (from, to) = (points[above - 1], points[above])
  let share = (outdoors - from.0).rawValue / (to.0 - from.0).rawValue
  return from.1 + (to.1 - from.1) * share
}
