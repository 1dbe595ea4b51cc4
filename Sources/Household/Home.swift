// SPDX-License-Identifier: MIT

/// Everything pems knows about a home before it measures anything: the content of its configuration.
///
/// Parts that a home does not have are empty or `nil`; nothing is assumed in their place.
public struct Home: Sendable, Hashable {
  /// Where it is.
  public let site: Site
  /// What electricity costs.
  public let tariff: Tariff
  /// The connection to the grid.
  public let grid: GridConnection
  /// The modules on the roof.
  public let pvArrays: [PVArray]
  /// The inverter; `nil` only without PV.
  public let inverter: Inverter?
  /// The battery.
  public let battery: Battery?
  /// The rooms, in the order of the configuration.
  public let rooms: [Room]
  /// The wallboxes.
  public let chargePoints: [ChargePoint]
  /// The cars.
  public let vehicles: [Vehicle]
  /// Loads that may be run when it suits.
  public let appliances: [Appliance]
  /// What its people want.
  public let preferences: Preferences
  /// What must never happen.
  public let safety: SafetySettings

  /// A home of its parts.
  public init(
    site: Site, tariff: Tariff, grid: GridConnection, pvArrays: [PVArray], inverter: Inverter?,
    battery: Battery?, rooms: [Room], chargePoints: [ChargePoint], vehicles: [Vehicle],
    appliances: [Appliance] = [], preferences: Preferences, safety: SafetySettings
  ) {
    self.site = site
    self.tariff = tariff
    self.grid = grid
    self.pvArrays = pvArrays
    self.inverter = inverter
    self.battery = battery
    self.rooms = rooms
    self.chargePoints = chargePoints
    self.vehicles = vehicles
    self.appliances = appliances
    self.preferences = preferences
    self.safety = safety
  }

  /// The rooms that have a heater.
  public var heatedRooms: [Room] { rooms.filter { $0.heater != nil } }
}
