// SPDX-License-Identifier: MIT
import Configuration
import Foundation
import Household
import Simulation
import TimeSeries

/// A home as pems understood its configuration: for people as text, for programs as JSON.
struct HomeSummary: Encodable {
  /// One subject with what is to be said of it.
  struct Line: Encodable {
    let subject: String
    let text: String
  }

  /// The import and export price while they stay the same.
  struct PriceSpan: Encodable {
    let from: String
    let to: String
    let importPerKwh: Double
    let exportPerKwh: Double
  }

  /// A default that counts because the key was left out.
  struct Default: Encodable {
    let key: String
    let value: String
    let count: Int
  }

  let version: Int
  let site: String
  let lines: [Line]
  let heaterPowerKw: Double
  let pvPeakKw: Double
  let batteryKwh: Double
  let importLimitKw: Double
  let spotPerKwh: Double
  let prices: [PriceSpan]
  /// What the home has none of.
  let absent: [String]
  let defaults: [Default]

  private let needsSpotPrice: Bool
  private let currency: String

  /// A usual day-ahead price, in euros for a kilowatt-hour.
  private static let usualSpotEuros = 0.1

  /// A summary with the prices of the day that holds `time`, all its hours at one day-ahead price;
  /// `nil` for a usual one.
  init(_ configuration: HomeConfiguration, spot: PricePerKilowattHour?, at time: Date) {
    let home = configuration.home
    needsSpotPrice = home.tariff.needsSpotPrice
    currency = home.site.currency
    let spot =
      spot
      ?? PricePerKilowattHour(
        Self.usualSpotEuros * SimulatedDayAheadMarket.moneyPerEuro(in: home.site.currency))
    version = HomeConfiguration.schemaVersion
    site = home.site.name
    heaterPowerKw = Self.heaterPower(home).kilowatts
    pvPeakKw = home.pvArrays.reduce(.zero) { $0 + $1.peakPower }.kilowatts
    batteryKwh = home.battery?.capacity.rawValue ?? 0
    importLimitKw = home.grid.importLimit.kilowatts
    spotPerKwh = spot.rawValue
    prices = Self.prices(home, spot: spot, at: time)
    absent = [
      ("pv", home.pvArrays.isEmpty), ("battery", home.battery == nil),
      ("rooms", home.rooms.isEmpty), ("charge_points", home.chargePoints.isEmpty),
      ("vehicles", home.vehicles.isEmpty),
    ].filter(\.1).map(\.0)
    defaults = configuration.assumptions.map {
      Default(key: $0.keyPath, value: $0.value, count: $0.count)
    }
    lines =
      Self.siteLines(home) + Self.equipmentLines(home) + Self.limitLines(configuration)
      + Self.serviceLines(configuration)
  }

  /// The text that `pems check` prints.
  var text: String {
    var rows = lines.map { ($0.subject, $0.text) }
    rows += absent.isEmpty ? [] : [("not there", absent.joined(separator: ", "))]
    let width = rows.map(\.0.count).max() ?? 0
    var text = "\(site): configuration version \(version), no problems\n"
    for (subject, line) in rows {
      text += "\n  " + subject.padding(toLength: width + 2, withPad: " ", startingAt: 0) + line
    }
    text += "\n\nPrices of today, \(currency) for one kWh"
    text +=
      needsSpotPrice ? ", at a day-ahead price of \(Money(spotPerKwh).text(in: "")):\n" : ":\n"
    text += prices.map { span in
      "\n  \(span.from)–\(span.to)  import \(Self.decimal(span.importPerKwh, 3))"
        + "  export \(Self.decimal(span.exportPerKwh, 3))"
    }.joined()
    guard !defaults.isEmpty else { return text }
    text += "\n\nNot in the file, so this counts:\n"
    text += defaults.map { entry in
      "\n  \(entry.key): \(entry.value)" + (entry.count > 1 ? "  (\(entry.count) times)" : "")
    }.joined()
    return text
  }

  private static func siteLines(_ home: Home) -> [Line] {
    let (site, grid, tariff) = (home.site, home.grid, home.tariff)
    let place = site.location
    return [
      Line(
        subject: "site",
        text:
          "\(side(place.latitude.rawValue, "N", "S")) \(side(place.longitude.rawValue, "E", "W")), "
          + "\(decimal(place.altitude.rawValue, 0)) m, "
          + "\(site.timeZone.identifier), holidays \(site.holidays.rawValue), \(site.currency)"),
      Line(
        subject: "grid",
        text: "\(grid.phases) × \(decimal(grid.mainFuse.rawValue, 0)) A × "
          + "\(decimal(grid.voltage.rawValue, 0)) V: import up to \(kilowatts(grid.importLimit)), "
          + "export up to \(kilowatts(grid.exportLimit))"),
      Line(
        subject: "tariff",
        text: "\(words(tariff.energy)), layers: "
          + (tariff.layers.isEmpty ? "none" : tariff.layers.map(\.name).joined(separator: ", "))
          + "; VAT \(decimal(tariff.valueAddedTax.percent, 0)) %"),
      Line(subject: "export", text: words(tariff.export)),
    ]
  }

  /// Degrees without a sign, and to which side of the equator or of Greenwich.
  private static func side(_ degrees: Double, _ positive: String, _ negative: String) -> String {
    "\(abs(degrees))° \(degrees < 0 ? negative : positive)"
  }

  private static func equipmentLines(_ home: Home) -> [Line] {
    var lines = home.pvArrays.map { array in
      Line(
        subject: "pv " + array.name,
        text: "\(kilowatts(array.peakPower)) peak, tilt \(decimal(array.tilt.rawValue, 0))°, "
          + "azimuth \(decimal(array.azimuth.rawValue, 0))°")
    }
    if let inverter = home.inverter {
      lines.append(Line(subject: "inverter", text: kilowatts(inverter.ratedPower)))
    }
    if let battery = home.battery {
      let band = battery.stateOfChargeBand
      lines.append(
        Line(
          subject: battery.name,
          text: "\(battery.capacity), kept at \(decimal(band.lowerBound.percent, 0))…"
            + "\(decimal(band.upperBound.percent, 0)) %, charges \(kilowatts(battery.maximumCharge)), "
            + "discharges \(kilowatts(battery.maximumDischarge))"))
    }
    lines += home.chargePoints.map { point in
      Line(
        subject: point.name,
        text: "\(kilowatts(point.minimumPower))…\(kilowatts(point.maximumPower)), "
          + "\(point.phases) phase\(point.phases == 1 ? "" : "s")")
    }
    lines += home.vehicles.map { vehicle in
      Line(
        subject: vehicle.name,
        text: "\(vehicle.capacity) at \(vehicle.chargePoint), \(vehicle.routines.count) usual trip"
          + (vehicle.routines.count == 1 ? "" : "s"))
    }
    return lines + roomLines(home)
  }

  private static func roomLines(_ home: Home) -> [Line] {
    guard !home.rooms.isEmpty else { return [] }
    let names = home.rooms.map { room in
      room.name + (room.heater.map { " \(decimal($0.power.rawValue, 0)) W" } ?? " (no heater)")
    }
    let total = heaterPower(home)
    let surplus =
      total > home.grid.importLimit ? ", more than the fuse carries, so never all at once" : ""
    return [
      Line(
        subject: "rooms",
        text: "\(home.rooms.count), of which \(home.heatedRooms.count) heated with "
          + "\(kilowatts(total)) together\(surplus)"),
      Line(subject: "", text: names.joined(separator: ", ")),
    ]
  }

  private static func limitLines(_ configuration: HomeConfiguration) -> [Line] {
    let safety = configuration.home.safety
    return [
      Line(
        subject: "limits",
        text: "rooms \(safety.minimumRoomTemperature)…\(safety.maximumRoomTemperature), "
          + "fuse used up to \(decimal(safety.fuseMargin.percent, 0)) %, "
          + "readings up to \(decimal(safety.maximumReadingAge.seconds / 60, 0)) min old"),
      Line(subject: "history", text: configuration.history.storePath),
    ]
      + (configuration.history.roomModelsPath.map { [Line(subject: "room models", text: $0)] } ?? [])
  }

  private static func heaterPower(_ home: Home) -> Watts {
    home.rooms.reduce(.zero) { $0 + ($1.heater?.power ?? .zero) }
  }

  private static func prices(
    _ home: Home, spot: PricePerKilowattHour, at time: Date
  ) -> [PriceSpan] {
    let calendar = home.site.calendar
    let grid = TimeGrid(covering: calendar.day(holding: time), stepSeconds: 900)
    let (imports, exports) = home.tariff.prices(
      spot: Series(grid: grid, constant: spot), calendar: calendar)
    var spans: [PriceSpan] = []
    var first = 0
    for index in grid.indices {
      let next = index + 1
      if next < grid.count, imports[next] == imports[first], exports[next] == exports[first] {
        continue
      }
      spans.append(
        PriceSpan(
          from: clock(calendar, grid.date(at: first)),
          to: next == grid.count ? "24:00" : clock(calendar, grid.date(at: next)),
          importPerKwh: imports[first]?.rawValue ?? 0, exportPerKwh: exports[first]?.rawValue ?? 0))
      first = next
    }
    return spans
  }

  private static func words(_ energy: Tariff.EnergyPrice) -> String {
    switch energy {
    case .spot(let factor, let fee): "day-ahead price × \(factor) + \(fee.rawValue)"
    case .fixed(let price): "fixed \(price.rawValue)"
    }
  }

  private static func words(_ export: Tariff.ExportPrice) -> String {
    switch export {
    case .none: "nothing is paid"
    case .fixed(let price): "fixed \(price.rawValue)"
    case .spot(let factor, let fee, let floor):
      "day-ahead price × \(factor) − \(fee.rawValue)"
        + (floor.map { ", not below \($0.rawValue)" } ?? "")
    }
  }

  private static func clock(_ calendar: SiteCalendar, _ time: Date) -> String {
    let minute = calendar.wallTime(at: time).minuteOfDay
    return String(format: "%02d:%02d", minute / 60, minute % 60)
  }

  private static func kilowatts(_ power: Watts) -> String { decimal(power.kilowatts, 2) + " kW" }

  private static func decimal(_ number: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", number)
  }
}
