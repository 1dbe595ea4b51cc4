// SPDX-License-Identifier: MIT
import Foundation
import History
import Household
import Physics
import TimeSeries

/// The rooms of a home as a store remembers them: the record that they are identified from.
struct StoredRooms {
  /// Weeks of heating that say what there is to say; older ones were another season.
  static let usualDays = 56
  static let stepSeconds = 900

  let record: HouseRecord

  /// Reads the rooms of a home over some time, with the sun on the planes of its windows and on those
  /// that models in use know.
  ///
  /// - Throws: ``CommandFailure``, unreachable where the store cannot be read, failed where there is
  ///   no temperature of any room.
  init(
    home: Home, store path: String, in range: Range<Date>, models: RoomModels? = nil
  ) throws {
    let planes = home.rooms.identifiedFacades
    let facades = planes + (models?.planes ?? []).filter { !planes.contains($0) }
    do {
      let history = try SQLiteHistory(file: path, access: .reading)
      record = try Self.record(
        home, history, TimeGrid(covering: range, stepSeconds: Self.stepSeconds), path, facades)
    } catch let error as HistoryError {
      throw CommandFailure.unreachable("\(error)")
    }
  }

  /// The last weeks of a store, up to its newest room temperature or an instant.
  static func lastWeeks(
    of home: Home, store path: String, days: Int = usualDays, until: Date? = nil,
    models: RoomModels? = nil
  ) throws -> StoredRooms {
    do {
      let history = try SQLiteHistory(file: path, access: .reading)
      let spans = try home.rooms.compactMap { try history.span(of: .roomTemperature($0.name)) }
      guard let first = spans.map(\.lowerBound).min(), let newest = spans.map(\.upperBound).max()
      else {
        throw CommandFailure.failed("\(path) has no temperature of any room of the home")
      }
      let end = until ?? newest.addingTimeInterval(Double(stepSeconds))
      let start = max(first, end.addingTimeInterval(-Double(days) * 86_400))
      guard start < end else {
        throw CommandFailure.failed("\(path) has no temperature of any room in that time")
      }
      return try StoredRooms(home: home, store: path, in: start..<end, models: models)
    } catch let error as HistoryError {
      throw CommandFailure.unreachable("\(error)")
    }
  }

  private static func record(
    _ home: Home, _ history: SQLiteHistory, _ grid: TimeGrid, _ path: String,
    _ facades: [Facade]
  ) throws -> HouseRecord {
    let stored = StoredSeries(history: history, grid: grid)
    guard let outdoor: Series<Celsius> = try stored.series(.outdoorTemperature) else {
      throw CommandFailure.failed("\(path) has no \(SignalName.outdoorTemperature) in that time")
    }
    let sun: Series<WattsPerSquareMetre>? =
      try stored.series(.globalHorizontalIrradiance) ?? stored.series(.expectedIrradiance)
    let onPlanes = sun.map {
      FacadeIrradiance.series(
        globalHorizontal: $0, location: home.site.location, facades: facades)
    }
    return try HouseRecord(
      grid: grid, outdoor: outdoor, irradiances: (sun.map { [$0] } ?? []) + (onPlanes ?? []),
      facades: sun == nil ? [] : facades,
      rooms: try home.rooms.map { try stored.room($0, outdoor: outdoor) },
      localHours: grid.indices.map { home.site.calendar.wallTime(at: grid.middle(at: $0)).hour })
  }
}

/// What the store holds of rooms, on a grid; a value holds for an hour.
private struct StoredSeries {
  let history: SQLiteHistory
  let grid: TimeGrid

  func series<Value: Quantity>(_ signal: SignalName) throws -> Series<Value>? {
    let samples = try history.samples(
      of: signal, in: grid.start.addingTimeInterval(-3_600)..<grid.end)
    guard !samples.isEmpty else { return nil }
    let values = Resampling.hold(maximumAge: 3_600).apply(samples, to: grid)
    return Series(grid: grid, values: values.map { $0.map { Value($0) } })
  }

  func room(_ room: Room, outdoor: Series<Celsius>) throws -> HouseRecord.Room {
    let temperature: Series<Celsius>? = try series(.roomTemperature(room.name))
    // The store holds the heater's power while it was on; heat pumps and water make other heat.
    let heat = try (series(.roomHeat(room.name)) as Series<Watts>?).map { electric in
      Series(
        grid: grid,
        values: grid.indices.map { step in
          electric[step].map {
            room.heater?.heat(
              ofPower: $0, outdoors: outdoor[step] ?? Celsius(7),
              room: temperature?[step] ?? room.comfort.usual.lower) ?? $0
          }
        })
    }
    return HouseRecord.Room(
      name: room.name, temperature: temperature ?? Series(grid: grid, constant: nil),
      heating: heat.map { HouseRecord.Heating.power($0) } ?? HouseRecord.Heating.none)
  }
}
