// SPDX-License-Identifier: MIT
public import TimeSeries

extension Tariff {
  /// One line of what a kilowatt-hour costs.
  public struct PricePart: Sendable, Hashable {
    /// What the bill calls it.
    public let name: String
    /// What it adds; negative for a day-ahead price below zero.
    public let price: PricePerKilowattHour

    /// A line.
    public init(name: String, price: PricePerKilowattHour) {
      self.name = name
      self.price = price
    }
  }

  /// The names of the parts, in the order of `importParts`.
  public var importPartNames: [String] {
    var names = ["energy"]
    if case .spot = energy { names.append("supplier's fee") }
    names += layers.map(\.name)
    if energyTax != .zero { names.append("energy tax") }
    if valueAddedTax != .zero { names.append("value added tax") }
    return names
  }

  /// What one imported kilowatt-hour is made of; the parts add up to `importPrice`. `nil` when the
  /// day-ahead price is needed and missing.
  public func importParts(
    spot: PricePerKilowattHour?, at time: SiteCalendar.WallTime
  ) -> [PricePart]? {
    var prices: [PricePerKilowattHour]
    switch energy {
    case .fixed(let price): prices = [price]
    case .spot(let factor, let fee):
      guard let spot else { return nil }
      prices = [spot * factor, fee]
    }
    prices += layers.map { $0.price(at: time) }
    for tax in [energyTax, valueAddedTax] where tax != .zero {
      prices.append(prices.reduce(.zero, +) * tax.rawValue)
    }
    return zip(importPartNames, prices).map { PricePart(name: $0, price: $1) }
  }
}
