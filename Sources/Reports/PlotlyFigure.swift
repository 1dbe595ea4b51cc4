// SPDX-License-Identifier: MIT

/// An interactive plot in the form that Plotly reads: traces over one time axis, in lanes.
public struct PlotlyFigure: Sendable, Encodable {
  /// One line, area, bar or heat map.
  public struct Trace: Sendable, Encodable {
    var type = "scatter"
    var mode: String? = "lines"
    let name: String
    var x: [String]
    var y: [Double?]?
    var z: [[Double?]]?
    var labels: [String]?
    var line: Line?
    var fill: String?
    var fillcolor: String?
    var stackgroup: String?
    var yaxis: String?
    var hovertemplate: String?
    var colorscale: [[ColorStop]]?
    var showscale: Bool?
    var showlegend: Bool?
    var legendgroup: String?

    private enum CodingKeys: String, CodingKey {
      case type, mode, name, x, y, z, line, fill, fillcolor, stackgroup, yaxis, hovertemplate
      case colorscale, showscale, showlegend, legendgroup
    }

    /// The keys Plotly knows; a heat map's `y` are the names of its rows.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(type, forKey: .type)
      try container.encodeIfPresent(mode, forKey: .mode)
      try container.encode(name, forKey: .name)
      try container.encode(x, forKey: .x)
      if let labels {
        try container.encode(labels, forKey: .y)
      } else {
        try container.encodeIfPresent(y, forKey: .y)
      }
      try container.encodeIfPresent(z, forKey: .z)
      try container.encodeIfPresent(line, forKey: .line)
      try container.encodeIfPresent(fill, forKey: .fill)
      try container.encodeIfPresent(fillcolor, forKey: .fillcolor)
      try container.encodeIfPresent(stackgroup, forKey: .stackgroup)
      try container.encodeIfPresent(yaxis, forKey: .yaxis)
      try container.encodeIfPresent(hovertemplate, forKey: .hovertemplate)
      try container.encodeIfPresent(colorscale, forKey: .colorscale)
      try container.encodeIfPresent(showscale, forKey: .showscale)
      try container.encodeIfPresent(showlegend, forKey: .showlegend)
      try container.encodeIfPresent(legendgroup, forKey: .legendgroup)
    }
  }

  /// How a line looks; steps are drawn as steps.
  public struct Line: Sendable, Encodable {
    var color: String
    var width = 1.5
    var shape = "hv"
    var dash: String?
  }

  /// One end of a colour scale: a position 0…1 or a colour.
  public enum ColorStop: Sendable, Encodable {
    case position(Double)
    case color(String)

    /// A number or a text.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .position(let value): try container.encode(value)
      case .color(let text): try container.encode(text)
      }
    }
  }

  /// One lane of the figure.
  public struct Lane: Sendable, Hashable {
    let title: String
    /// From 0 at the bottom to 1 at the top.
    let domain: ClosedRange<Double>
  }

  /// What is drawn.
  public let data: [Trace]
  /// The lanes, the first is the lowest.
  public let lanes: [Lane]
  /// Height in pixels.
  public let height: Int
  /// What runs along the figure: Plotly's word for it, and what stands below it.
  let along: Along

  struct Along: Sendable {
    var type = "date"
    var title: String?
    /// The values that are named below the axis, for categories.
    var ticks: [String]?
  }

  /// A figure of lanes over one time axis.
  public init(data: [Trace], lanes: [Lane], height: Int) {
    self.init(data: data, lanes: lanes, height: height, along: Along())
  }

  init(data: [Trace], lanes: [Lane], height: Int, along: Along) {
    self.along = along
    self.data = data
    self.lanes = lanes
    self.height = height
  }

  private enum CodingKeys: String, CodingKey { case data, layout }

  private struct Axis: Encodable {
    var title: Title?
    var domain: [Double]?
    var automargin = true
    var zeroline = true
    var gridcolor = "#e6e8eb"
    var anchor: String?
    var type: String?
    var tickvals: [String]?
    struct Title: Encodable {
      let text: String
      var font = ["size": 12]
    }
  }

  private struct LayoutKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(_ text: String) { stringValue = text }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }
  }

  /// `{"data": […], "layout": {…}}`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(data, forKey: .data)
    var layout = container.nestedContainer(keyedBy: LayoutKey.self, forKey: .layout)
    try layout.encode(height, forKey: LayoutKey("height"))
    try layout.encode("x unified", forKey: LayoutKey("hovermode"))
    try layout.encode("#ffffff", forKey: LayoutKey("paper_bgcolor"))
    try layout.encode("#ffffff", forKey: LayoutKey("plot_bgcolor"))
    try layout.encode(["t": 36, "r": 16, "b": 40, "l": 64], forKey: LayoutKey("margin"))
    try layout.encode(
      ["family": "system-ui, sans-serif"], forKey: LayoutKey("font"))
    try layout.encode(
      ["bgcolor": "rgba(0,0,0,0)", "color": "#b8c0c8", "activecolor": "#3b6ea5"],
      forKey: LayoutKey("modebar"))
    try layout.encode(
      LegendPlacement(height: height, hasTitle: along.title != nil), forKey: LayoutKey("legend"))
    try layout.encode(
      Axis(
        title: along.title.map { .init(text: $0) }, zeroline: false, anchor: "y",
        type: along.type, tickvals: along.ticks), forKey: LayoutKey("xaxis"))
    for (index, lane) in lanes.enumerated() {
      let key = index == 0 ? "yaxis" : "yaxis\(index + 1)"
      try layout.encode(
        Axis(
          title: lane.title.isEmpty ? nil : .init(text: lane.title),
          domain: [lane.domain.lowerBound, lane.domain.upperBound]),
        forKey: LayoutKey(key))
    }
  }

  private struct LegendPlacement: Encodable {
    let orientation = "h"
    /// In heights of the figure below it; an axis with a title needs the room above.
    let y: Double
    let groupclick = "togglegroup"

    /// Below two lines of dates, and a title where there is one, however low the figure is.
    init(height: Int, hasTitle: Bool) {
      let (datePixels, titlePixels, marginPixels) = (46.0, hasTitle ? 24.0 : 0, 76)
      y = -max(
        hasTitle ? 0.22 : 0.08, (datePixels + titlePixels) / Double(max(1, height - marginPixels)))
    }
  }
}
