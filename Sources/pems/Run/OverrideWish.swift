// SPDX-License-Identifier: MIT
import Control
import Foundation
import Household
import Spelling
import TimeSeries

/// A wish as people write it: `{"target":"room","name":"kitchen","wish":"on","minutes":120}`.
struct OverrideWish: Codable, Sendable {
  var target: String
  var name: String
  /// `auto`, `on`, `off`, `hands_off`, a mode of the battery, or `no_export`, `limit`, `free` for PV;
  /// for the target `house`: `auto`, `hands_off`, `off`.
  var wish: String
  var minutes: Double?
  /// For charge, discharge and limit.
  var powerWatts: Double?

  enum CodingKeys: String, CodingKey {
    case target, name, wish, minutes
    case powerWatts = "power_w"
  }

  /// What it means for a home.
  func change(
    home: Home, source: Override.Source, now: Date
  ) throws(CommandFailure) -> OverrideChange {
    if target == "house" { return try houseChange(home: home, source: source, now: now) }
    let target = try resolved(home)
    if wish == "auto" { return .clear(target) }
    let minutes = minutes ?? 120
    guard (1...2_880).contains(minutes) else {
      throw .failed("an override lasts 1 to 2880 minutes, not \(minutes.formatted())")
    }
    let until = now.addingTimeInterval(minutes * 60)
    if wish == "hands_off" {
      return .set(Override(.handsOff(target), until: until, source: source, since: now))
    }
    return .set(
      Override(.action(try action(target, home)), until: until, source: source, since: now))
  }

  /// The wish for everything that pems controls: leave it alone, switch it off, or go on.
  private func houseChange(
    home: Home, source: Override.Source, now: Date
  ) throws(CommandFailure) -> OverrideChange {
    var parts = home.heatedRooms.map { ("room", $0.name, "off") }
    parts += home.chargePoints.map { ("charge_point", $0.name, "stop") }
    parts += home.appliances.map { ("appliance", $0.name, "off") }
    if let battery = home.battery { parts.append(("battery", battery.name, "self_consumption")) }
    if home.inverter != nil, wish != "off" { parts.append(("pv", "pv", "free")) }
    guard ["auto", "hands_off", "off"].contains(wish) else {
      throw .failed("'\(wish)' is no wish for the house; auto, hands_off and off are")
    }
    var changes: [OverrideChange] = []
    for (target, name, off) in parts {
      let part = OverrideWish(
        target: target, name: name, wish: wish == "off" ? off : wish, minutes: minutes)
      changes.append(try part.change(home: home, source: source, now: now))
    }
    return .every(changes)
  }

  private func resolved(_ home: Home) throws(CommandFailure) -> CommandTarget {
    switch target {
    case "room" where home.heatedRooms.contains { $0.name == name }: return .room(name)
    case "battery":
      guard let battery = home.battery else { throw .failed("this home has no battery") }
      return .battery(battery.name)
    case "pv" where home.inverter != nil: return .pv
    case "charge_point" where home.chargePoints.contains { $0.name == name }:
      return .chargePoint(name)
    case "appliance" where home.appliances.contains { $0.name == name }: return .appliance(name)
    default: throw .failed(unknownTarget(home))
    }
  }

  /// What there is in place of a target that is not there.
  private func unknownTarget(_ home: Home) -> String {
    let names: [String: [String]] = [
      "room": home.heatedRooms.map(\.name), "charge_point": home.chargePoints.map(\.name),
      "appliance": home.appliances.map(\.name), "pv": [],
    ]
    guard let known = names[target] else {
      return
        "'\(target)' cannot be overridden; room, battery, charge_point, appliance, pv and house can"
    }
    guard !known.isEmpty else { return "this home has no \(target) that can be overridden" }
    let near = NearestMatch.of(name, in: known).map { "did you mean '\($0)'?" }
    return "there is no \(target) '\(name)' that can be overridden; "
      + (near ?? "there are \(known.joined(separator: ", "))")
  }

  /// The wishes that a target knows, beside `auto` and `hands_off`.
  private static func wishes(for target: CommandTarget) -> String {
    switch target {
    case .room, .appliance: "on, off"
    case .battery: "self_consumption, hold, charge, discharge"
    case .chargePoint: "charge, stop"
    case .pv: "no_export, limit, free"
    }
  }

  private func action(
    _ target: CommandTarget, _ home: Home
  ) throws(CommandFailure) -> Command.Action {
    switch (target, wish) {
    case (.room(let room), "on"): return .heat(room: room, isOn: true)
    case (.room(let room), "off"): return .heat(room: room, isOn: false)
    case (.appliance(let name), "on"): return .run(appliance: name, isOn: true)
    case (.appliance(let name), "off"): return .run(appliance: name, isOn: false)
    case (.pv, "no_export"): return .limitExport(.zero)
    case (.pv, "free"): return .limitPV(nil)
    case (.pv, "limit"): return .limitPV(Watts(max(0, powerWatts ?? 0)))
    case (.chargePoint(let name), "stop"): return .charge(chargePoint: name, power: .zero)
    case (.chargePoint(let name), "charge"):
      guard let point = home.chargePoints.first(where: { $0.name == name }) else { break }
      let power = powerWatts.map { Watts($0) } ?? point.maximumPower
      return .charge(chargePoint: name, power: min(power, point.maximumPower))
    case (.battery(let name), _):
      guard let battery = home.battery, let mode = mode(of: battery) else { break }
      return .battery(name: name, mode: mode)
    default: break
    }
    throw .failed(
      "'\(wish)' is no wish for \(target); \(Self.wishes(for: target)), hands_off and auto are")
  }

  private func mode(of battery: Battery) -> BatteryMode? {
    let power = powerWatts.map { Watts($0) } ?? Watts(.infinity)
    switch wish {
    case "self_consumption": return .selfConsumption
    case "hold": return .hold
    case "charge":
      return .chargeFromGrid(
        power: min(power, battery.maximumCharge), until: battery.stateOfChargeBand.upperBound)
    case "discharge":
      return .dischargeToGrid(
        power: min(power, battery.maximumDischarge), until: battery.stateOfChargeBand.lowerBound)
    default: return nil
    }
  }

  /// The word for a wish.
  static func word(for wish: Override.Wish) -> String {
    switch wish {
    case .handsOff: "hands_off"
    case .action(.heat(_, let isOn)): isOn ? "on" : "off"
    case .action(.battery(_, .selfConsumption)): "self_consumption"
    case .action(.battery(_, .hold)): "hold"
    case .action(.battery(_, .chargeFromGrid)): "charge"
    case .action(.battery(_, .dischargeToGrid)): "discharge"
    case .action(.charge(_, let power)): power > .zero ? "charge" : "stop"
    case .action(.run(_, let isOn)): isOn ? "on" : "off"
    case .action(.limitExport): "no_export"
    case .action(.limitPV(let limit)): limit == nil ? "free" : "limit"
    }
  }
}
