// SPDX-License-Identifier: MIT
public import Foundation
public import TimeSeries

/// Follows all rooms live: one filter a room, fed step by step, and forecasts of all rooms together
/// from where the filters are.
///
/// Each filter takes its neighbours' filtered temperatures as known, which a house whose rooms are
/// all measured allows; the forecast simulates them together.
public struct HouseTracker: Sendable {
  /// What acts on the home in one step.
  public struct Inputs: Sendable, Hashable {
    /// Mean outdoor temperature.
    public var outdoor: Celsius
    /// Irradiances in the order of the record: horizontal first, façades after it.
    public var irradiances: [WattsPerSquareMetre]
    /// Heat into each room in the unit of its record: W, or K of water above room.
    public var heat: [Double]
    /// Local hour of the middle of the step.
    public var localHour: Double

    /// The inputs of one step.
    public init(
      outdoor: Celsius, irradiances: [WattsPerSquareMetre], heat: [Double], localHour: Double
    ) {
      self.outdoor = outdoor
      self.irradiances = irradiances
      self.heat = heat
      self.localHour = localHour
    }
  }

  private let rooms: [RoomIdentification]
  private let coupled: CoupledRooms
  private let stepHours: Double
  private var filters: [RoomFilter]
  private var histories: [RoomErrorHistory]
  private var lastReadings: [Double?]
  private var position = 0
  private var pending:
    [(
      origin: Int, room: Int, quantiles: RoomErrorHistory.Quantiles,
      model: [Double]
    )] = []
  private var readings: [[Double?]]

  /// A fall this fast with the heater on is a window (K/h).
  private static let windowFallPerHour = 1.5

  /// A tracker at its start; `nil` when a model cannot be discretised for the step.
  public init?(_ house: IdentifiedHouse, stepSeconds: Int, start: [Celsius]) {
    let hours = Double(stepSeconds) / 3_600
    let models = house.rooms.map { (structure: $0.fit.structure, rates: $0.fit.rates) }
    guard start.count == models.count, let coupled = CoupledRooms(models, stepHours: hours) else {
      return nil
    }
    filters = zip(models, start).compactMap {
      RoomFilter($0.structure, $0.rates, stepHours: hours, start: $1.rawValue)
    }
    guard filters.count == models.count else { return nil }
    rooms = house.rooms
    self.coupled = coupled
    stepHours = hours
    histories = house.rooms.map {
      RoomErrorHistory(stepHours: hours, fittedUntil: 0, inflation: $0.unseenInflation)
    }
    lastReadings = start.map(\.rawValue)
    readings = Array(repeating: [], count: models.count)
  }

  /// The filtered air of a room.
  public func temperature(ofRoom room: Int) -> Celsius { Celsius(filters[room].state[0]) }

  /// How often a room's filter lost the room and started anew.
  public func resets(ofRoom room: Int) -> Int { filters[room].resets }

  /// Takes in one step: what acted in it, and the readings at its end (`nil` where missing).
  public mutating func update(_ inputs: Inputs, readings: [Celsius?]) {
    let before = filters.map { $0.state[0] }
    for room in filters.indices {
      let drives = drives(room, inputs, neighbourAir: before)
      filters[room].predict(drives: drives)
      let reading = readings[room]?.rawValue
      filters[room].correct(
        reading: reading, windowOpen: isWindowOpen(room, reading, heat: inputs.heat[room]))
      lastReadings[room] = reading ?? lastReadings[room]
      self.readings[room].append(reading)
    }
    position += 1
    settle()
  }

  /// Forecasts every room over the steps of `inputs`, P10/P50/P90 calibrated on earlier forecasts.
  ///
  /// - Parameters:
  ///   - inputs: one for each step ahead.
  ///   - issuedAt: the end of the last step that was taken in.
  public mutating func forecast(
    _ inputs: [Inputs], issuedAt: Date
  ) -> [QuantileForecast<Celsius>] {
    let steps = inputs.count
    let grid = TimeGrid(
      start: issuedAt, stepSeconds: Int((stepHours * 3_600).rounded()), count: steps)
    let air = simulate(inputs)
    return rooms.indices.map { room in
      let model = (0..<steps).map { air[$0 * rooms.count + room] }
      let quantiles = histories[room].quantiles(of: model, origin: position)
      pending.append((position, room, quantiles, model))
      return QuantileForecast(
        issuedAt: issuedAt, grid: grid, p10: quantiles.low.map { Celsius($0) },
        p50: quantiles.middle.map { Celsius($0) }, p90: quantiles.high.map { Celsius($0) },
        mean: quantiles.middle.map { Celsius($0) })
    }
  }

  /// The model alone: all rooms under given inputs, row by step, column by room (°C).
  private func simulate(_ inputs: [Inputs]) -> [Double] {
    var drives = rooms.indices.map { room in
      [[Double]](repeating: [], count: rooms[room].nodeCount)
    }
    for step in inputs {
      for room in rooms.indices {
        for (node, drive) in self.drives(room, step, neighbourAir: nil).enumerated() {
          drives[room][node].append(drive)
        }
      }
    }
    var (start, extra, fading): ([Double], [Double], [Double]) = ([], [], [])
    for (room, filter) in zip(rooms, filters) {
      start += filter.state.prefix(room.nodeCount)
      extra.append(filter.state.dropFirst(room.nodeCount).reduce(0, +) * stepHours)
      fading.append(exp(-room.fit.rates.disturbanceFading * stepHours))
    }
    return coupled.simulate(
      from: start, inputs: coupled.inputs(drives, count: inputs.count), origin: 0,
      steps: inputs.count, extra: extra, fading: fading)
  }

  private func drives(_ room: Int, _ inputs: Inputs, neighbourAir: [Double]?) -> [Double] {
    let identified = rooms[room]
    let structure = identified.fit.structure
    let unit = identified.heatIsPower ? 1_000.0 : 1
    let share =
      identified.fullHeat > 0 ? max(0, inputs.heat[room]) / unit / identified.fullHeat : 0
    var neighbours: [Double] = []
    if let neighbourAir {
      neighbours = structure.neighbours.map { neighbourAir[$0] }
      if !structure.rest.isEmpty {
        neighbours.append(
          structure.rest.reduce(0) { $0 + neighbourAir[$1] } / Double(structure.rest.count))
      }
    }
    return filters[room].drives(
      outdoor: inputs.outdoor.rawValue, irradiances: inputs.irradiances.map { $0.rawValue / 1_000 },
      heatShare: share, localHour: inputs.localHour, neighbours: neighbours)
  }

  private func isWindowOpen(_ room: Int, _ reading: Double?, heat: Double) -> Bool {
    guard let reading, let last = lastReadings[room], heat > 0 else { return false }
    return (last - reading) / stepHours > Self.windowFallPerHour
  }

  /// Hands forecasts whose targets are over to the histories.
  private mutating func settle() {
    let horizon = { (item: RoomErrorHistory.Quantiles) in item.middle.count }
    for item in pending where item.origin + horizon(item.quantiles) <= position {
      let targets = (0..<horizon(item.quantiles)).map { readings[item.room][item.origin + $0] }
      histories[item.room].record(
        item.quantiles, model: item.model, readings: targets, origin: item.origin)
    }
    pending.removeAll { $0.origin + horizon($0.quantiles) <= position }
  }
}
