// SPDX-License-Identifier: MIT
public import TimeSeries

extension ThermalNetwork {
  /// The continuous model `dx/dt = A x + B u` in K/h, with inputs in the order of `ThermalForcing`.
  struct ContinuousModel {
    var state: DenseMatrix
    var input: DenseMatrix
  }

  /// The heat balance of every node, divided by its capacity.
  var continuousModel: ContinuousModel {
    let layout = NodeLayout(rooms)
    var model = ContinuousModel(
      state: DenseMatrix(rows: nodeCount, columns: nodeCount),
      input: DenseMatrix(rows: nodeCount, columns: 1 + facadeCount + 2 * rooms.count))
    var capacities = [Double](repeating: 1, count: nodeCount)
    for (index, room) in rooms.enumerated() {
      capacities[index] = room.airCapacity.rawValue
      if let node = layout.envelopes[index], let envelope = room.envelope {
        capacities[node] = envelope.capacity.rawValue
      }
      if let node = layout.heaters[index], let heater = room.heater {
        capacities[node] = heater.capacity.rawValue
      }
      add(room, at: index, layout: layout, to: &model)
    }
    for link in links { Self.join(link.first, link.second, link.conductance, in: &model) }
    for node in 0..<nodeCount {
      for column in 0..<nodeCount { model.state[node, column] /= capacities[node] }
      for column in 0..<model.input.columns { model.input[node, column] /= capacities[node] }
    }
    return model
  }

  private func add(
    _ room: ThermalRoom, at index: Int, layout: NodeLayout, to model: inout ContinuousModel
  ) {
    let heatColumn = 1 + facadeCount + index
    Self.joinOutdoors(index, room.conductanceToOutdoors, in: &model)
    for (facade, aperture) in room.solarApertures.enumerated() {
      model.input[index, 1 + facade] += aperture.rawValue
    }
    if let node = layout.envelopes[index], let envelope = room.envelope {
      Self.join(index, node, envelope.conductanceToAir, in: &model)
      Self.joinOutdoors(node, envelope.conductanceToOutdoors, in: &model)
      for (facade, aperture) in envelope.solarApertures.enumerated() {
        model.input[node, 1 + facade] += aperture.rawValue
      }
    }
    if let node = layout.heaters[index], let heater = room.heater {
      Self.join(index, node, heater.conductanceToAir, in: &model)
      model.input[node, heatColumn] = 1
    } else {
      model.input[index, heatColumn] = 1
    }
    model.input[index, heatColumn + rooms.count] = 1
  }

  private static func join(
    _ first: Int, _ second: Int, _ conductance: WattsPerKelvin, in model: inout ContinuousModel
  ) {
    let kilowatts = conductance.rawValue / 1_000
    model.state[first, first] -= kilowatts
    model.state[first, second] += kilowatts
    model.state[second, second] -= kilowatts
    model.state[second, first] += kilowatts
  }

  private static func joinOutdoors(
    _ node: Int, _ conductance: WattsPerKelvin, in model: inout ContinuousModel
  ) {
    model.state[node, node] -= conductance.rawValue / 1_000
    model.input[node, 0] += conductance.rawValue / 1_000
  }

  /// The temperatures that a step's inputs lead to if they last for ever.
  ///
  /// - Throws: ``ThermalNetworkError/numericallySingular`` when a part of the home has no way to
  ///   lose heat.
  public func steadyState(
    under forcing: ThermalForcing, at step: Int
  ) throws(ThermalNetworkError) -> ThermalState {
    let model = continuousModel
    var drive = DenseMatrix(rows: nodeCount, columns: 1)
    for node in 0..<nodeCount {
      for column in 0..<forcing.width {
        drive[node, 0] -= model.input[node, column] * forcing.numbers[step * forcing.width + column]
      }
    }
    guard let solution = model.state.solving(drive), solution.numbers.allSatisfy(\.isFinite) else {
      throw .numericallySingular
    }
    return ThermalState(nodesCelsius: solution.numbers, roomCount: rooms.count)
  }

  /// The longest time constant of the home as a whole, every room free to move.
  ///
  /// - Throws: ``ThermalNetworkError/numericallySingular`` when a part of the home has no way to
  ///   lose heat.
  public func slowestTimeConstant() throws(ThermalNetworkError) -> Hours {
    try Self.slowestTimeConstant(of: continuousModel.state)
  }

  /// The longest time constant of one room whose neighbours move with it, so that it exchanges
  /// heat with outdoors only.
  ///
  /// - Throws: as ``slowestTimeConstant()``.
  public func slowestTimeConstant(ofRoom room: Int) throws(ThermalNetworkError) -> Hours {
    let alone = try ThermalNetwork(rooms: [rooms[room]], facadeCount: facadeCount)
    return try alone.slowestTimeConstant()
  }

  /// Inverse iteration: a passive network's rates are real, and the slowest one dominates.
  private static func slowestTimeConstant(
    of matrix: DenseMatrix
  ) throws(ThermalNetworkError) -> Hours {
    guard let inverse = matrix.solving(.identity(matrix.rows)) else { throw .numericallySingular }
    var vector = DenseMatrix(rows: matrix.rows, columns: 1)
    for index in 0..<matrix.rows { vector[index, 0] = 1 }
    var length = 0.0
    for _ in 0..<200 {
      let next = inverse * vector
      let size = next.numbers.map { abs($0) }.max() ?? 0
      guard size.isFinite, size > 0 else { throw .numericallySingular }
      vector = next * (1 / size)
      if abs(size - length) <= 1e-12 * size { break }
      length = size
    }
    return Hours(length)
  }
}
