// SPDX-License-Identifier: MIT
import TimeSeries

/// How the uncertainty of one room grows in a step: nodes (air, envelope, slab) and the unknown
/// heat, with the neighbours as known.
///
/// `P' = F P Fᵀ + Q` with `F = exp(A Δt)`, A the room's own heat balance with a column for the
/// disturbance d, `dT/dt = … + d`, `dd/dt = −λ d`.
struct RoomCovariance: Sendable {
  /// Nodes and disturbance.
  let size: Int
  /// Row by row.
  private let transition: [Double]
  /// Diagonal of Q for a step.
  private let spread: [Double]

  /// `nil` when the exponential overflows.
  init?(_ network: ThermalNetwork, room: Int, noise: TrackingNoise, stepHours: Double) {
    let nodes = network.rooms[room].nodeCount
    guard
      var balance = try? ThermalNetwork(
        rooms: [network.rooms[room]], facadeCount: network.facadeCount
      ).continuousModel.state
    else { return nil }
    balance[0, 0] -=
      network.couplingConductance(ofRoom: room).rawValue / 1_000
      / network.rooms[room].airCapacity.rawValue
    size = nodes + 1
    var joined = DenseMatrix(rows: size, columns: size)
    for row in 0..<nodes {
      for column in 0..<nodes { joined[row, column] = balance[row, column] * stepHours }
    }
    joined[0, nodes] = stepHours
    joined[nodes, nodes] = -noise.fading * stepHours
    guard let exponential = joined.exponential, exponential.numbers.allSatisfy(\.isFinite) else {
      return nil
    }
    let size = size
    transition = (0..<size * size).map { exponential[$0 / size, $0 % size] }
    spread =
      [noise.air * stepHours] + Array(repeating: noise.mass * stepHours, count: nodes - 1)
      + [noise.disturbance * stepHours]
  }

  /// At a start nothing is known but the air.
  var start: [Double] {
    var covariance = [Double](repeating: 0, count: size * size)
    for node in 0..<size {
      covariance[node * size + node] = node == 0 ? 0.1 : node < size - 1 ? 1 : 1e-3
    }
    return covariance
  }

  /// A difference of nodes and disturbance one step later.
  func advanced(_ difference: [Double]) -> [Double] {
    (0..<size).map { row in
      (0..<size).reduce(0) { $0 + transition[row * size + $1] * difference[$1] }
    }
  }

  /// The covariance one step later.
  func advance(_ covariance: inout [Double]) {
    var half = [Double](repeating: 0, count: size * size)
    for row in 0..<size {
      for column in 0..<size {
        for inner in 0..<size {
          half[row * size + column] +=
            transition[row * size + inner] * covariance[inner * size + column]
        }
      }
    }
    for row in 0..<size {
      for column in 0..<size {
        covariance[row * size + column] = (0..<size).reduce(0) {
          $0 + half[row * size + $1] * transition[column * size + $1]
        }
      }
      covariance[row * size + row] += spread[row]
    }
  }

  /// What the disturbance is after one step.
  var disturbanceRetention: Double { transition[size * size - 1] }
}
