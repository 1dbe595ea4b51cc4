// SPDX-License-Identifier: MIT
import Foundation
import Household
import Spelling
import TimeSeries

/// The sections `site` and `grid`.
enum SiteSchema {
  static func site(_ section: Section) -> Site {
    Site(
      name: section.text("name", "what you call the home"),
      location: Location(
        latitude: section.quantity("latitude", in: -90...90),
        longitude: section.quantity("longitude", in: -180...180),
        altitude: section.quantity("altitude_m", in: -450...6_000)),
      timeZone: timeZone(section),
      holidays: section.choice("holidays", default: .none, isNeeded: true),
      currency: currency(section))
  }

  static func grid(_ section: Section) -> GridConnection {
    GridConnection(
      mainFuse: section.quantity("main_fuse_a", in: 6...1_000),
      phases: section.integer("phases", oneOf: [1, 3]),
      voltage: section.quantity("voltage_v", in: 100...260, default: Volts(230)),
      exportLimit: section.quantity("export_limit_w", in: 0...1_000_000))
  }

  private static func timeZone(_ section: Section) -> TimeZone {
    let key = "time_zone"
    let name = section.text(key, "a name of the tz database such as Europe/Prague")
    if let zone = TimeZone(identifier: name) { return zone }
    if !name.isEmpty {
      let near = NearestMatch.of(name, in: TimeZone.knownTimeZoneIdentifiers)
      section.report(
        "is no time zone; "
          + (near.map { "did you mean '\($0)'?" } ?? "write a name such as Europe/Prague"), key)
    }
    return .gmt
  }

  private static func currency(_ section: Section) -> String {
    let key = "currency"
    let code = section.text(key, "three letters of ISO 4217 such as CZK")
    let known = Locale.Currency.isoCurrencies.map { $0.identifier.uppercased() }
    if !code.isEmpty, !known.contains(code) {
      let near = NearestMatch.of(code, in: known)
      section.report(
        "is no currency of ISO 4217; "
          + (known.contains(code.uppercased())
            ? "write \(code.uppercased())" : near.map { "did you mean '\($0)'?" } ?? "such as CZK"),
        key)
    }
    return code
  }
}
