// SPDX-License-Identifier: MIT
import Household

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
