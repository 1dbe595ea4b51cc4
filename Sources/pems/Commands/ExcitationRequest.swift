// SPDX-License-Identifier: MIT
import CommandLineParsing
import Configuration
import Foundation
import Household
import Physics
import TimeSeries

/// `pems identify --excite DAYS`: set-points that let the data tell a room's loss from its gains.
///
/// Asking for them with a number of days is the owner's consent; nothing is sent to any device.
struct ExcitationRequest {
  private let plan: ExcitationPlan
  private let names: [String]

  init(_ input: CommandLineInput, days: Int) throws {
    guard (3...5).contains(days) else {
      throw CommandLineError.usage("--excite: \(days) days; 3 to 5 tell what there is to tell")
    }
    guard let path = input.string("config") else {
      throw CommandLineError.usage("--excite needs --config, for the rooms and their comfort")
    }
    let home = try configuration(at: path).home
    guard let midnight = try input.midnight("from", in: home.site.calendar) else {
      throw CommandLineError.usage("--excite needs --from: the first local day")
    }
    let rooms = home.heatedRooms.map { room in
      let band = room.comfort.usual
      return ExcitationPlan.Room(
        name: room.name, setpoint: band.lower + (band.upper - band.lower) * 0.5,
        comfort: band.lower...band.upper)
    }
    guard !rooms.isEmpty else {
      throw CommandFailure.configuration("\(path): rooms is missing, or none has a heater")
    }
    names = rooms.map(\.name)
    plan = ExcitationPlan(
      rooms: rooms, consent: ExcitationPlan.Consent(days: days),
      midnight: TimeGrid(start: midnight, stepSeconds: 900, count: 0), seed: 1)
  }

  /// Set-points as a series file: a row for each quarter-hour, a column for each room.
  var text: String {
    let header = (["time_utc"] + names.map { "room_\($0)_setpoint_c" }).joined(separator: ",")
    let rows = plan.grid.indices.map { step in
      ([plan.grid.date(at: step).formatted(.iso8601)]
        + plan.setpoints.map { String(format: "%.2f", $0[step].rawValue) })
        .joined(separator: ",")
    }
    return ([header] + rows).joined(separator: "\n")
  }
}
