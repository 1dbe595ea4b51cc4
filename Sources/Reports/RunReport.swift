// SPDX-License-Identifier: MIT
public import Control
import Foundation
public import Household
import TimeSeries

/// The page that shows what controllers made of the same time in the same home.
public struct RunReport: Sendable {
  private let site: Site
  private let records: [RunRecord]
  private let accounts: [RunAccounts]

  /// A report of runs over the same steps; the last one is shown in detail, the first is the
  /// reference it is compared with.
  ///
  /// - Precondition: at least one run.
  public init(site: Site, records: [RunRecord]) {
    precondition(!records.isEmpty, "a report is about at least one run")
    self.site = site
    self.records = records
    accounts = records.map(RunAccounts.init)
  }

  /// The page.
  public var page: HTMLPage {
    let shown = records[records.count - 1]
    let axis = TimeAxis(grid: shown.grid, site: site)
    var sections: [HTMLPage.Section] = [
      .heading("Result"), .table(header: resultHeader, rows: resultRows),
      .heading(shown.stateOfCharge.isEmpty ? "Prices and power" : "Prices, power and battery"),
      .paragraph(
        "Steps of \(shown.grid.stepSeconds / 60) minutes in local time. Import is above zero, "
          + "export below." + (reference.map { " Thin dotted lines: \($0.controller)." } ?? "")),
      .figure(
        EnergyFigure(shown: shown, reference: reference, axis: axis, currency: site.currency).figure
      ),
    ]
    if shown.rooms.contains(where: { !$0.heating.isEmpty }) {
      sections += [
        .heading("Heating relays"),
        .paragraph("Dark: the heater was on for the whole step."),
        .figure(RelayFigure(shown: shown, axis: axis).figure),
      ]
    }
    if !shown.rooms.isEmpty {
      sections += [
        .heading("Room temperatures in their bands"),
        .figure(RoomFigure(shown: shown, reference: reference, axis: axis).figure),
      ]
    }
    let calendar = site.calendar
    let first = calendar.wallTime(at: shown.grid.start).date
    let last = calendar.wallTime(at: shown.grid.end.addingTimeInterval(-1)).date
    return HTMLPage(
      title: site.name,
      subtitle: "\(records.map(\.controller).joined(separator: " and ")), \(first) to \(last)",
      sections: sections)
  }

  private var reference: RunRecord? { records.count > 1 ? records[0] : nil }

  private var resultHeader: [String] { [""] + accounts.map(\.controller) }

  private var resultRows: [[String]] {
    RunTable(
      accounts: accounts, currency: site.currency,
      hasVehicles: records.contains {
        $0.vehiclePower.contains { $0 > .zero } || $0.vehicleShortfall > .zero
      }
    ).rows
  }
}

/// The dates of a grid as Plotly reads them, in the site's wall time.
struct TimeAxis {
  let starts: [String]
  let ends: [String]

  init(grid: TimeGrid, site: Site) {
    func text(_ date: Date) -> String {
      let time = site.calendar.wallTime(at: date)
      let clock = String(format: "%02d:%02d", time.minuteOfDay / 60, time.minuteOfDay % 60)
      return "\(time.date) \(clock)"
    }
    starts = grid.indices.map { text(grid.date(at: $0)) }
    ends = grid.indices.map { text(grid.date(at: $0 + 1)) }
  }
}
