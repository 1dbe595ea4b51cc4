// SPDX-License-Identifier: MIT
import Foundation
import Household
import TimeSeries

/// A Growatt SPH's registers over Modbus. Source: Growatt protocol II v1.24.
struct GrowattRegisters: GrowattLink {
  let device: String
  let connection: ModbusConnection

  private enum Holding {
    static let activeRate = 3
    /// Whether the export is limited, and to how many thousandths of the rated power.
    static let exportLimit = 122
    /// Year of the century, month, day, hour, minute, second.
    static let clock = 45
    static let gridFirst = 1_070
    static let gridFirstSlots = 1_080
    static let batteryFirst = 1_090
    static let batteryFirstSlots = 1_100
  }

  /// Every SPH of protocol II has the registers.
  func probe() async throws(DeviceError) {}

  func settings() async throws(DeviceError) -> GrowattSettings {
    // 1070…1108 are 39 registers; an SPH gives 64 at once.
    let words = try await connection.read(.holding, at: Holding.gridFirst, count: 39)
    func word(_ address: Int) -> Int { Int(words[address - Holding.gridFirst]) }
    func slots(_ base: Int) -> [GrowattSettings.Slot] {
      (0..<3).map { index in
        GrowattSettings.Slot(
          startMinute: Self.minute(word(base + 3 * index)),
          stopMinute: Self.minute(word(base + 3 * index + 1)),
          isEnabled: word(base + 3 * index + 2) == 1)
      }
    }
    var settings = GrowattSettings()
    settings.gridFirst = GrowattSettings.Priority(
      powerRate: word(Holding.gridFirst), stopStateOfCharge: word(Holding.gridFirst + 1),
      slots: slots(Holding.gridFirstSlots))
    settings.batteryFirst = GrowattSettings.Priority(
      powerRate: word(Holding.batteryFirst), stopStateOfCharge: word(Holding.batteryFirst + 1),
      slots: slots(Holding.batteryFirstSlots))
    settings.chargesFromGrid = word(Holding.batteryFirst + 2) == 1
    return settings
  }

  func write(_ write: GrowattSettings.Write) async throws(DeviceError) {
    switch write {
    case .slot(let kind, let number, let slot):
      let base = kind == .batteryFirst ? Holding.batteryFirstSlots : Holding.gridFirstSlots
      let start = slot.isEnabled ? Self.word(slot.startMinute) : 0
      let stop = slot.isEnabled ? Self.word(slot.stopMinute) : 0
      try await connection.write(
        [start, stop, slot.isEnabled ? 1 : 0], at: base + 3 * (number - 1))
    case .powerRate(let kind, let percent):
      try await connection.write([UInt16(percent)], at: base(kind))
    case .stopStateOfCharge(let kind, let percent):
      try await connection.write([UInt16(percent)], at: base(kind) + 1)
    case .chargesFromGrid(let isOn):
      try await connection.write([isOn ? 1 : 0], at: Holding.batteryFirst + 2)
    }
  }

  private func base(_ kind: GrowattSettings.Kind) -> Int {
    kind == .batteryFirst ? Holding.batteryFirst : Holding.gridFirst
  }

  func limits() async throws(DeviceError) -> GrowattLimits {
    let export = try await connection.read(.holding, at: Holding.exportLimit, count: 2)
    let rate = try await connection.read(.holding, at: Holding.activeRate, count: 1)
    return GrowattLimits(
      limitsExport: export[0] != 0, exportThousandths: Int(export[1]), activeRate: Int(rate[0]))
  }

  func write(_ write: GrowattLimits.Write) async throws(DeviceError) {
    switch write {
    case .export(let thousandths):
      try await connection.write([1, UInt16(thousandths)], at: Holding.exportLimit)
    case .activeRate(let percent):
      try await connection.write([UInt16(percent)], at: Holding.activeRate)
    }
  }

  func priority() async throws(DeviceError) -> Int? {
    Int(try await connection.read(.input, at: 118, count: 1)[0])
  }

  func clock(_ timeZone: TimeZone) async throws(DeviceError) -> Date? {
    let words = try await connection.read(.holding, at: Holding.clock, count: 6).map(Int.init)
    var parts = DateComponents()
    (parts.year, parts.month, parts.day) = (2_000 + words[0] % 100, words[1], words[2])
    (parts.hour, parts.minute, parts.second) = (words[3], words[4], words[5])
    return Self.calendar(timeZone).date(from: parts)
  }

  func setClock(_ time: Date, _ timeZone: TimeZone) async throws(DeviceError) {
    let parts = Self.calendar(timeZone).dateComponents(
      [.year, .month, .day, .hour, .minute, .second], from: time)
    let numbers = [
      (parts.year ?? 2_000) % 100, parts.month ?? 1, parts.day ?? 1, parts.hour ?? 0,
      parts.minute ?? 0, parts.second ?? 0,
    ]
    try await connection.write(numbers.map { UInt16($0) }, at: Holding.clock)
  }

  private static func calendar(_ timeZone: TimeZone) -> Calendar {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = timeZone
    return calendar
  }

  /// The measurements: PV in 1–2, storage and grid in 1009–1040.
  func telemetry() async throws(DeviceError) -> GrowattTelemetry {
    let first = try await connection.read(.input, at: 0, count: 3)
    let storage = try await connection.read(.input, at: 1_009, count: 32)
    func power(_ words: [UInt16], _ index: Int) -> Watts {
      Watts(Double(UInt32(words[index]) << 16 | UInt32(words[index + 1])) / 10)
    }
    var telemetry = GrowattTelemetry()
    telemetry.pv = power(first, 1)
    telemetry.battery = power(storage, 0) - power(storage, 2)
    let percent = Double(storage[5])
    telemetry.stateOfCharge = (0...100).contains(percent) ? .percent(percent) : nil
    telemetry.grid = power(storage, 12) - power(storage, 20)
    telemetry.load = power(storage, 28)
    telemetry.batteryTemperature = Celsius(Double(storage[31]) / 10)
    return telemetry
  }

  func close() async { await connection.close() }

  private static func minute(_ word: Int) -> Int { (word >> 8) * 60 + (word & 0xFF) }

  private static func word(_ minute: Int) -> UInt16 { UInt16((minute / 60) << 8 | minute % 60) }
}
