// SPDX-License-Identifier: MIT
public import TimeSeries

/// A real tariff as an example: what it is called, where it holds, and where its numbers are from.
public struct TariffExample: Sendable, Hashable {
  /// The word that selects it.
  public let name: String
  /// What it is.
  public let summary: String
  /// The zone of the tz database by whose clock it is written.
  public let timeZone: String
  /// The holidays on which its days off fall.
  public let holidays: HolidayCalendar
  /// ISO 4217 code of its money.
  public let currency: String
  /// The tariff.
  public let tariff: Tariff

  /// All examples.
  public static let all = [czechD57d, spanish20TD, dutchDynamic, britishAgile, flemishCapacity]

  /// Two rates by the distributor's switch, 20 low hours a day, on top of the spot price.
  ///
  /// Source: size of ERÚ price decisions for 2026 (system services 164.24 CZK/MWh), electricity
  /// tax 28.30 CZK/MWh by Act No. 261/2007 Coll., part 47. The switching times differ by place.
  public static let czechD57d = TariffExample(
    name: "cz-d57d", summary: "Czech spot contract with the distribution rate D57d",
    timeZone: "Europe/Prague", holidays: .czechRepublic, currency: "CZK",
    tariff: Tariff(
      energy: .spot(factor: 1, fee: .init(0.35)),
      layers: [
        Tariff.Layer(
          name: "distribution D57d",
          windows: [10, 12, 16, 18].map { hour in
            (DailyWindow(startMinute: hour * 60, endMinute: hour * 60 + 60), .init(0.836))
          } + [(DailyWindow(), .init(0.151))]),
        flat("system services", 0.16424),
        flat("electricity tax", 0.0283),
      ],
      valueAddedTax: .percent(21),
      export: .spot(factor: 1, fee: .init(0.4), floor: nil)))

  /// Three periods by hour and day type, a tax in per cent before value added tax.
  ///
  /// Source: access charges of 2.0TD from 2025-01-01 (CNMC tolls and ministry charges): 0.092539,
  /// 0.028201 and 0.002994 EUR/kWh; periods of CNMC Circular 3/2020, article 7; electricity tax
  /// 5.11269632 % by Ley 38/1992, article 99.
  public static let spanish20TD = TariffExample(
    name: "es-2.0td", summary: "Spanish spot contract with access tariff 2.0TD (peninsula)",
    timeZone: "Europe/Madrid", holidays: .spain, currency: "EUR",
    tariff: Tariff(
      energy: .spot(factor: 1, fee: .init(0.01)),
      layers: [
        Tariff.Layer(
          name: "access 2.0TD",
          windows: [
            (DailyWindow(days: .daysOff), .init(0.002994)),
            (DailyWindow(startMinute: 0, endMinute: 480), .init(0.002994)),
            (DailyWindow(startMinute: 600, endMinute: 840), .init(0.092539)),
            (DailyWindow(startMinute: 1_080, endMinute: 1_320), .init(0.092539)),
            (DailyWindow(), .init(0.028201)),
          ])
      ],
      energyTax: .percent(5.112_696_32), valueAddedTax: .percent(21),
      export: .spot(factor: 1, fee: .init(0.005), floor: .zero)))

  /// Spot price with a flat energy tax; export earns the same energy price.
  ///
  /// Source: energy tax 0.10154 EUR/kWh without VAT, Dutch rate of 2025 for the first 2900 kWh
  /// (Wet belastingen op milieugrondslag); purchasing cost as an example of a supplier's.
  public static let dutchDynamic = TariffExample(
    name: "nl-dynamic", summary: "Dutch dynamic contract", timeZone: "Europe/Amsterdam",
    holidays: .none, currency: "EUR",
    tariff: Tariff(
      energy: .spot(factor: 1, fee: .init(0.028)), layers: [flat("energy tax", 0.10154)],
      valueAddedTax: .percent(21), export: .spot(factor: 1, fee: .zero, floor: nil)))

  /// The supplier's half-hourly price, 5 % value added tax, a fixed price for export.
  ///
  /// Source: Octopus Energy, Agile Octopus publishes half-hourly prices without VAT that hold all
  /// charges; VAT on domestic fuel 5 % (VAT Notice 701/19); Outgoing Octopus Fixed 0.15 GBP/kWh.
  public static let britishAgile = TariffExample(
    name: "gb-agile", summary: "British Agile Octopus with Outgoing Fixed",
    timeZone: "Europe/London", holidays: .none, currency: "GBP",
    tariff: Tariff(
      energy: .spot(factor: 1, fee: .zero), layers: [], valueAddedTax: .percent(5),
      export: .fixed(.init(0.15))))

  /// One price for energy, and a charge on the highest quarter-hour of the month.
  ///
  /// Source: the shape of the Flemish capacity tariff (VREG, since 2023: yearly charge for the mean
  /// monthly peak, at least 2.5 kW); the amounts are examples, 48 EUR a kW and year in twelfths.
  public static let flemishCapacity = TariffExample(
    name: "be-capacity", summary: "Flemish contract with capacity tariff",
    timeZone: "Europe/Brussels", holidays: .none, currency: "EUR",
    tariff: Tariff(
      energy: .fixed(.init(0.12)),
      layers: [flat("distribution", 0.053), flat("levies", 0.05)], valueAddedTax: .percent(6),
      export: .fixed(.init(0.03)), peakPricePerKilowatt: Money(4)))

  private static func flat(_ name: String, _ price: Double) -> Tariff.Layer {
    Tariff.Layer(name: name, windows: [(DailyWindow(), .init(price))])
  }
}
