// SPDX-License-Identifier: MIT
import Household
import TimeSeries

/// The section `tariff`. All prices are in the site's currency for one kilowatt-hour.
enum TariffSchema {
  private static let priceRange = -100.0...100.0
  private static let factorRange = 0.0...10.0

  static func tariff(_ section: Section) -> Tariff {
    let layers = section.sections("layers")
    return Tariff(
      energy: energy(section.requiredSection("import", "spot or fixed_per_kwh")),
      layers: layers.map(layer),
      valueAddedTax: section.percent("value_added_tax_percent"),
      export: section.section("export").map(export) ?? .none,
      peakPricePerKilowatt: section.quantity(
        "peak_price_per_kw", in: 0...100_000, default: Money.zero))
  }

  private static func energy(_ section: Section) -> Tariff.EnergyPrice {
    switch choice(section) {
    case .spot(let spot):
      return .spot(
        factor: spot.number("factor", in: factorRange, default: 1),
        fee: spot.quantity("fee_per_kwh", in: priceRange))
    case .fixed: return .fixed(section.quantity("fixed_per_kwh", in: priceRange))
    case .neither: return .fixed(.zero)
    }
  }

  private static func export(_ section: Section) -> Tariff.ExportPrice {
    switch choice(section) {
    case .spot(let spot):
      return .spot(
        factor: spot.number("factor", in: factorRange, default: 1),
        fee: spot.quantity("fee_per_kwh", in: priceRange),
        floor: spot.optionalQuantity("floor_per_kwh", in: priceRange))
    case .fixed: return .fixed(section.quantity("fixed_per_kwh", in: priceRange))
    case .neither: return .none
    }
  }

  private enum Choice {
    case spot(Section)
    case fixed
    case neither
  }

  /// `spot` or `fixed_per_kwh`, and exactly one of them.
  private static func choice(_ section: Section) -> Choice {
    let (spot, isFixed) = (section.section("spot"), section.has("fixed_per_kwh"))
    switch (spot, isFixed) {
    case (.some(let spot), _):
      if isFixed {
        section.report("stands beside spot; only one of them can hold", "fixed_per_kwh")
      }
      return .spot(spot)
    case (nil, true): return .fixed
    case (nil, false):
      _ = section.requiredNode("spot", "write either spot or fixed_per_kwh")
      return .neither
    }
  }

  private static func layer(_ section: Section) -> Tariff.Layer {
    let name = section.text("name", "what the bill calls the charge")
    let windows = section.sections("windows")
    if section.has("windows") {
      if section.has("price_per_kwh") {
        section.report("stands beside windows; put it into a window", "price_per_kwh")
      }
      if windows.isEmpty { section.report("is empty; give at least one window", "windows") }
      return Tariff.Layer(
        name: name,
        windows: windows.map { window in
          (WindowSchema.window(window), window.quantity("price_per_kwh", in: priceRange))
        })
    }
    return Tariff.Layer(
      name: name,
      windows: [(DailyWindow(), section.quantity("price_per_kwh", in: priceRange))])
  }
}
