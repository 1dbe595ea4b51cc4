// SPDX-License-Identifier: MIT
import CommandLineParsing
import Configuration
import Household
import Physics
import TimeSeries

/// Where the rooms' past comes from: a series file, or a store with a configuration.
struct RoomSource {
  let record: HouseRecord
  let calendar: SiteCalendar
  /// The rooms as configured; empty where there is no configuration.
  let home: [Room]

  init(_ input: CommandLineInput) throws {
    let configured = try input.string("config").map { try configuration(at: $0) }
    let home = configured?.home
    self.home = home?.rooms ?? []
    let configuredStore = input.string("data") == nil ? configured?.history.storePath : nil
    guard let store = input.string("store") ?? configuredStore else {
      let file = try HouseRecordFile(input)
      record = file.record.inWatts(self.home)
      calendar = home?.site.calendar ?? file.calendar
      return
    }
    guard let home else {
      throw CommandLineError.usage("--store needs --config, for the rooms of the home")
    }
    let days = try input.number("days", in: 1...3_660) ?? StoredRooms.usualDays
    record = try StoredRooms.lastWeeks(of: home, store: store, days: days).record
    calendar = home.site.calendar
  }

  /// The position of a date (local midnight) or instant in the record.
  func position(of text: String) throws -> Int {
    try HouseRecordFile.position(of: text, on: record.grid, calendar)
  }
}

extension HouseRecord {
  /// The same record with heat in watts also where only the water's temperature was measured, for
  /// rooms whose configuration says what their radiator or floor hands over.
  fileprivate func inWatts(_ home: [Household.Room]) -> HouseRecord {
    replacing(
      rooms: rooms.map { room in
        guard case .supply(let excess) = room.heating,
          let water = home.first(where: { $0.name == room.name })?.heater?.water
        else { return room }
        let heat = excess.values.map { $0.map { water.heat(excess: $0) } }
        return HouseRecord.Room(
          name: room.name, temperature: room.temperature,
          heating: .power(Series(grid: excess.grid, values: heat)))
      })
  }
}
