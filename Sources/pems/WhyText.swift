// SPDX-License-Identifier: MIT
import Control
import Foundation
import Planning
import TimeSeries

/// Explanations as people read them.
enum WhyText {
  /// A whole report, in local time.
  static func text(_ report: DecisionReport, calendar: SiteCalendar) -> String {
    func clock(_ time: Date) -> String {
      let wall = calendar.wallTime(at: time)
      return String(format: "%02d:%02d", wall.minuteOfDay / 60, wall.minuteOfDay % 60)
    }
    let day = calendar.wallTime(at: report.time).date
    var title = "\(day) \(clock(report.time))"
    if let issued = report.planIssuedAt {
      let issuedDay = calendar.wallTime(at: issued).date
      title += ", by the plan of \(issuedDay == day ? "" : "\(issuedDay) ")\(clock(issued))"
      title += report.planCause.map { " (\($0))" } ?? ""
      if report.stepStart == nil { title += ", which does not reach this time" }
    } else {
      title += ", without a plan"
    }
    var lines = [title] + report.diagnostics.map { "  \($0)" }
    if report.devices.isEmpty {
      lines.append("There is nothing to decide: no heater, battery, car or appliance.")
    }
    for device in report.devices { lines += Self.lines(device, currency: report.currency) }
    return lines.joined(separator: "\n")
  }

  private static func lines(_ device: DecisionReport.Device, currency: String) -> [String] {
    var lines =
      device.explanation.map { Self.lines($0, currency: currency) }
      ?? ["\(device.name): nothing is planned for it"]
    if let order = device.order {
      lines.append("  told: \(order)" + (device.orderReason.map { " (\($0))" } ?? ""))
    }
    if let wanted = device.wantedInstead {
      lines.append("  a safety limit stands above the plan, which wanted: \(wanted)")
    }
    if let override = device.override {
      lines.append("  a person stands above the plan: \(override)")
    }
    return lines
  }

  /// One explanation.
  static func lines(_ item: Explanation, currency: String) -> [String] {
    var prices = "  worth: power \(PricePerKilowattHour(item.powerPrice).text(in: currency))"
    if let stored = item.storedEnergyPrice {
      prices += ", energy stored \(PricePerKilowattHour(stored).text(in: currency))"
    }
    var lines = [item.sentence, prices]
    if !item.bindingLimits.isEmpty {
      lines.append("  limits: " + item.bindingLimits.joined(separator: ", "))
    }
    for other in item.alternatives {
      let cost =
        other.extraCost.map { Money($0).text(in: currency, showsPlus: true) }
        ?? "not possible: \(other.obstacle ?? "its limits")"
      lines.append("  otherwise \(other.action): \(cost)")
    }
    return lines
  }
}
