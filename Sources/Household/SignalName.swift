// SPDX-License-Identifier: MIT

/// The name of a measured or forecast signal: words joined by `_`, the last of them the unit.
///
/// `pv_power_w`, `room_kitchen_c`, `price_import_czk_per_kwh`. The signs are pems' own: grid + is
/// import, battery + is discharge, PV + is production, loads + are consumption.
public struct SignalName: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The unit of a signal, told by how its name ends.
  public enum Unit: String, Sendable, Hashable, CaseIterable {
    /// Watts per square metre.
    case wattsPerSquareMetre = "_w_m2"
    /// Money for one kilowatt-hour; the currency stands before it, `_czk_per_kwh`.
    case pricePerKilowattHour = "_per_kwh"
    /// Kilowatt-hours inside the step.
    case kilowattHours = "_kwh"
    /// Watts, the mean over the step.
    case watts = "_w"
    /// Degrees Celsius.
    case celsius = "_c"
    /// Per cent, 0…100.
    case percent = "_percent"
    /// Metres per second.
    case metresPerSecond = "_m_s"
    /// Millimetres inside the step.
    case millimetres = "_mm"
    /// Yes (1) or no (0), or the share of the step.
    case share = "_share"
  }

  /// The whole name.
  public let text: String
  /// The unit it ends with.
  public let unit: Unit

  /// A name, or `nil` when it is not lower-case letters, digits and `_` ending in a known unit.
  public init?(_ text: String) {
    let isPlain = text.utf8.allSatisfy {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "_")
    }
    guard isPlain, let unit = Unit.allCases.first(where: { text.hasSuffix($0.rawValue) }),
      text.count > unit.rawValue.count
    else { return nil }
    self.text = text
    self.unit = unit
  }

  /// A name that the program itself spells; for names of the house's own signals.
  private init(known text: String, unit: Unit) {
    self.text = text
    self.unit = unit
  }

  /// Orders by the letters.
  public static func < (left: SignalName, right: SignalName) -> Bool { left.text < right.text }

  /// The whole name.
  public var description: String { text }
}

extension SignalName {
  /// Production of all PV arrays, alternating current.
  public static let pvPower = SignalName(known: "pv_power_w", unit: .watts)
  /// Consumption of the whole house.
  public static let loadPower = SignalName(known: "load_power_w", unit: .watts)
  /// Consumption without heaters, cars and other controllable loads.
  public static let baseLoadPower = SignalName(known: "base_load_power_w", unit: .watts)
  /// Exchange with the grid, import positive.
  public static let gridPower = SignalName(known: "grid_power_w", unit: .watts)
  /// The battery, discharge positive.
  public static let batteryPower = SignalName(known: "battery_power_w", unit: .watts)
  /// The battery's state of charge.
  public static let batteryStateOfCharge = SignalName(known: "battery_soc_percent", unit: .percent)
  /// Air temperature outdoors.
  public static let outdoorTemperature = SignalName(known: "temperature_outdoor_c", unit: .celsius)
  /// Global horizontal irradiance.
  public static let globalHorizontalIrradiance = SignalName(
    known: "ghi_w_m2", unit: .wattsPerSquareMetre)
  /// Global horizontal irradiance as it was expected when its time came, where nobody measures it.
  public static let expectedIrradiance = SignalName(
    known: "ghi_expected_w_m2", unit: .wattsPerSquareMetre)
  /// Wind speed at ten metres.
  public static let windSpeed = SignalName(known: "wind_speed_m_s", unit: .metresPerSecond)
  /// Snowfall, height of fresh snow.
  public static let snowfall = SignalName(known: "snowfall_mm", unit: .millimetres)

  /// The day-ahead price in a currency.
  public static func spotPrice(currency: String) -> SignalName {
    SignalName(known: "price_spot_\(currency.lowercased())_per_kwh", unit: .pricePerKilowattHour)
  }

  /// The temperature of a room.
  public static func roomTemperature(_ room: String) -> SignalName {
    SignalName(known: "room_\(room)_c", unit: .celsius)
  }

  /// The electric power of a room's heater.
  public static func roomHeat(_ room: String) -> SignalName {
    SignalName(known: "room_\(room)_heat_w", unit: .watts)
  }

  /// The electric power of a charge point.
  public static func chargePointPower(_ name: String) -> SignalName {
    SignalName(known: "charge_point_\(name)_w", unit: .watts)
  }

  /// Whether a car is plugged in at a charge point.
  public static func chargePointPlugged(_ name: String) -> SignalName {
    SignalName(known: "charge_point_\(name)_plugged_share", unit: .share)
  }

  /// The electric power of an appliance that is planned.
  public static func appliancePower(_ name: String) -> SignalName {
    SignalName(known: "appliance_\(name)_w", unit: .watts)
  }
}
