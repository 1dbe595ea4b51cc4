// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import TimeSeries

/// A Growatt SPH hybrid inverter behind a stick with OpenInverterGateway.
public actor GrowattSPHOverMQTT: DeviceDriver {
  /// Its description.
  public static let blueprint = DeviceBlueprint(
    name: "growatt_sph_mqtt",
    title: "Growatt SPH hybrid inverter, stick with OpenInverterGateway on MQTT", transport: .mqtt,
    capabilities: [.battery, .pvLimit, .gridMeter, .pvMeter, .loadMeter],
    options: [
      .init("topic", .text(default: "energy/solar"), "The stick's topic."),
      .init(
        "answer_seconds", .number(1...60, unit: "s", default: 10),
        "How long the stick may take to answer."),
    ] + GrowattOptions.all,
    remarks: GrowattOptions.remarks + [
      "Telemetry is kept by the broker: pems believes only what comes live and counts on."
    ],
    withoutPems: GrowattOptions.withoutPems)

  /// The battery and, where pems may hold it back, the PV plant.
  public nonisolated let targets: [CommandTarget]
  /// How long a slot is open without being renewed.
  public nonisolated let lease: Duration?
  private let context: DriverContext
  private let inbox: MQTTInbox
  private let stick: GrowattStick
  private let topic: String
  private let operation: GrowattOperation
  private var lastCount: Int?
  private var watcher: Task<Void, Never>?

  /// A driver of a configured inverter.
  public init(_ context: DriverContext) throws(DeviceError) {
    self.context = context
    let client = try context.requireBroker()
    let battery = try context.requireBattery()
    let settings = context.settings
    inbox = MQTTInbox(client)
    topic = settings.text("topic")
    stick = GrowattStick(
      device: settings.name, client: client, topic: topic,
      patience: .seconds(settings.number("answer_seconds") ?? 10))
    targets = GrowattOptions.targets(context, battery)
    lease = .seconds((settings.number("lease_min") ?? 30) * 60)
    operation = GrowattOperation(context, battery: battery, link: stick)
  }

  /// Listens to the stick, and asks now and then whether the inverter is as it was left.
  public func start() {
    inbox.open([topic, "\(topic)/result"]) { [weak self, topic, stick] message in
      if message.topic == topic {
        await self?.receive(message)
      } else {
        stick.receive(message)
      }
    }
    guard context.mayCommand else { return }
    let period = Duration.seconds(context.settings.number("check_seconds") ?? 20)
    watcher = Task { [weak self] in
      while !Task.isCancelled {
        try? await Task.sleep(for: period)  // ends when it is cancelled
        await self?.watch()
      }
    }
  }

  /// Listens no more.
  public func stop() {
    watcher?.cancel()
    inbox.close()
  }

  private func receive(_ message: MQTTMessage) async {
    guard !message.isRetained, let telemetry = GrowattTelemetry(message),
      telemetry.count == nil || telemetry.count != lastCount
    else { return }
    lastCount = telemetry.count
    await operation.note(telemetry.stateOfCharge)
    await operation.note(grid: telemetry.grid)
    telemetry.post(to: context.board, at: context.now())
  }

  private func watch() async {
    guard let target = targets.first else { return }
    // A stick that is away is told by the next order or the next check.
    if let event = try? await operation.watch(target: target) { context.notice(event) }
    if let event = try? await operation.watchLimits() { context.notice(event) }
  }

  /// Puts the battery into a mode and waits until the inverter works by it.
  public func carryOut(_ action: Command.Action, until end: Date) async throws(DeviceError) {
    guard targets.contains(action.target) else {
      throw .refused(device: context.settings.name, "it has no \(action.target)")
    }
    if case .battery(_, let mode) = action {
      try await operation.carryOut(mode, until: end)
    } else {
      try await operation.limit(action)
    }
  }

  /// A time slot ends by itself, a limit of the production does not.
  public nonisolated func lease(of target: CommandTarget) -> Duration? {
    target == .pv ? nil : lease
  }

  /// Leaves the inverter in load-first with all slots off and its production free.
  public func handBack() async throws(DeviceError) {
    try await operation.handBack()
    try await operation.liftLimits()
  }

  /// Leaves one of both to itself.
  public func handBack(_ target: CommandTarget) async throws(DeviceError) {
    if target == .pv {
      try await operation.liftLimits()
    } else {
      try await operation.handBack()
    }
  }
}

/// What both ways to a Growatt SPH have in common in the configuration.
enum GrowattOptions {
  static let usualWritesPerDay = 150

  static let all: [DeviceBlueprint.Option] = [
    .init(
      "lease_min", .number(5...240, unit: "minutes", default: 30),
      "How long a time slot is open without being renewed."),
    .init(
      "writes_per_day", .number(10...2_000, unit: "", default: Double(usualWritesPerDay)),
      "Settings written in a day; the inverter's memory bears about 100 000 in its life."),
    .init(
      "check_seconds", .number(1...3_600, unit: "s", default: 20),
      "How often pems looks whether the inverter still has what it confirmed."),
    .init(
      "export_control", .choice(["yes", "no"]),
      "Whether pems holds production back while feeding in costs money."),
    .init(
      "active_rate_percent", .number(1...100, unit: "%", default: 100),
      "The active power rate that pems leaves when nothing is limited."),
  ]

  static func targets(_ context: DriverContext, _ battery: Battery) -> [CommandTarget] {
    [.battery(battery.name)] + (plant(context) == nil ? [] : [.pv])
  }

  /// The plant, where the configuration lets pems hold it back.
  static func plant(_ context: DriverContext) -> GrowattOperation.Plant? {
    guard context.settings.text("export_control") == "yes", let inverter = context.home.inverter
    else { return nil }
    return GrowattOperation.Plant(
      rated: inverter.ratedPower, connection: context.home.grid.exportLimit,
      activeRate: context.settings.integer("active_rate_percent") ?? 100)
  }

  static let remarks = [
    "Hold is battery-first with the stop at the live state of charge: PV is exported meanwhile.",
    "Battery-first charges from the grid up to its stop even with AC charge off, on most firmwares.",
    "Load-first discharges down to the inverter's own limit; the stop of load-first is no floor.",
    "Slots 2 and 3 of both priorities are switched off: they would overrule pems.",
    "The inverter's clock is set when it is off by a minute, because slots go by it.",
    "Slots end on half hours, so a slot stays open for up to half an hour more than its lease.",
    "Export is limited by registers 122 and 123, production by 3 (active power rate); a limit needs the "
      + "inverter's own meter at the connection.",
    "What may be fed in without a limit is `grid.export_limit_w`: pems writes that when it lifts one.",
  ]

  static let withoutPems =
    "The time slot ends by the inverter's own clock; it is in load-first (self-consumption) again. A limit "
    + "of the export stays until pems is back or `pems run --hand-back` lifts it."
}
