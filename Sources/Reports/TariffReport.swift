// SPDX-License-Identifier: MIT
public import Foundation
public import TimeSeries

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
    "#3b6ea5", "#8fa3b8", "#d1603d", "#f0a500", "#2a9d8f", "#6a4c93", "#9aa5b1", "#b5838d",
  ]

  private let title: String
  private let subtitle: String
  private let partNames: [String]
  private let grid: TimeGrid
  private let steps: [Step]
  private let secondsFromUTC: Int

  /// A report.
  ///
  /// - Parameters:
  ///   - grid: the steps of the day, as many as `steps`.
  ///   - timeZone: that of the home. The axis keeps the offset of midnight, so that the repeated
  ///     hour of autumn does not run back.
  public init(
    title: String, subtitle: String, partNames: [String], grid: TimeGrid, steps: [Step],
    timeZone: TimeZone
  ) {
    self.title = title
    self.subtitle = subtitle
    self.partNames = partNames
    self.grid = grid
    self.steps = steps
    secondsFromUTC = timeZone.secondsFromGMT(for: grid.start)
  }

  /// The page.
  public var page: HTMLPage {
    let header = ["clock"] + partNames + ["import", "export"]
    let rows = steps.map { step in
      [step.wallClock]
        + (step.parts + [step.importPrice, step.exportPrice]).map { String(format: "%.4f", $0) }
    }
    return HTMLPage(
      title: title, subtitle: subtitle,
      sections: [.figure(figure), .heading("Every step"), .table(header: header, rows: rows)])
  }

  private var figure: PlotlyFigure {
    var traces = partNames.enumerated().map { index, name in
      var trace = line(
        name, steps.map { max(0, $0.parts[index]) }, Self.colours[index % Self.colours.count])
      trace.stackgroup = "parts"
      trace.line?.width = 0
      return trace
    }
    traces.append(line("import", steps.map(\.importPrice), Palette.importPrice))
    traces.append(line("export", steps.map(\.exportPrice), Palette.exportPrice))
    return PlotlyFigure(
      data: traces, lanes: [.init(title: "Price (/kWh)", domain: 0...1)], height: 520)
  }

  private func line(
    _ name: String, _ values: [Double], _ colour: String
  ) -> PlotlyFigure.Trace {
    PlotlyFigure.Trace(
      name: name, x: axis, y: values.map { ($0 * 1e5).rounded() / 1e5 },
      line: PlotlyFigure.Line(color: colour))
  }

  private var axis: [String] {
    grid.dates.map { start in
      let shifted = start.addingTimeInterval(Double(secondsFromUTC))
      return shifted.formatted(.iso8601).replacing("T", with: " ").replacing("Z", with: "")
    }
  }
}
