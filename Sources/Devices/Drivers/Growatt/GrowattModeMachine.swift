// SPDX-License-Identifier: MIT
import Foundation
import Household
import TimeSeries

/// Turns what pems wants of a battery into settings of a Growatt SPH, with the inverter's own ways:
///
/// - battery-first charges up to its stop SoC, from the grid if need be, even with AC charge off, and
///   does not discharge: with the stop at the live SoC it holds;
/// - grid-first gives its power rate down to its stop SoC;
/// - load-first is self-consumption, and what is left when no slot is open.
///
/// A slot that ends by itself is the dead-man: without pems the inverter is in load-first again.
struct GrowattModeMachine: Sendable {
  let battery: Battery
  /// The inverter's wall clock.
  let timeZone: TimeZone

  /// The inverter's clock may be late by this.
  private static let clockMargin = 60.0
  private static let lastMinute = 23 * 60 + 59
  /// Slots end on half hours, so that most renewals need no write.
  private static let slotStep = 30

  /// The settings for a mode.
  ///
  /// - Parameters:
  ///   - stateOfCharge: the live one; needed to hold.
  ///   - now: the slot begins then.
  ///   - end: the slot ends then, at the latest at 23:59.
  ///   - current: what is set now; values that do not matter are kept.
  /// - Returns: `nil` when the state of charge is needed and not known.
  func settings(
    for mode: BatteryMode, stateOfCharge: Fraction?, from now: Date, until end: Date,
    current: GrowattSettings
  ) -> GrowattSettings? {
    var settings = current
    for kind in [GrowattSettings.Kind.batteryFirst, .gridFirst] {
      for index in 0..<3 { settings[kind].slots[index].isEnabled = false }
    }
    let slot = slot(from: now, until: end, current: current, mode: mode)
    switch mode {
    case .selfConsumption: return settings
    case .hold:
      guard let stateOfCharge else { return nil }
      let stop = holdingStop(stateOfCharge, current: current)
      settings.batteryFirst.stopStateOfCharge = stop
      settings.batteryFirst.slots[0] = slot
      settings.chargesFromGrid = false
    case .chargeFromGrid(let power, let until):
      settings.batteryFirst.powerRate = Self.rate(power, of: battery.maximumCharge)
      settings.batteryFirst.stopStateOfCharge = percent((until.percent - Self.noise).rounded(.up))
      settings.batteryFirst.slots[0] = slot
      settings.chargesFromGrid = true
    case .dischargeToGrid(let power, let until):
      settings.gridFirst.powerRate = Self.rate(power, of: battery.maximumDischarge)
      settings.gridFirst.stopStateOfCharge = percent((until.percent + Self.noise).rounded(.down))
      settings.gridFirst.slots[0] = slot
    }
    return settings
  }

  /// The priority that the inverter shows in input register 118.
  static func priority(of mode: BatteryMode) -> Int {
    switch mode {
    case .selfConsumption: 0
    case .hold, .chargeFromGrid: 1
    case .dischargeToGrid: 2
    }
  }

  /// The live SoC without its fraction; an older stop that still does the same is kept.
  private func holdingStop(_ stateOfCharge: Fraction, current: GrowattSettings) -> Int {
    let floor = percent((stateOfCharge.percent + Self.noise).rounded(.down))
    let old = current.batteryFirst.stopStateOfCharge
    let isHolding = current.batteryFirst.slots[0].isEnabled && !current.chargesFromGrid
    return isHolding && (floor - 2...floor).contains(old) ? old : floor
  }

  /// 14 % are 14.000000000000002 % once they were a fraction, which is no reason for 15.
  private static let noise = 1e-6

  private func percent(_ value: Double) -> Int {
    Int(min(100, max(battery.stateOfChargeBand.lowerBound.percent, value)))
  }

  /// Rounded down: what a fuse allows must not become more. The smallest rate is one step.
  private static func rate(_ power: Watts, of maximum: Watts) -> Int {
    guard maximum > .zero else { return 1 }
    let settable = Battery.settable(atMost: power, of: maximum)
    return max(Int(Battery.powerStepPercent), Int((settable / maximum * 100).rounded()))
  }

  /// The slot from a minute ago until the end, the old one's start kept while it is open.
  private func slot(
    from now: Date, until end: Date, current: GrowattSettings, mode: BatteryMode
  ) -> GrowattSettings.Slot {
    let calendar = inverterCalendar(at: now)
    func minute(of date: Date) -> Int {
      let parts = calendar.dateComponents([.hour, .minute], from: date)
      return (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
    }
    let start = minute(of: now.addingTimeInterval(-Self.clockMargin))
    let isSameDay = calendar.isDate(now, inSameDayAs: end)
    let last = minute(of: end.addingTimeInterval(59))
    let stop =
      isSameDay && last > 0
      ? min(Self.lastMinute, (last + Self.slotStep - 1) / Self.slotStep * Self.slotStep)
      : Self.lastMinute
    let present = minute(of: now)
    let kind: GrowattSettings.Kind =
      Self.priority(of: mode) == 2 ? .gridFirst : .batteryFirst
    let old = current[kind].slots[0]
    let begins =
      old.isEnabled && old.startMinute <= present && present < old.stopMinute
      ? old.startMinute : min(start, present)
    return GrowattSettings.Slot(startMinute: begins, stopMinute: stop, isEnabled: true)
  }

  /// The inverter's clock knows no summer time: until it is set again it goes on as it was set.
  private func inverterCalendar(at now: Date) -> Calendar {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone =
      TimeZone(secondsFromGMT: timeZone.secondsFromGMT(for: now)) ?? timeZone
    return calendar
  }
}
