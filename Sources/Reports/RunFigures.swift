// SPDX-License-Identifier: MIT
import Control
import Household
import TimeSeries

/// Colours that mean the same in every figure.
enum Palette {
  static let importPrice = "#c0392b"
  static let exportPrice = "#7f8c8d"
  static let pv = "#f0a500"
  static let base = "#8fa3b8"
  static let heating = "#d1603d"
  static let vehicle = "#6a4c93"
  static let grid = "#1d2733"
  static let battery = "#2a9d8f"
  static let reference = "#9aa5b1"
  static let band = "rgba(42,157,143,0.14)"
}

/// Prices, power and battery in lanes over one time axis; two where there is no battery.
struct EnergyFigure {
  let shown: RunRecord
  let reference: RunRecord?
  let axis: TimeAxis
  let currency: String

  var figure: PlotlyFigure {
    PlotlyFigure(
      data: batteryTraces + powerTraces + priceTraces,
      lanes: hasBattery
        ? [
          .init(title: "Charge (%)", domain: 0...0.2),
          .init(title: "Power (kW)", domain: 0.25...0.74),
          .init(title: "\(currency)/kWh", domain: 0.79...1),
        ]
        : [
          .init(title: "Power (kW)", domain: 0...0.66),
          .init(title: "\(currency)/kWh", domain: 0.73...1),
        ], height: hasBattery ? 760 : 600)
  }

  private var hasBattery: Bool { !shown.stateOfCharge.isEmpty }
  private var powerLane: String { hasBattery ? "y2" : "y" }
  private var priceLane: String { hasBattery ? "y3" : "y2" }

  private var priceTraces: [PlotlyFigure.Trace] {
    [
      line("Import price", shown.importPrice.map(\.rawValue), Palette.importPrice, priceLane),
      line("Export price", shown.exportPrice.map(\.rawValue), Palette.exportPrice, priceLane),
    ]
  }

  private var powerTraces: [PlotlyFigure.Trace] {
    let consumers = [
      ("Heating", shown.heatingPower, Palette.heating),
      ("Cars", shown.vehiclePower, Palette.vehicle),
    ].filter { $0.1.contains { $0 > .zero } }
    var traces = [area("Base load", shown.baseLoadPower, Palette.base)]
    traces += consumers.map { area($0.0, $0.1, $0.2) }
    if shown.pvPower.contains(where: { $0 > .zero }) {
      traces.append(line("PV", shown.pvPower.map(\.kilowatts), Palette.pv, powerLane))
    }
    traces.append(line("Grid", gridPower(of: shown), Palette.grid, powerLane))
    if let reference {
      var trace = line(
        "Grid, \(reference.controller)", gridPower(of: reference), Palette.reference, powerLane)
      trace.line?.dash = "dot"
      trace.line?.width = 1
      traces.append(trace)
    }
    return traces
  }

  private var batteryTraces: [PlotlyFigure.Trace] {
    guard !shown.stateOfCharge.isEmpty else { return [] }
    var trace = line("Battery", shown.stateOfCharge.map(\.percent), Palette.battery, "y")
    trace.x = axis.ends
    trace.line?.shape = "linear"
    trace.fill = "tozeroy"
    var traces = [trace]
    if let reference, !reference.stateOfCharge.isEmpty {
      var other = line(
        "Battery, \(reference.controller)", reference.stateOfCharge.map(\.percent),
        Palette.reference, "y")
      other.x = axis.ends
      other.line?.shape = "linear"
      other.line?.dash = "dot"
      traces.append(other)
    }
    return traces
  }

  private func gridPower(of record: RunRecord) -> [Double] {
    record.grid.indices.map {
      ((record.imported[$0] - record.exported[$0]) / record.grid.step).kilowatts
    }
  }

  private func line(
    _ name: String, _ values: [Double], _ color: String, _ lane: String
  ) -> PlotlyFigure.Trace {
    PlotlyFigure.Trace(
      name: name, x: axis.starts, y: values.map { $0.rounded(toPlaces: 3) },
      line: PlotlyFigure.Line(color: color), yaxis: lane)
  }

  private func area(_ name: String, _ values: [Watts], _ color: String) -> PlotlyFigure.Trace {
    var trace = line(name, values.map(\.kilowatts), color, powerLane)
    trace.stackgroup = "load"
    trace.line?.width = 0
    return trace
  }
}

/// Which heater was on when: one row a room.
struct RelayFigure {
  let shown: RunRecord
  let axis: TimeAxis

  var figure: PlotlyFigure {
    let rooms = shown.rooms.filter { !$0.heating.isEmpty }
    var trace = PlotlyFigure.Trace(name: "Heating", x: axis.starts)
    trace.type = "heatmap"
    trace.mode = nil
    trace.labels = rooms.map(\.name)
    trace.z = rooms.map { $0.heating.map { $0.rawValue.rounded(toPlaces: 2) } }
    trace.showscale = false
    trace.colorscale = [
      [.position(0), .color("#f4f6f8")], [.position(1), .color(Palette.heating)],
    ]
    trace.hovertemplate = "%{y}: %{z:.0%}<extra></extra>"
    return PlotlyFigure(
      data: [trace], lanes: [.init(title: "", domain: 0...1)], height: 80 + 22 * rooms.count)
  }
}

/// Every room's temperature with its band, one lane a room.
struct RoomFigure {
  let shown: RunRecord
  let reference: RunRecord?
  let axis: TimeAxis

  var figure: PlotlyFigure {
    let rooms = Array(shown.rooms.reversed())
    let height = 1 / Double(rooms.count)
    let lanes = rooms.enumerated().map { index, room in
      PlotlyFigure.Lane(
        title: room.name,
        domain: Double(index) * height...min(1, Double(index) * height + height * 0.86))
    }
    let traces = rooms.enumerated().flatMap { index, room in
      self.traces(of: room, lane: index == 0 ? "y" : "y\(index + 1)")
    }
    return PlotlyFigure(data: traces, lanes: lanes, height: 120 * rooms.count + 60)
  }

  private func traces(of room: RoomRecord, lane: String) -> [PlotlyFigure.Trace] {
    var lower = trace("\(room.name), band", room.band.map(\.lower), "rgba(0,0,0,0)", lane)
    lower.x = axis.starts
    var upper = trace("\(room.name), band", room.band.map(\.upper), "rgba(0,0,0,0)", lane)
    upper.x = axis.starts
    upper.fill = "tonexty"
    upper.fillcolor = Palette.band
    var traces = [lower, upper]
    if let other = reference?.rooms.first(where: { $0.name == room.name }) {
      var line = trace(
        "\(room.name), \(reference?.controller ?? "")", other.temperature, Palette.reference, lane)
      line.line?.dash = "dot"
      traces.append(line)
    }
    traces.append(trace(room.name, room.temperature, Palette.heating, lane))
    return traces
  }

  private func trace(
    _ name: String, _ values: [Celsius], _ color: String, _ lane: String
  ) -> PlotlyFigure.Trace {
    PlotlyFigure.Trace(
      name: name, x: axis.ends, y: values.map { $0.rawValue.rounded(toPlaces: 2) },
      line: PlotlyFigure.Line(color: color, shape: "linear"), yaxis: lane, showlegend: false)
  }
}

extension Double {
  /// Fewer digits make a smaller page.
  func rounded(toPlaces places: Int) -> Double {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    return (self * scale).rounded() / scale
  }
}
