// SPDX-License-Identifier: MIT
import Foundation
import Household
import TimeSeries

/// Carries out battery modes over a link, whichever it is: reads, writes what differs, reads back, and
/// watches that it stays so. One conversation with the inverter at a time: a conversation is many
/// questions, and the settings must not change between them.
actor GrowattOperation {
  let device: String
  let link: any GrowattLink
  /// What can be held back; `nil` where pems leaves production alone.
  let plant: Plant?
  private let machine: GrowattModeMachine
  private let now: @Sendable () -> Date
  /// Settings that may be written in a day; the memory bears about 100 000.
  private let writesPerDay: Int
  private var writesToday = 0
  private var day: Date = .distantPast
  /// What the inverter confirmed last.
  private var confirmed: (settings: GrowattSettings, mode: BatteryMode, until: Date)?
  private var stateOfCharge: Fraction?
  private var clockChecked: (time: Date, offset: Int)?
  private var isProbed = false
  private(set) var isBusy = false
  /// The limits of production that the inverter confirmed last.
  var confirmedLimits: GrowattLimits?
  /// Telegrams in a row that showed more export than confirmed.
  var exceeded = 0
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(_ context: DriverContext, battery: Battery, link: any GrowattLink) {
    device = context.settings.name
    self.link = link
    machine = GrowattModeMachine(battery: battery, timeZone: context.home.site.timeZone)
    now = context.now
    plant = GrowattOptions.plant(context)
    writesPerDay =
      context.settings.integer("writes_per_day") ?? GrowattOptions.usualWritesPerDay
  }

  /// Takes the live state of charge, which holding needs.
  func note(_ stateOfCharge: Fraction?) {
    self.stateOfCharge = stateOfCharge ?? self.stateOfCharge
  }

  /// Waits for the end of the conversation that is under way, in the order of coming.
  func begin() async {
    guard isBusy else {
      isBusy = true
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  /// Hands the inverter to the next who waits.
  func finish() {
    guard !waiting.isEmpty else {
      isBusy = false
      return
    }
    waiting.removeFirst().resume()
  }

  /// Puts the inverter into a mode and returns when it shows it.
  func carryOut(_ mode: BatteryMode, until end: Date) async throws(DeviceError) {
    await begin()
    defer { finish() }
    if !isProbed {
      try await link.probe()
      isProbed = true
    }
    try await checkClock()
    try await setMode(mode, until: end)
  }

  /// Slots go by the inverter's clock: it is looked at every hour and after a change of summer time.
  private func checkClock() async throws(DeviceError) {
    let (time, zone) = (now(), machine.timeZone)
    let offset = zone.secondsFromGMT(for: time)
    if let last = clockChecked, last.offset == offset,
      abs(time.timeIntervalSince(last.time)) < Self.clockPeriod
    {
      return
    }
    if let shown = try await link.clock(zone),
      abs(shown.timeIntervalSince(time)) >= Self.clockTolerance
    {
      try await link.setClock(now(), zone)
    }
    clockChecked = (time, offset)
  }

  private static let clockPeriod = 3_600.0
  private static let clockTolerance = 60.0

  private func setMode(_ mode: BatteryMode, until end: Date) async throws(DeviceError) {
    let time = now()
    let current = try await link.settings()
    guard
      let target = machine.settings(
        for: mode, stateOfCharge: stateOfCharge, from: time, until: end, current: current)
    else { throw .timeout(device: device, waitedFor: "the state of charge") }
    let writes = current.writes(to: target)
    try spend(writes.count, isWayBack: mode == .selfConsumption)
    // From here on the inverter has neither the old settings nor all of the new ones.
    if !writes.isEmpty { confirmed = nil }
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

  /// Counts settings that are about to be written. The way back to what the inverter does by itself is
  /// always open.
  func spend(_ count: Int, isWayBack: Bool) throws(DeviceError) {
    let today = Date(timeIntervalSince1970: (now().timeIntervalSince1970 / 86_400).rounded(.down))
    if today != day { (day, writesToday) = (today, 0) }
    guard isWayBack || writesToday + count <= writesPerDay else {
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

  /// Compares what the inverter has with what it confirmed; not while somebody talks to it.
  ///
  /// - Returns: what to tell, when it differs before its end.
  func watch(target: CommandTarget) async throws(DeviceError) -> DeviceEvent? {
    guard !isBusy, let confirmed, now() < confirmed.until else { return nil }
    await begin()
    defer { finish() }
    let shown = try await link.settings()
    guard !shown.doesTheSame(as: confirmed.settings) else { return nil }
    self.confirmed = nil
    return shown.isLoadFirst
      ? .lost(target, reason: "the inverter forgot its time slots; was it restarted?")
      : .changedByHand(target, shown: "time slots that pems did not set")
  }

  /// Load-first with all slots off.
  func handBack() async throws(DeviceError) {
    await begin()
    defer { finish() }
    try await setMode(.selfConsumption, until: now())
    confirmed = nil
  }
}
