// SPDX-License-Identifier: MIT
import TimeSeries

/// A network advanced by steps of one length, exactly, for inputs that are constant in each step.
///
/// With `M = [[A, B], [0, 0]]`, `exp(M Δt) = [[F, G], [0, I]]` gives `x' = F x + G u` (zero-order
/// hold). Source: C. Van Loan, IEEE Trans. Autom. Control 23 (1978) 395, doi:10.1109/TAC.1978.1101743.
/// A step costs nodes × (nodes + inputs) multiplications and allocates nothing.
public struct DiscreteThermalNetwork: Sendable, Hashable {
  /// What is simulated.
  public let network: ThermalNetwork
  /// The length of a step.
  public let stepHours: Double
  /// `[F G]` column by column: the loop over a column is contiguous.
  private let columns: [Double]
  private let nodeCount: Int
  private let inputCount: Int

  /// The exact step of a network.
  ///
  /// - Throws: ``ThermalNetworkError/badStep(seconds:)`` or
  ///   ``ThermalNetworkError/numericallySingular``.
  public init(_ network: ThermalNetwork, stepSeconds: Double) throws(ThermalNetworkError) {
    guard stepSeconds > 0, stepSeconds.isFinite else { throw .badStep(seconds: stepSeconds) }
    let model = network.continuousModel
    let (nodes, inputs) = (model.input.rows, model.input.columns)
    var joined = DenseMatrix(rows: nodes + inputs, columns: nodes + inputs)
    let hours = stepSeconds / 3_600
    for row in 0..<nodes {
      for column in 0..<nodes { joined[row, column] = model.state[row, column] * hours }
      for column in 0..<inputs { joined[row, nodes + column] = model.input[row, column] * hours }
    }
    guard let exponential = joined.exponential, exponential.numbers.allSatisfy(\.isFinite) else {
      throw .numericallySingular
    }
    self.network = network
    stepHours = hours
    nodeCount = nodes
    inputCount = inputs
    columns = (0..<nodes + inputs).flatMap { column in
      (0..<nodes).map { exponential[$0, column] }
    }
  }

  /// Advances the temperatures by one step of the forcing.
  ///
  /// - Precondition: state and forcing belong to this network.
  public func step(_ state: inout ThermalState, forcing: ThermalForcing, at step: Int) {
    check(state, forcing)
    precondition(step < forcing.stepCount, "the step lies in the horizon")
    withUnsafeTemporaryAllocation(of: Double.self, capacity: nodeCount) { next in
      state.nodesCelsius.withUnsafeMutableBufferPointer { nodes in
        forcing.numbers.withUnsafeBufferPointer { inputs in
          advance(nodes, by: inputs, from: step * forcing.width, scratch: next)
        }
      }
    }
  }

  /// The room temperatures over the whole horizon of the forcing.
  ///
  /// - Precondition: state and forcing belong to this network.
  public func simulate(from start: ThermalState, forcing: ThermalForcing) -> ThermalTrajectory {
    check(start, forcing)
    var state = start
    let rooms = forcing.roomCount
    let roomsCelsius = [Double](unsafeUninitializedCapacity: rooms * forcing.stepCount) {
      output, count in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: nodeCount) { next in
        state.nodesCelsius.withUnsafeMutableBufferPointer { nodes in
          forcing.numbers.withUnsafeBufferPointer { inputs in
            for step in 0..<forcing.stepCount {
              advance(nodes, by: inputs, from: step * forcing.width, scratch: next)
              for room in 0..<rooms { output[step * rooms + room] = nodes[room] }
            }
          }
        }
      }
      count = rooms * forcing.stepCount
    }
    return ThermalTrajectory(roomCount: rooms, roomsCelsius: roomsCelsius, finalState: state)
  }

  /// How much the air of `target` warms in one step when node `source` is 1 K warmer at its start.
  func transition(to target: Int, fromNode source: Int) -> Double {
    columns[source * nodeCount + target]
  }

  /// How much the node `target` warms in one step under one unit of an input.
  func gain(to target: Int, fromInput input: Int) -> Double {
    columns[(nodeCount + input) * nodeCount + target]
  }

  private func check(_ state: ThermalState, _ forcing: ThermalForcing) {
    precondition(
      state.nodesCelsius.count == nodeCount && forcing.width == inputCount,
      "state and forcing belong to the network")
  }

  @inline(__always)
  private func advance(
    _ nodes: UnsafeMutableBufferPointer<Double>, by inputs: UnsafeBufferPointer<Double>,
    from offset: Int, scratch: UnsafeMutableBufferPointer<Double>
  ) {
    columns.withUnsafeBufferPointer { columns in
      for node in 0..<nodeCount { scratch[node] = 0 }
      for column in 0..<nodeCount + inputCount {
        let factor = column < nodeCount ? nodes[column] : inputs[offset + column - nodeCount]
        guard factor != 0 else { continue }
        let first = column * nodeCount
        for node in 0..<nodeCount { scratch[node] += factor * columns[first + node] }
      }
      for node in 0..<nodeCount { nodes[node] = scratch[node] }
    }
  }
}
