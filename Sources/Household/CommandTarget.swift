// SPDX-License-Identifier: MIT
import TimeSeries

/// What a command is for: at most one command holds for each target.
public enum CommandTarget: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
  /// The heater of a room.
  case room(String)
  /// A battery.
  case battery(String)
  /// A wallbox.
  case chargePoint(String)
  /// An appliance that is run when it suits.
  case appliance(String)
  /// The PV plant: what it produces and what of it is fed in.
  case pv

  /// Orders by the text.
  public static func < (left: Self, right: Self) -> Bool { left.description < right.description }

  /// `room kitchen`.
  public var description: String {
    switch self {
    case .room(let name): "room \(name)"
    case .battery(let name): "battery \(name)"
    case .chargePoint(let name): "charge point \(name)"
    case .appliance(let name): "appliance \(name)"
    case .pv: "pv"
    }
  }
}

extension Command.Action {
  /// What the action is for.
  public var target: CommandTarget {
    switch self {
    case .heat(let room, _): .room(room)
    case .battery(let name, _): .battery(name)
    case .charge(let chargePoint, _): .chargePoint(chargePoint)
    case .run(let appliance, _): .appliance(appliance)
    case .limitPV, .limitExport: .pv
    }
  }
}

extension Command.Action: CustomStringConvertible {
  /// `on`, `charge 2000 W until 80 %`: what the target is told, without its name.
  public var description: String {
    switch self {
    case .heat(_, let isOn): isOn ? "on" : "off"
    case .battery(_, let mode): "\(mode)"
    case .charge(_, let power): "at most \(power)"
    case .run(_, let isOn): isOn ? "on" : "off"
    case .limitPV(let limit): limit.map { "at most \($0)" } ?? "unlimited"
    case .limitExport(let limit): "exports at most \(limit)"
    }
  }
}

extension BatteryMode: CustomStringConvertible {
  /// `charge 2000.0 W until 80.0 %`.
  public var description: String {
    switch self {
    case .selfConsumption: "self-consumption"
    case .hold: "hold"
    case .chargeFromGrid(let power, let until): "charge \(power) until \(until.percent) %"
    case .dischargeToGrid(let power, let until): "discharge \(power) until \(until.percent) %"
    }
  }
}
