// SPDX-License-Identifier: MIT
public import TimeSeries

/// What really happened in a simulated home, without any meter's error, added up minute by minute.
///
/// The difference of two ledgers of one home is what happened between them:
/// `imported + pvUsed + batteryDischarged = exported + batteryCharged + baseLoad + heating + vehicles`.
public struct EnergyLedger: Sendable, Hashable {
  /// One room's share.
  public struct RoomEntry: Sendable, Hashable {
    /// The room.
    public let name: String
    /// Energy of its heater.
    public internal(set) var heating = KilowattHours.zero
    /// How long its heater was on.
    public internal(set) var heatingHours = 0.0
    /// How often its heater was switched on.
    public internal(set) var switchings = 0
    /// Kelvin-hours below the comfort band.
    public internal(set) var coldKelvinHours = 0.0
    /// Kelvin-hours above the comfort band.
    public internal(set) var warmKelvinHours = 0.0

    init(name: String) { self.name = name }
  }

  /// The highest mean import of one quarter-hour in a calendar month.
  public struct MonthlyPeak: Sendable, Hashable {
    /// The first day of the month.
    public let month: CivilDate
    /// The peak.
    public internal(set) var power: Watts
  }

  /// From the grid.
  public internal(set) var imported = KilowattHours.zero
  /// Into the grid.
  public internal(set) var exported = KilowattHours.zero
  /// PV production that was used or exported.
  public internal(set) var pvUsed = KilowattHours.zero
  /// PV production that limits did not let happen.
  public internal(set) var pvCurtailed = KilowattHours.zero
  /// Consumption without heaters and cars.
  public internal(set) var baseLoad = KilowattHours.zero
  /// All heaters.
  public internal(set) var heating = KilowattHours.zero
  /// All charge points.
  public internal(set) var vehicles = KilowattHours.zero
  /// Into the battery, before its losses.
  public internal(set) var batteryCharged = KilowattHours.zero
  /// Out of the battery, after its losses.
  public internal(set) var batteryDischarged = KilowattHours.zero
  /// Lost in the battery on both legs.
  public internal(set) var batteryLosses = KilowattHours.zero
  /// Stored in cars, after the losses of charging.
  public internal(set) var vehiclesStored = KilowattHours.zero
  /// Taken out of cars by trips.
  public internal(set) var tripEnergy = KilowattHours.zero
  /// What cars were short of at their departures.
  public internal(set) var vehicleShortfall = KilowattHours.zero
  /// Paid for import less earned by export, at the true prices, without the charge for peaks.
  public internal(set) var energyBill = Money.zero
  /// How long the import was above what the main fuse carries.
  public internal(set) var fuseOverloadHours = 0.0
  /// Each room, in the order of the home.
  public internal(set) var rooms: [RoomEntry]
  /// Each month so far, oldest first. Not a difference in ``since(_:)``.
  public internal(set) var peaks: [MonthlyPeak] = []

  init(roomNames: [String]) { rooms = roomNames.map(RoomEntry.init) }

  /// Kelvin-hours outside the bands, all rooms.
  public var comfortViolationKelvinHours: Double {
    rooms.reduce(0) { $0 + $1.coldKelvinHours + $1.warmKelvinHours }
  }

  /// How often heaters were switched on, all rooms.
  public var switchings: Int { rooms.reduce(0) { $0 + $1.switchings } }

  /// The charge for the peaks of all months at a price for one kilowatt.
  public func peakCharge(pricePerKilowatt: Money) -> Money {
    peaks.reduce(.zero) { $0 + pricePerKilowatt * $1.power.kilowatts }
  }

  /// Import and production less export and consumption: zero but for rounding.
  public var imbalance: KilowattHours {
    imported + pvUsed + batteryDischarged
      - (exported + batteryCharged + baseLoad + heating + vehicles)
  }

  /// What happened since an earlier ledger of the same home; peaks are those of this ledger.
  public func since(_ earlier: EnergyLedger) -> EnergyLedger {
    var result = self
    for path in Self.energies {
      result[keyPath: path] = self[keyPath: path] - earlier[keyPath: path]
    }
    result.energyBill = energyBill - earlier.energyBill
    result.fuseOverloadHours -= earlier.fuseOverloadHours
    for (index, room) in earlier.rooms.enumerated() where rooms.indices.contains(index) {
      result.rooms[index].heating = rooms[index].heating - room.heating
      result.rooms[index].heatingHours -= room.heatingHours
      result.rooms[index].switchings -= room.switchings
      result.rooms[index].coldKelvinHours -= room.coldKelvinHours
      result.rooms[index].warmKelvinHours -= room.warmKelvinHours
    }
    return result
  }

  private static var energies: [WritableKeyPath<EnergyLedger, KilowattHours>] {
    [
      \.imported, \.exported, \.pvUsed, \.pvCurtailed, \.baseLoad, \.heating, \.vehicles,
      \.batteryCharged, \.batteryDischarged, \.batteryLosses, \.vehiclesStored, \.tripEnergy,
      \.vehicleShortfall,
    ]
  }
}
