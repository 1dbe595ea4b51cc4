// SPDX-License-Identifier: MIT
import Foundation

/// A page with the prices of one local day: the parts of the import price stacked, and the export price.
public struct TariffReport: Sendable {
  /// One step of the day.
  public struct Step: Sendable {
    /// What the clock on the wall shows at its start.
    public let wallClock: String
    /// The parts of the import price, in the order of the names.
    public let parts: [Double]
    /// What one imported kilowatt-hour costs.
    public let importPrice: Double
    /// What one exported kilowatt-hour earns.
    public let exportPrice: Double

    /// A step; all prices for one kilowatt-hour.
    public init(wallClock: String, parts: [Double], importPrice: Double, exportPrice: Double) {
      self.wallClock = wallClock
      self.parts = parts
      self.importPrice = importPrice
      self.exportPrice = exportPrice
    }
  }

  private static let colours = [
    "#3b6ea5", "#7fb3d5", "#d1603d", "#f0a500", "#2a9d8f", "#6a4c93", "#9aa5b1", "#b5838d",
  ]

  private let title: String
  private let subtitle: String
  private let partNames: [String]
  private let currency: String
  private let steps: [Step]

  /// A report of the steps of a day in the money `currency`.
  public init(
    title: String, subtitle: String, partNames: [String], currency: String, steps: [Step]
  ) {
    self.title = title
    self.subtitle = subtitle
    self.partNames = partNames
    self.currency = currency
    self.steps = steps
  }

  /// The page.
  public var page: HTMLPage {
    let header = ["clock"] + partNames + ["import", "export"]
    let rows = zip(axis, steps).map { clock, step in
      [clock]
        + (step.parts + [step.importPrice, step.exportPrice]).map { String(format: "%.4f", $0) }
    }
    return HTMLPage(
      title: title, subtitle: subtitle,
      sections: [.figure(figure), .heading("Every step"), .table(header: header, rows: rows)])
  }

  private var figure: PlotlyFigure {
    var traces = partNames.indices.map { index in
      area(index, name: partNames[index], "parts") { max(0, $0) }
    }
    // What a negative price takes away hangs below the axis, in the colour of its part.
    for index in partNames.indices where steps.contains(where: { $0.parts[index] < 0 }) {
      var below = area(index, name: partNames[index] + ", negative", "negative") { min(0, $0) }
      below.showlegend = false
      traces.append(below)
    }
    traces.append(line("import", steps.map(\.importPrice), Palette.importPrice))
    traces.append(line("export", steps.map(\.exportPrice), Palette.exportPrice))
    let clocks = axis
    return PlotlyFigure(
      data: traces, lanes: [.init(title: "\(currency)/kWh", domain: 0...1)], height: 520,
      along: .init(type: "category", ticks: clocks.filter(Self.isNamed)))
  }

  private func area(
    _ index: Int, name: String, _ group: String, _ share: (Double) -> Double
  ) -> PlotlyFigure.Trace {
    let colour = Self.colours[index % Self.colours.count]
    var trace = line(name, steps.map { share($0.parts[index]) }, colour)
    trace.stackgroup = group
    trace.line?.width = 0
    return trace
  }

  private func line(
    _ name: String, _ values: [Double], _ colour: String
  ) -> PlotlyFigure.Trace {
    // The last price holds until midnight.
    let values = values + values.suffix(1)
    return PlotlyFigure.Trace(
      name: name, x: axis, y: values.map { ($0 * 1e5).rounded() / 1e5 },
      line: PlotlyFigure.Line(color: colour))
  }

  /// What the clock shows at each step and at the end; the hour that comes twice in autumn is told apart.
  private var axis: [String] {
    var known: Set<String> = []
    return steps.map(\.wallClock).map { clock in
      known.insert(clock).inserted ? clock : clock + " again"
    } + ["24:00"]
  }

  /// Every third hour.
  private static func isNamed(_ clock: String) -> Bool {
    guard clock.hasSuffix(":00"), let hour = Int(clock.prefix(2)) else { return false }
    return hour.isMultiple(of: 3)
  }
}
