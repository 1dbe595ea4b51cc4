// SPDX-License-Identifier: MIT
import Foundation
import Household
import TimeSeries

/// The settings of a Growatt SPH as its stick shows them, in front of a simulated battery: answers
/// commands, and tells what the battery does by them. Time is the twin's.
struct TwinStick {
  private struct Slot {
    var start = 0
    var stop = 0
    var isEnabled = false
  }

  private struct Priority {
    var rate = 100
    var stop = 10
    var slot = Slot()
  }

  let battery: Battery
  let calendar: SiteCalendar
  private var priorities = ["batteryfirst": Priority(), "gridfirst": Priority()]
  private var chargesFromGrid = false
  /// Holding registers by their address: active power rate, whether the export is limited, to what.
  private var registers = [3: 100, 122: 0, 123: 1_000]

  init(battery: Battery, calendar: SiteCalendar) {
    self.battery = battery
    self.calendar = calendar
  }

  /// Carries a command out.
  ///
  /// - Returns: what the answer holds beside the correlation.
  mutating func answer(_ command: String, _ fields: [String: Any], at time: Date) -> [String: Any] {
    let parts = command.split(separator: "/").map(String.init)
    let value = (fields["value"] as? NSNumber)?.intValue
    guard parts.count >= 2, var priority = priorities[parts[0]] else {
      return other(command, fields, at: time)
    }
    switch parts.dropFirst().joined(separator: "/") {
    case "get":
      let slot = priority.slot
      return [
        "success": true, "powerRate": priority.rate, "stopSOC": priority.stop,
        "acChargeEnabled": chargesFromGrid,
        "timeSlots": (1...3).map { number in
          [
            "slot": number, "start": Self.clock(number == 1 ? slot.start : 0),
            "stop": Self.clock(number == 1 ? slot.stop : 0),
            "enabled": number == 1 && slot.isEnabled,
          ] as [String: Any]
        },
      ]
    case "set/timeslot":
      guard fields["slot"] as? Int == 1, let start = Self.minute(fields["start"]),
        let stop = Self.minute(fields["stop"])
      else { return ["success": true] }
      priority.slot = Slot(
        start: start, stop: stop, isEnabled: fields["enabled"] as? Bool ?? false)
    case "set/powerrate": priority.rate = value ?? priority.rate
    case "set/stopsoc": priority.stop = value ?? priority.stop
    case "set/acchargeenabled": chargesFromGrid = value == 1
    default: return ["success": false, "message": "Unknown command: \(command)"]
    }
    priorities[parts[0]] = priority
    return ["success": true]
  }

  private mutating func other(
    _ command: String, _ fields: [String: Any], at time: Date
  ) -> [String: Any] {
    func number(_ key: String) -> Int { (fields[key] as? NSNumber)?.intValue ?? 0 }
    switch command {
    case "modbus/get" where fields["registerType"] as? String == "H":
      return ["success": true, "value": registers[number("id")] ?? 0]
    case "modbus/set": registers[number("id")] = number("value")
    case "export/enable": (registers[122], registers[123]) = (1, 1_000)
    case "export/disable": (registers[122], registers[123]) = (1, 0)
    case "power/set/activerate": registers[3] = number("value")
    case "modbus/get": return ["success": true, "value": open(at: time)?.priority ?? 0]
    case "datetime/get", "datetime/set":
      return ["success": true, "value": Self.text(time, calendar.timeZone)]
    default: return ["success": false, "message": "Unknown command: \(command)"]
    }
    return ["success": true]
  }

  /// What the inverter does to production by its registers.
  func limit(rated: Watts) -> Command.Action {
    if let rate = registers[3], rate < 100 { return .limitPV(rated * (Double(rate) / 100)) }
    guard registers[122] == 1, let thousandths = registers[123], thousandths < 1_000 else {
      return .limitPV(nil)
    }
    return .limitExport(rated * (Double(thousandths) / 1_000))
  }

  /// There is no 24:00: a slot until 23:59 is open to the end of the day.
  private static let lastMinute = 23 * 60 + 59

  private func open(at time: Date) -> (priority: Int, kind: String, end: Date)? {
    let minute = calendar.wallTime(at: time).minuteOfDay
    for (priority, kind) in [(1, "batteryfirst"), (2, "gridfirst")] {
      guard let slot = priorities[kind]?.slot, slot.isEnabled, slot.start <= minute,
        minute < slot.stop || slot.stop == Self.lastMinute
      else { continue }
      return (priority, kind, time.addingTimeInterval(Double(slot.stop - minute) * 60))
    }
    return nil
  }

  /// What the battery does by the settings, and until when.
  func mode(at time: Date, stateOfCharge: Fraction) -> (mode: BatteryMode, until: Date)? {
    guard let (_, kind, end) = open(at: time), let priority = priorities[kind] else { return nil }
    let stop = Fraction.percent(Double(priority.stop))
    if kind == "gridfirst" {
      return (
        .dischargeToGrid(
          power: battery.maximumDischarge * (Double(priority.rate) / 100), until: stop), end
      )
    }
    // One that only holds compares the whole per cents that it shows; one that charges fills up to its
    // stop.
    let isBelow =
      chargesFromGrid
      ? stateOfCharge < stop : Int(stateOfCharge.percent.rounded()) < priority.stop
    guard isBelow else { return (.hold, end) }
    return (
      .chargeFromGrid(power: battery.maximumCharge * (Double(priority.rate) / 100), until: stop),
      end
    )
  }

  private static func clock(_ minute: Int) -> String {
    String(format: "%02d:%02d", minute / 60, minute % 60)
  }

  private static func minute(_ value: Any?) -> Int? {
    let parts = (value as? String)?.split(separator: ":").compactMap { Int($0) } ?? []
    return parts.count == 2 ? parts[0] * 60 + parts[1] : nil
  }

  private static func text(_ time: Date, _ zone: TimeZone) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = zone
    formatter.dateFormat = "'00'yy-MM-dd HH:mm:ss"
    return formatter.string(from: time)
  }
}
