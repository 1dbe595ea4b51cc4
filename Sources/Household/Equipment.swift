// SPDX-License-Identifier: MIT
public import TimeSeries

/// Modules of one orientation behind one input of the inverter.
public struct PVArray: Sendable, Hashable {
  /// The name in configuration and findings.
  public let name: String
  /// Direct-current power at 1000 W/m² and 25 °C.
  public let peakPower: Watts
  /// 0° lies flat, 90° stands upright.
  public let tilt: Degrees
  /// Where it faces, clockwise from north: 180° is south.
  public let azimuth: Degrees
  /// Change of power for one kelvin above 25 °C as a share, about −0.004.
  public let temperatureCoefficientPerKelvin: Double
  /// Soiling, wiring, mismatch and light-induced losses together.
  public let losses: Fraction

  /// Modules of one orientation.
  public init(
    name: String, peakPower: Watts, tilt: Degrees, azimuth: Degrees,
    temperatureCoefficientPerKelvin: Double, losses: Fraction
  ) {
    self.name = name
    self.peakPower = peakPower
    self.tilt = tilt
    self.azimuth = azimuth
    self.temperatureCoefficientPerKelvin = temperatureCoefficientPerKelvin
    self.losses = losses
  }
}

/// The inverter between PV, battery and the house.
public struct Inverter: Sendable, Hashable {
  /// The most it gives as alternating current.
  public let ratedPower: Watts
  /// Nominal efficiency from direct to alternating current.
  public let efficiency: Fraction

  /// An inverter.
  public init(ratedPower: Watts, efficiency: Fraction) {
    self.ratedPower = ratedPower
    self.efficiency = efficiency
  }
}

/// A home battery; powers and prices are on the alternating-current side.
public struct Battery: Sendable, Hashable {
  /// The name in configuration and commands.
  public let name: String
  /// The energy between empty and full.
  public let capacity: KilowattHours
  /// The state of charge it is kept in.
  public let stateOfChargeBand: ClosedRange<Fraction>
  /// The most it takes.
  public let maximumCharge: Watts
  /// The most it gives.
  public let maximumDischarge: Watts
  /// Stored energy for one unit of energy taken.
  public let chargeEfficiency: Fraction
  /// Energy given for one unit of stored energy.
  public let dischargeEfficiency: Fraction
  /// The wear of one kilowatt-hour through either leg.
  public let wearCost: PricePerKilowattHour

  /// A battery.
  public init(
    name: String, capacity: KilowattHours, stateOfChargeBand: ClosedRange<Fraction>,
    maximumCharge: Watts, maximumDischarge: Watts, chargeEfficiency: Fraction,
    dischargeEfficiency: Fraction, wearCost: PricePerKilowattHour
  ) {
    self.name = name
    self.capacity = capacity
    self.stateOfChargeBand = stateOfChargeBand
    self.maximumCharge = maximumCharge
    self.maximumDischarge = maximumDischarge
    self.chargeEfficiency = chargeEfficiency
    self.dischargeEfficiency = dischargeEfficiency
    self.wearCost = wearCost
  }

  /// Powers are told in steps of this many per cent of the largest: a plan that moves by a watt must not
  /// cost a write into an inverter's memory.
  public static let powerStepPercent = 5.0

  /// The largest power in whole steps that is not above a wish.
  ///
  /// - Parameter limit: the largest power, W.
  /// - Returns: zero below the first step.
  public static func settable(atMost wish: Watts, of limit: Watts) -> Watts {
    guard limit > .zero else { return .zero }
    let steps = (wish / limit * 100 / powerStepPercent + 1e-9).rounded(.down)
    return limit * (min(100, max(0, steps * powerStepPercent)) / 100)
  }
}

/// A wallbox.
public struct ChargePoint: Sendable, Hashable {
  /// The name in configuration and commands.
  public let name: String
  /// 1 or 3.
  public let phases: Int
  /// The smallest current it can set, 6 A by IEC 61851.
  public let minimumCurrent: Amperes
  /// The largest current it can set.
  public let maximumCurrent: Amperes
  /// Phase to neutral.
  public let voltage: Volts

  /// A wallbox.
  public init(
    name: String, phases: Int, minimumCurrent: Amperes, maximumCurrent: Amperes, voltage: Volts
  ) {
    self.name = name
    self.phases = phases
    self.minimumCurrent = minimumCurrent
    self.maximumCurrent = maximumCurrent
    self.voltage = voltage
  }

  /// The least it draws when it charges.
  public var minimumPower: Watts { power(at: minimumCurrent) }

  /// The most it draws.
  public var maximumPower: Watts { power(at: maximumCurrent) }

  /// The power of a current on all its phases.
  public func power(at current: Amperes) -> Watts {
    Watts(current.rawValue * voltage.rawValue * Double(phases))
  }
}

/// When a car usually comes and goes, and what it needs.
public struct VehicleRoutine: Sendable, Hashable {
  /// The days on which it leaves.
  public let days: DaySelection
  /// Minutes after midnight at which it leaves.
  public let departureMinute: Int
  /// Minutes after midnight at which it is back, later on the same day.
  public let arrivalMinute: Int
  /// What the trip takes out of its battery.
  public let tripEnergy: KilowattHours

  /// A daily trip.
  public init(
    days: DaySelection, departureMinute: Int, arrivalMinute: Int, tripEnergy: KilowattHours
  ) {
    self.days = days
    self.departureMinute = departureMinute
    self.arrivalMinute = arrivalMinute
    self.tripEnergy = tripEnergy
  }
}

/// A car that charges at home.
public struct Vehicle: Sendable, Hashable {
  /// The name in configuration and commands.
  public let name: String
  /// The charge point it uses.
  public let chargePoint: String
  /// The energy between empty and full.
  public let capacity: KilowattHours
  /// The state of charge wished at departure.
  public let target: Fraction
  /// Stored energy for one unit of energy drawn.
  public let chargeEfficiency: Fraction
  /// The cost of one kilowatt-hour missing at departure.
  public let shortfallCost: PricePerKilowattHour
  /// Its usual trips.
  public let routines: [VehicleRoutine]

  /// A car.
  public init(
    name: String, chargePoint: String, capacity: KilowattHours, target: Fraction,
    chargeEfficiency: Fraction, shortfallCost: PricePerKilowattHour, routines: [VehicleRoutine]
  ) {
    self.name = name
    self.chargePoint = chargePoint
    self.capacity = capacity
    self.target = target
    self.chargeEfficiency = chargeEfficiency
    self.shortfallCost = shortfallCost
    self.routines = routines
  }
}

/// A load that needs its energy once a day and may be run when it suits: a water heater, a pool pump.
public struct Appliance: Sendable, Hashable {
  /// How it takes its energy.
  public enum Running: String, Sendable, Hashable, CaseIterable {
    /// It may pause: a water heater.
    case inParts = "in_parts"
    /// It may not pause: a washing machine.
    case inOneGo = "in_one_go"
  }

  /// The name in configuration, signals and commands.
  public let name: String
  /// What it draws while it runs.
  public let power: Watts
  /// Minutes after midnight at which the day's energy shall be in it.
  public let readyByMinute: Int
  /// Whether it may pause.
  public let running: Running

  /// A load that may be run when it suits.
  public init(name: String, power: Watts, readyByMinute: Int, running: Running) {
    self.name = name
    self.power = power
    self.readyByMinute = readyByMinute
    self.running = running
  }
}

/// The connection to the public grid.
public struct GridConnection: Sendable, Hashable {
  /// The main fuse, a phase.
  public let mainFuse: Amperes
  /// 1 or 3.
  public let phases: Int
  /// Phase to neutral.
  public let voltage: Volts
  /// The most that may be fed in.
  public let exportLimit: Watts

  /// A grid connection.
  public init(mainFuse: Amperes, phases: Int, voltage: Volts, exportLimit: Watts) {
    self.mainFuse = mainFuse
    self.phases = phases
    self.voltage = voltage
    self.exportLimit = exportLimit
  }

  /// What the fuse carries on all phases together.
  public var importLimit: Watts {
    Watts(mainFuse.rawValue * voltage.rawValue * Double(phases))
  }
}
