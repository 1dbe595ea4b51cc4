// SPDX-License-Identifier: MIT
public import TimeSeries

/// What electricity costs and earns: layers on top of the price of the energy itself.
///
/// Import = (energy + the open window of each layer) × (1 + energy tax) × (1 + value added tax).
/// All prices are in the site's currency for one kilowatt-hour and, except the results, without tax.
public struct Tariff: Sendable, Hashable {
  /// What the supplier asks for the energy.
  public enum EnergyPrice: Sendable, Hashable {
    /// The day-ahead price × `factor` + `fee`.
    case spot(factor: Double, fee: PricePerKilowattHour)
    /// The same at all times, or by time of day through the layers.
    case fixed(PricePerKilowattHour)
  }

  /// What the supplier pays for energy fed into the grid; no tax is added.
  public enum ExportPrice: Sendable, Hashable {
    /// Nothing is paid.
    case none
    /// The day-ahead price × `factor` − `fee`, not below `floor` where there is one.
    case spot(factor: Double, fee: PricePerKilowattHour, floor: PricePerKilowattHour?)
    /// The same at all times.
    case fixed(PricePerKilowattHour)
  }

  /// A charge by time of day: distribution, system services, taxes on energy.
  public struct Layer: Sendable, Hashable {
    /// What the bill calls it.
    public let name: String
    /// The first open window counts.
    public let windows: [(window: DailyWindow, price: PricePerKilowattHour)]

    /// A charge whose first open window counts; where none is open it costs nothing.
    public init(
      name: String, windows: [(window: DailyWindow, price: PricePerKilowattHour)]
    ) {
      self.name = name
      self.windows = windows
    }

    /// The charge at a time.
    public func price(at time: SiteCalendar.WallTime) -> PricePerKilowattHour {
      windows.first { $0.window.contains(time) }?.price ?? .zero
    }

    /// Whether two layers charge the same.
    public static func == (left: Layer, right: Layer) -> Bool {
      left.name == right.name && left.windows.elementsEqual(right.windows, by: ==)
    }

    /// Feeds what `==` compares.
    public func hash(into hasher: inout Hasher) {
      hasher.combine(name)
      for entry in windows {
        hasher.combine(entry.window)
        hasher.combine(entry.price)
      }
    }
  }

  /// The energy itself.
  public let energy: EnergyPrice
  /// The charges on top.
  public let layers: [Layer]
  /// A tax that is a share of energy and layers, before value added tax; zero in most countries.
  public let energyTax: Fraction
  /// Added to everything imported, 0.21 for 21 per cent.
  public let valueAddedTax: Fraction
  /// What is paid for export.
  public let export: ExportPrice
  /// Money for each kilowatt by which the month's highest quarter-hour of import rises; zero where
  /// peaks are not charged. Tax, if any, is in it.
  public let peakPricePerKilowatt: Money

  /// A tariff of layers.
  public init(
    energy: EnergyPrice, layers: [Layer], energyTax: Fraction = .zero, valueAddedTax: Fraction,
    export: ExportPrice, peakPricePerKilowatt: Money = .zero
  ) {
    self.energy = energy
    self.layers = layers
    self.energyTax = energyTax
    self.valueAddedTax = valueAddedTax
    self.export = export
    self.peakPricePerKilowatt = peakPricePerKilowatt
  }

  /// Whether the day-ahead price has to be known.
  public var needsSpotPrice: Bool {
    if case .spot = energy { return true }
    if case .spot = export { return true }
    return false
  }

  /// What one imported kilowatt-hour costs; `nil` when the day-ahead price is needed and missing.
  public func importPrice(
    spot: PricePerKilowattHour?, at time: SiteCalendar.WallTime
  ) -> PricePerKilowattHour? {
    let base: PricePerKilowattHour
    switch energy {
    case .fixed(let price): base = price
    case .spot(let factor, let fee):
      guard let spot else { return nil }
      base = spot * factor + fee
    }
    let net = layers.reduce(base) { $0 + $1.price(at: time) }
    return net * ((1 + energyTax.rawValue) * (1 + valueAddedTax.rawValue))
  }

  /// What one exported kilowatt-hour earns, negative when it costs; `nil` when the day-ahead price
  /// is needed and missing.
  public func exportPrice(spot: PricePerKilowattHour?) -> PricePerKilowattHour? {
    switch export {
    case .none: return .zero
    case .fixed(let price): return price
    case .spot(let factor, let fee, let floor):
      guard let spot else { return nil }
      let price = spot * factor - fee
      return floor.map { max($0, price) } ?? price
    }
  }

  /// The prices of every step, taken at its start.
  public func prices(
    spot: Series<PricePerKilowattHour>, calendar: SiteCalendar
  ) -> (import: Series<PricePerKilowattHour>, export: Series<PricePerKilowattHour>) {
    let times = calendar.wallTimes(on: spot.grid)
    return (
      Series(
        grid: spot.grid,
        values: zip(spot.values, times).map { importPrice(spot: $0, at: $1) }),
      Series(grid: spot.grid, values: spot.values.map { exportPrice(spot: $0) })
    )
  }
}
