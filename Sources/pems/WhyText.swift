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
    for device in report.devices { lines += Self.lines(device, money: " " + report.currency) }
    return lines.joined(separator: "\n")
  }

  private static func lines(_ device: DecisionReport.Device, money: String) -> [String] {
    var lines =
      device.explanation.map { Self.lines($0, money: money) }
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
  static func lines(_ item: Explanation, money: String) -> [String] {
    var prices = "  worth: power \(price(item.powerPrice, money))"
    if let stored = item.storedEnergyPrice {
      prices += ", energy stored \(price(stored, money))"
    }
    var lines = [item.sentence, prices]
    if !item.bindingLimits.isEmpty {
      lines.append("  limits: " + item.bindingLimits.joined(separator: ", "))
    }
    for other in item.alternatives {
      let cost =
        other.extraCost.map { String(format: "%+.2f", $0) + money }
        ?? "not possible: \(other.obstacle ?? "its limits")"
      lines.append("  otherwise \(other.action): \(cost)")
    }
    return lines
  }

  private static func price(_ value: Double, _ money: String) -> String {
    String(format: "%.2f", value) + money + "/kWh"
  }
}
