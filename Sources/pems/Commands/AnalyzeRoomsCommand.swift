// SPDX-License-Identifier: MIT
import Analysis
import CommandLineParsing
import Configuration
import Foundation
import Household
import Physics
import TimeSeries

/// `pems analyze rooms`: how rooms were heated, how they keep heat, and whether people were content.
let analyzeRoomsCommand = CommandLineCommand(
  "rooms", "Find loss, time constant, rates, sun, neighbours and comfort of every room.",
  examples: [
    "pems analyze rooms --config pems.yaml --store pems.db",
    "pems analyze rooms --data house.csv.gz --time-zone Europe/Prague",
    "pems analyze rooms --statistics rooms.csv --cycles heating_cycles.csv --config pems.yaml",
  ],
  options: HouseRecordFile.options + [
    .value("config", "FILE", "the configuration, for bands, walls and the rooms of a store"),
    .value("store", "FILE", "a history with room_NAME_c and room_NAME_heat_w, in place of --data"),
    .value("days", "N", default: "56", "with --store: so many days up to the newest"),
    .value("statistics", "FILE", "where no series was kept: duty and means, one row a room"),
    .value("cycles", "FILE", "with --statistics: one row a heating cycle"),
    .flag("yaml", "with --statistics: print losses and capacities as lines of a configuration"),
    .flag("json", "Print JSON for programs."),
  ],
  run: { input in
    if let statistics = input.string("statistics") {
      print(try priors(input, statistics: statistics))
      return ExitCode.done
    }
    let source = try RoomSource(input)
    let identification = try HouseIdentification(record: source.record)
    let house = await HouseRecordFile.identify(identification)
    let account = RoomAccount(
      RoomAnalysis(source.record, house, home: source.home, calendar: source.calendar),
      notes: identification.diagnostics.map(\.description))
    print(input.flag("json") ? try account.json : account.text)
    return ExitCode.done
  })

private func priors(_ input: CommandLineInput, statistics: String) throws -> String {
  guard let cycles = input.string("cycles") else {
    throw CommandLineError.usage("--statistics needs --cycles, one row a heating cycle")
  }
  guard !input.flag("yaml") || !input.flag("json") else {
    throw CommandLineError.usage("--yaml or --json, not both")
  }
  let home = try input.string("config").map { try configuration(at: $0).home.rooms } ?? []
  let account = RoomPriorsAccount(
    RoomPriors(
      try HeatingStatisticsFile.rooms(statistics: statistics, cycles: cycles), home: home))
  if input.flag("yaml") { return account.yaml }
  return input.flag("json") ? try account.json : account.text
}
