// SPDX-License-Identifier: MIT
import Foundation
import Household
import TimeSeries

/// The two ways to the settings of a Growatt SPH: the MQTT stick and Modbus.
protocol GrowattLink: Sendable {
  /// All settings as the inverter has them.
  func settings() async throws(DeviceError) -> GrowattSettings
  /// Writes one.
  func write(_ write: GrowattSettings.Write) async throws(DeviceError)
  /// The priority the inverter works by now: 0 load, 1 battery, 2 grid; `nil` where it cannot tell.
  func priority() async throws(DeviceError) -> Int?
}

/// Carries out battery modes over a link: reads, writes what differs, reads back, and watches that
/// it stays so.
struct GrowattOperation: Sendable {
  let device: String
  let link: any GrowattLink
  let machine: GrowattModeMachine
  /// Settings that may be written in a day; the memory bears about 100 000.
  let writesPerDay: Int
  private(set) var writesToday = 0
  private var day: Date = .distantPast
  /// What the inverter confirmed last.
  private(set) var confirmed: (settings: GrowattSettings, mode: BatteryMode, until: Date)?

  init(device: String, link: any GrowattLink, machine: GrowattModeMachine, writesPerDay: Int) {
    self.device = device
    self.link = link
    self.machine = machine
    self.writesPerDay = writesPerDay
  }

  /// Puts the inverter into a mode and returns when it shows it.
  mutating func carryOut(
    _ mode: BatteryMode, stateOfCharge: Fraction?, now: Date, until end: Date
  ) async throws(DeviceError) {
    let current = try await link.settings()
    guard
      let target = machine.settings(
        for: mode, stateOfCharge: stateOfCharge, from: now, until: end, current: current)
    else { throw .timeout(device: device, waitedFor: "the state of charge") }
    let writes = current.writes(to: target)
    try spend(writes.count, mode: mode, now: now)
    for write in writes { try await link.write(write) }
    if !writes.isEmpty {
      let shown = try await link.settings()
      guard shown.doesTheSame(as: target) else {
        throw .mismatch(
          device: device, wanted: "\(mode)", shown: "settings without \(shown.writes(to: target))")
      }
    }
    try await expectPriority(of: mode)
    confirmed = (target, mode, end)
  }

  /// The way back to self-consumption is always open.
  private mutating func spend(
    _ count: Int, mode: BatteryMode, now: Date
  ) throws(DeviceError) {
    let today = Date(timeIntervalSince1970: (now.timeIntervalSince1970 / 86_400).rounded(.down))
    if today != day { (day, writesToday) = (today, 0) }
    guard mode == .selfConsumption || writesToday + count <= writesPerDay else {
      throw .writeBudget(device: device, writes: writesToday)
    }
    writesToday += count
  }

  /// The inverter looks at its slots every few seconds.
  private func expectPriority(of mode: BatteryMode) async throws(DeviceError) {
    let wanted = GrowattModeMachine.priority(of: mode)
    var shown: Int?
    for attempt in 0..<5 {
      if attempt > 0 { try? await Task.sleep(for: .seconds(1)) }  // a cancelled wait asks again
      shown = try await link.priority()
      if shown == nil || shown == wanted { return }
    }
    throw .mismatch(
      device: device, wanted: "priority \(wanted)", shown: "\(shown.map(String.init) ?? "none")")
  }

  /// Compares what the inverter has with what it confirmed.
  ///
  /// - Returns: what to tell, when it differs before its end.
  mutating func watch(target: CommandTarget, now: Date) async throws(DeviceError) -> DeviceEvent? {
    guard let confirmed, now < confirmed.until else { return nil }
    let shown = try await link.settings()
    guard !shown.doesTheSame(as: confirmed.settings) else { return nil }
    self.confirmed = nil
    return shown.isLoadFirst
      ? .lost(target, reason: "the inverter forgot its time slots; was it restarted?")
      : .changedByHand(target, shown: "time slots that pems did not set")
  }

  /// Load-first with all slots off.
  mutating func handBack(now: Date) async throws(DeviceError) {
    try await carryOut(.selfConsumption, stateOfCharge: nil, now: now, until: now)
    confirmed = nil
  }
}
