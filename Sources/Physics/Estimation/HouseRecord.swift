// SPDX-License-Identifier: MIT
public import Household
public import TimeSeries

/// What was measured in a home: the material of an identification, on one grid.
public struct HouseRecord: Sendable, Hashable {
  /// What is known of a room's heating.
  public enum Heating: Sendable, Hashable {
    /// Heat into the room: electric power, or for a heat pump power times COP.
    case power(Series<Watts>)
    /// Water temperature minus room temperature, 0 with the circuit off; the heat is proportional
    /// to it with an unknown factor, so that capacity and loss stay unknown, time constants not.
    case supply(Series<Kelvins>)
    /// No heater, or none that was measured.
    case none
  }

  /// One room.
  public struct Room: Sendable, Hashable {
    /// The name in configuration and series.
    public let name: String
    /// Measured air temperature.
    public let temperature: Series<Celsius>
    /// Measured heating.
    public let heating: Heating

    /// A room's measurements.
    public init(name: String, temperature: Series<Celsius>, heating: Heating) {
      self.name = name
      self.temperature = temperature
      self.heating = heating
    }
  }

  /// The steps.
  public let grid: TimeGrid
  /// Outdoor air temperature.
  public let outdoor: Series<Celsius>
  /// Irradiance on the level, then on ``facades``; empty when none was measured.
  public let irradiances: [Series<WattsPerSquareMetre>]
  /// The planes of the irradiances after the first.
  public let facades: [Facade]
  /// The rooms.
  public let rooms: [Room]
  /// Local hour of the middle of each step, `0 ..< 24`; drives the daily gains.
  public let localHours: [Double]

  /// A record whose parts share one grid.
  ///
  /// - Throws: ``IdentificationError/gridsDiffer(_:)`` naming the first part that does not.
  public init(
    grid: TimeGrid, outdoor: Series<Celsius>, irradiances: [Series<WattsPerSquareMetre>],
    facades: [Facade] = [], rooms: [Room], localHours: [Double]
  ) throws(IdentificationError) {
    guard irradiances.isEmpty ? facades.isEmpty : irradiances.count == 1 + facades.count else {
      throw .facadesWithoutIrradiance(irradiances: irradiances.count, facades: facades.count)
    }
    guard outdoor.grid == grid else { throw .gridsDiffer("outdoor temperature") }
    guard irradiances.allSatisfy({ $0.grid == grid }) else { throw .gridsDiffer("irradiance") }
    guard localHours.count == grid.count else { throw .gridsDiffer("local hours") }
    for room in rooms {
      let heatGrid: TimeGrid =
        switch room.heating {
        case .power(let series): series.grid
        case .supply(let series): series.grid
        case .none: grid
        }
      guard room.temperature.grid == grid, heatGrid == grid else { throw .gridsDiffer(room.name) }
    }
    self.grid = grid
    self.outdoor = outdoor
    self.irradiances = irradiances
    self.facades = facades
    self.rooms = rooms
    self.localHours = localHours
  }

  /// The same record with other measurements of its rooms.
  ///
  /// - Precondition: they are on the record's grid.
  public func replacing(rooms: [Room]) -> HouseRecord {
    precondition(rooms.allSatisfy { $0.temperature.grid == grid }, "one grid for all")
    return HouseRecord(self, facades: facades, rooms: rooms)
  }

  private init(_ record: HouseRecord, facades: [Facade], rooms: [Room]? = nil) {
    grid = record.grid
    outdoor = record.outdoor
    self.rooms = rooms ?? record.rooms
    localHours = record.localHours
    self.facades = facades
    irradiances =
      Array(record.irradiances.prefix(1))
      + facades.map { facade in
        record.facades.firstIndex(of: facade).map { record.irradiances[1 + $0] }
          ?? Series(grid: record.grid, constant: nil)
      }
  }

  /// The same record with the sun on some planes, in their order; nothing on a plane that it lacks.
  func arranged(for facades: [Facade]) -> HouseRecord {
    irradiances.isEmpty ? self : HouseRecord(self, facades: facades)
  }
}

/// Why an identification cannot begin.
public enum IdentificationError: Error, Hashable, CustomStringConvertible {
  /// A part of the record is on another grid than the rest.
  case gridsDiffer(String)
  /// Planes were named for irradiances that are not there, or the other way round.
  case facadesWithoutIrradiance(irradiances: Int, facades: Int)
  /// There are fewer usable days than any model needs.
  case tooFewDays(found: Double, needed: Double)
  /// The step does not divide a day, or is longer than two hours.
  case badStep(seconds: Int)

  /// What happened, with values, and what to do next.
  public var description: String {
    switch self {
    case .gridsDiffer(let part):
      "\(part) is not on the record's grid; resample all series to one grid"
    case .facadesWithoutIrradiance(let irradiances, let facades):
      "\(irradiances) irradiances and \(facades) planes: give that on the level, then one a plane"
    case .tooFewDays(let found, let needed):
      "\(found) days of data, \(needed) are needed; wait or give a longer period"
    case .badStep(let seconds):
      "a step of \(seconds) s cannot be used; resample to 5 min … 2 h"
    }
  }
}
