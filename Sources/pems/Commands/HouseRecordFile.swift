// SPDX-License-Identifier: MIT
import CommandLineParsing
import Foundation
import History
import Household
import Physics
import TimeSeries

/// A series file (design, format 3) as the record that rooms are identified from.
struct HouseRecordFile {
  let record: HouseRecord
  let calendar: SiteCalendar

  /// The options that every command with such a file has.
  static let options: [CommandLineOption] = [
    .value("data", "FILE", "series: time_utc, temperature_outdoor_c, room_NAME_c, …"),
    .value("time-zone", "ZONE", default: "UTC", "the home's zone, for daily habits"),
    .value("latitude", "DEGREES", "with --longitude: sun on each façade from ghi_w_m2"),
    .value("longitude", "DEGREES", "east is positive"),
    .value(
      "facades", "LIST",
      "with them: azimuth/tilt of the planes of windows, as 135/90,225/45; else walls E, S, W"),
  ]

  /// Reads what the options name.
  init(_ input: CommandLineInput) throws {
    let zone = try input.require("time-zone")
    guard let timeZone = TimeZone(identifier: zone) else {
      throw CommandLineError.usage("--time-zone: '\(zone)' is no time zone, as Europe/Prague")
    }
    calendar = SiteCalendar(timeZone: timeZone)
    guard let path = input.string("data") else {
      throw CommandLineError.usage("--data FILE is needed, or --config FILE with a store")
    }
    guard try input.string("facades") == nil || Self.location(input) != nil else {
      throw CommandLineError.usage("--facades needs --latitude and --longitude of the house")
    }
    let columns = try HouseColumns(CSVTable(path: path))
    let rooms = try columns.rooms()
    guard !rooms.isEmpty else {
      throw CommandFailure.failed("\(path): no column room_NAME_c, so there is no room")
    }
    var sun = try columns.sun()
    var facades: [Facade] = []
    if let horizontal = sun.first, let location = try Self.location(input) {
      facades = try Self.facades(input)
      sun += FacadeIrradiance.series(
        globalHorizontal: horizontal, location: location, facades: facades)
    }
    let grid = columns.grid
    record = try HouseRecord(
      grid: grid, outdoor: try columns.series("temperature_outdoor_c"), irradiances: sun,
      facades: facades, rooms: rooms,
      localHours: grid.indices.map { [calendar] in calendar.wallTime(at: grid.middle(at: $0)).hour }
    )
  }

  /// The position of a date (local midnight) or instant in the record.
  func position(of text: String) throws -> Int {
    try Self.position(of: text, on: record.grid, calendar)
  }

  /// The position of a date (local midnight) or instant on a grid.
  static func position(
    of text: String, on grid: TimeGrid, _ calendar: SiteCalendar
  ) throws -> Int {
    if let instant = try? Date(text, strategy: .iso8601) {
      return Int((instant.timeIntervalSince(grid.start) / Double(grid.stepSeconds)).rounded(.up))
    }
    let parts = text.split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3, (1...12).contains(parts[1]), (1...31).contains(parts[2]),
      let midnight = calendar.instant(
        on: CivilDate(year: parts[0], month: parts[1], day: parts[2]), minuteOfDay: 0)
    else {
      throw CommandLineError.usage("'\(text)' is neither a date (2026-01-20) nor an instant")
    }
    return Int((midnight.timeIntervalSince(grid.start) / Double(grid.stepSeconds)).rounded(.up))
  }

  /// Identifies every room, side by side, and puts them together.
  static func identify(_ identification: HouseIdentification) async -> IdentifiedHouse {
    let count = identification.roomCount
    let rooms = await withTaskGroup(of: (Int, RoomIdentification).self) { group in
      for index in 0..<count { group.addTask { (index, identification.room(index)) } }
      var found: [(Int, RoomIdentification)] = []
      for await result in group {
        found.append(result)
        Terminal.showProgress("rooms", done: found.count, of: count)
      }
      return found.sorted { $0.0 < $1.0 }.map(\.1)
    }
    return identification.house(rooms)
  }

  private static func facades(_ input: CommandLineInput) throws -> [Facade] {
    guard let text = input.string("facades") else { return Facade.usual }
    return try text.split(separator: ",").map { plane in
      let angles = plane.split(separator: "/").compactMap { Double($0) }
      guard angles.count == 2, (0...360).contains(angles[0]), (0...90).contains(angles[1]) else {
        throw CommandLineError.usage(
          "--facades: '\(plane)' is no azimuth/tilt (0…360/0…90), as 135/90")
      }
      return Facade(azimuth: Degrees(angles[0]), tilt: Degrees(angles[1]))
    }
  }

  private static func location(_ input: CommandLineInput) throws -> Location? {
    let latitude: Double? = try input.number("latitude", in: -90...90, "degrees")
    let longitude: Double? = try input.number("longitude", in: -180...180, "degrees")
    switch (latitude, longitude) {
    case (let latitude?, let longitude?):
      return Location(
        latitude: Degrees(latitude), longitude: Degrees(longitude), altitude: Metres(200))
    case (nil, nil): return nil
    default: throw CommandLineError.usage("--latitude and --longitude go together")
    }
  }
}

extension RoomIdentification {
  /// `own`, or `own` or `pooled` with the reason for doubt.
  var modelName: String {
    doubt.map { "\(isPooled ? "pooled" : "own") (\($0.rawValue))" } ?? "own"
  }
}
