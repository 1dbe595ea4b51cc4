// SPDX-License-Identifier: MIT

/// A page about the thermal models of rooms: a table, and for each room what was forecast a day ahead
/// against what came.
public struct RoomReport: Sendable {
  /// One room.
  public struct Room: Sendable {
    /// The name.
    public let name: String
    /// Sentences about the model.
    public let remarks: [String]
    /// The instants of the plot, ISO 8601.
    public let times: [String]
    /// Measured temperature, °C.
    public let measured: [Double?]
    /// Forecast quantiles at the same instants, °C.
    public let low: [Double?]
    /// The median.
    public let middle: [Double?]
    /// The upper quantile.
    public let high: [Double?]

    /// A room with its forecasts; the arrays have one length.
    public init(
      name: String, remarks: [String], times: [String], measured: [Double?], low: [Double?],
      middle: [Double?], high: [Double?]
    ) {
      self.name = name
      self.remarks = remarks
      self.times = times
      self.measured = measured
      self.low = low
      self.middle = middle
      self.high = high
    }
  }

  /// Header of the table of all rooms.
  public let header: [String]
  /// Its rows.
  public let rows: [[String]]
  /// The rooms with their plots.
  public let rooms: [Room]

  /// A report of rooms.
  public init(header: [String], rows: [[String]], rooms: [Room]) {
    self.header = header
    self.rows = rows
    self.rooms = rooms
  }

  /// The page.
  public var page: HTMLPage {
    var sections: [HTMLPage.Section] = [
      .paragraph(
        "Every figure with the interval that holds the truth in nine of ten cases. The plots show "
          + "forecasts of days that the models had not seen."),
      .table(header: header, rows: rows),
    ]
    for room in rooms {
      sections.append(.heading(room.name))
      sections += room.remarks.map { .paragraph($0) }
      if !room.times.isEmpty { sections.append(.figure(figure(room))) }
    }
    return HTMLPage(
      title: "Rooms", subtitle: "Thermal models identified from data", sections: sections)
  }

  private func figure(_ room: Room) -> PlotlyFigure {
    func line(_ name: String, _ values: [Double?], _ color: String) -> PlotlyFigure.Trace {
      PlotlyFigure.Trace(
        name: name, x: room.times, y: values,
        line: .init(color: color, width: 1.5, shape: "linear"), yaxis: "y")
    }
    var low = line("P10", room.low, Palette.band)
    low.showlegend = false
    var high = line("P10–P90", room.high, Palette.band)
    high.fill = "tonexty"
    high.fillcolor = Palette.band
    return PlotlyFigure(
      data: [
        low, high, line("P50, a day ahead", room.middle, Palette.battery),
        line("measured", room.measured, Palette.grid),
      ], lanes: [.init(title: "°C", domain: 0...1)], height: 320)
  }
}
