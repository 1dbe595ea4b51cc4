// SPDX-License-Identifier: MIT
import CommandLineParsing
import Forecasting
import Foundation
import History
import Household
import TimeSeries

/// `pems evaluate ev`: how long cars stay and what they take, as it would have been forecast when they
/// came.
let evaluateEVCommand = CommandLineCommand(
  "ev", "Forecast each charging session from the ones before it.",
  examples: [
    "pems evaluate ev --data sessions.csv.gz --time-zone Europe/Oslo"
  ],
  options: [
    .value(
      "data", "FILE", "Sessions as CSV: user, plug_in_local, plug_out_local, energy_kWh."),
    .value("time-zone", "ZONE", "The clock of the sessions, for example Europe/Oslo."),
    .value("fewest", "N", default: "20", "Sessions of a user before the first one that is scored."),
    .flag("json", "Print JSON for programs."),
  ],
  run: { input in
    let zone = try input.require("time-zone")
    guard let timeZone = TimeZone(identifier: zone) else {
      throw CommandLineError.usage("--time-zone: '\(zone)' is not a zone of the tz database")
    }
    let fewest = try input.value("fewest", as: Int.self) ?? 20
    let calendar = SiteCalendar(timeZone: timeZone)
    let users = try sessionsByUser(try input.require("data"), calendar)
    var score = SessionScore()
    for sessions in users { score.add(sessions, calendar: calendar, fewest: fewest) }
    return try score.table.show(asJSON: input.flag("json"))
  })

private func sessionsByUser(_ path: String, _ calendar: SiteCalendar) throws -> [[ChargingSession]]
{
  var users: [String: [ChargingSession]] = [:]
  do {
    let table = try CSVTable(path: path)
    let names = try table.texts("user")
    let arrivals = try table.texts("plug_in_local")
    let departures = try table.texts("plug_out_local")
    let energies = try table.numbers("energy_kWh")
    for index in names.indices {
      guard let arrival = localInstant(arrivals[index], calendar),
        let departure = localInstant(departures[index], calendar), let energy = energies[index],
        arrival < departure
      else { continue }
      users[names[index], default: []].append(
        ChargingSession(arrival: arrival, departure: departure, energy: KilowattHours(energy)))
    }
  } catch {
    throw CommandFailure.failed("\(error)")
  }
  return users.sorted { $0.key < $1.key }.map { $0.value.sorted { $0.arrival < $1.arrival } }
}

/// `2018-12-22 16:15:00` by the clock on the wall.
private func localInstant(_ text: String, _ calendar: SiteCalendar) -> Date? {
  let parts = text.split(whereSeparator: { "- :".contains($0) }).compactMap { Int($0) }
  guard parts.count >= 5 else { return nil }
  return calendar.instant(
    on: CivilDate(year: parts[0], month: parts[1], day: parts[2]),
    minuteOfDay: parts[3] * 60 + parts[4])
}

/// Errors of forecast sessions, beside those of "as the last time".
private struct SessionScore {
  private struct Column {
    var error = 0.0
    var lastError = 0.0
    var inside = 0

    mutating func add(_ actual: Double, _ expected: VehicleHabits.Spread, last: Double) {
      error += abs(actual - expected.p50)
      lastError += abs(actual - last)
      inside += actual >= expected.p10 && actual <= expected.p90 ? 1 : 0
    }

    func row(_ name: String, _ unit: String, count: Int) -> [String] {
      let number = Double(max(1, count))
      return [
        name, "\(count)", String(format: "%.2f %@", error / number, unit),
        String(format: "%.2f %@", lastError / number, unit),
        StudyTable.percent(1 - error / max(lastError, 1e-9)),
        StudyTable.percent(Double(inside) / number),
      ]
    }
  }

  private var count = 0
  private var stay = Column()
  private var energy = Column()

  mutating func add(_ sessions: [ChargingSession], calendar: SiteCalendar, fewest: Int) {
    for index in sessions.indices.dropFirst(fewest) {
      let session = sessions[index]
      let before = Array(sessions[..<index])
      guard
        let habits = VehicleHabits(before, calendar: calendar, before: session.arrival),
        let last = before.last(where: { $0.departure <= session.arrival })
      else { continue }
      let expected = habits.expectation(arrivingAt: session.arrival)
      count += 1
      stay.add(hours(session), expected.stayHours, last: hours(last))
      energy.add(session.energy.rawValue, expected.energy, last: last.energy.rawValue)
    }
  }

  private func hours(_ session: ChargingSession) -> Double {
    session.departure.timeIntervalSince(session.arrival) / 3_600
  }

  var table: StudyTable {
    StudyTable(
      header: ["what", "sessions", "MAE", "as the last time", "gain", "P10…P90 holds"],
      rows: count == 0
        ? [] : [stay.row("stay", "h", count: count), energy.row("energy", "kWh", count: count)])
  }
}
