// SPDX-License-Identifier: MIT

/// The Kalman filter of one room: temperatures of its nodes and an unknown heat, with their
/// covariance, from one reading of the air a step.
///
/// Predict `x' = F x + G u`, `P' = F P Fᵀ + Q`; correct with gain `K = P'₀ / (P'₀₀ + R)`. A missing
/// reading only predicts; a window event multiplies R by 100, so that the walls are not dragged
/// along. Source: R. Kalman, J. Basic Eng. 82 (1960) 35, doi:10.1115/1.3662552.
struct RoomFilter: Sendable {
  private let structure: RoomStructure
  private let rates: RoomRates
  private let system: RoomSystem
  /// Diagonal of Q for a step.
  private let spread: [Double]
  /// °C for nodes, K/h for the disturbance.
  private(set) var state: [Double]
  /// Row by row.
  private(set) var covariance: [Double]
  /// Mean of the last normalised squared innovations; 1 for a filter that knows its errors.
  private(set) var consistency = 1.0
  /// How often the filter was started anew because it had lost the room.
  private(set) var resets = 0

  /// Window events leave the reading this much less to say.
  private static let windowNoiseFactor = 100.0
  /// A mean normalised innovation above which the filter is lost: five standard deviations.
  private static let largestConsistency = 25.0
  /// Memory of the mean, in corrections.
  private static let memory = 12.0

  /// A filter that starts with all nodes at a temperature.
  init?(_ structure: RoomStructure, _ rates: RoomRates, stepHours: Double, start: Double) {
    guard let system = RoomSystem(structure, rates, stepHours: stepHours) else { return nil }
    self.structure = structure
    self.rates = rates
    self.system = system
    var spread = [rates.airNoise * stepHours]
    if structure.hasEnvelope { spread.append(rates.massNoise * stepHours) }
    if structure.hasSlab { spread.append(rates.massNoise * stepHours) }
    if structure.hasDisturbance { spread.append(rates.disturbanceNoise * stepHours) }
    self.spread = spread
    state = []
    covariance = []
    restart(at: start)
  }

  /// Advances by one step.
  ///
  /// - Parameter drives: of each node in K/h, neighbours included.
  mutating func predict(drives: [Double]) {
    let size = system.nodeCount
    var next = [Double](repeating: 0, count: size)
    for node in 0..<size {
      for other in 0..<size { next[node] += system.transition[node * size + other] * state[other] }
      for (column, drive) in drives.enumerated() {
        next[node] += system.response[node * size + column] * drive
      }
    }
    state = next
    var half = [Double](repeating: 0, count: size * size)
    var whole = half
    for row in 0..<size {
      for column in 0..<size {
        for inner in 0..<size {
          half[row * size + column] +=
            system.transition[row * size + inner] * covariance[inner * size + column]
        }
      }
    }
    for row in 0..<size {
      for column in 0..<size {
        for inner in 0..<size {
          whole[row * size + column] +=
            half[row * size + inner] * system.transition[column * size + inner]
        }
      }
      whole[row * size + row] += spread[row]
    }
    covariance = whole
  }

  /// Corrects by a reading of the air.
  ///
  /// - Parameters:
  ///   - reading: °C; `nil` when missing.
  ///   - windowOpen: whether a window seems open.
  mutating func correct(reading: Double?, windowOpen: Bool) {
    guard let reading else { return }
    let size = system.nodeCount
    let noise = RoomSystem.readingNoise * (windowOpen ? Self.windowNoiseFactor : 1)
    let total = covariance[0] + noise
    let innovation = reading - state[0]
    if !windowOpen {
      consistency += (innovation * innovation / total - consistency) / Self.memory
      if consistency > Self.largestConsistency {
        resets += 1
        restart(at: reading)
        return
      }
    }
    let gain = (0..<size).map { covariance[$0 * size] / total }
    for node in 0..<size { state[node] += gain[node] * innovation }
    let top = Array(covariance[0..<size])
    for row in 0..<size {
      for column in 0..<size { covariance[row * size + column] -= gain[row] * top[column] }
    }
  }

  /// The drives of the nodes in a step (K/h); the neighbours' share only where temperatures of
  /// `neighbours` are given.
  func drives(
    outdoor: Double, irradiances: [Double], heatShare: Double, localHour: Double,
    neighbours: [Double]
  ) -> [Double] {
    var air = rates.gain + rates.outdoor * outdoor
    var sun = 0.0
    for (rate, facade) in zip(rates.solar, structure.facades) where facade < irradiances.count {
      sun += rate * irradiances[facade]
    }
    air += sun
    for (rate, wave) in zip(rates.waves, DailyGainProfile.waves(atLocalHour: localHour)) {
      air += rate * wave
    }
    for (rate, temperature) in zip(rates.couplings, neighbours) { air += rate * temperature }
    var drives = [air]
    if structure.hasEnvelope {
      drives.append(rates.envelopeOutdoor * outdoor + rates.envelopeSolar * sun)
    }
    if structure.hasSlab {
      drives.append(rates.heat * rates.slabReturn / rates.slab * heatShare)
    } else {
      drives[0] += rates.heat * heatShare
    }
    return drives
  }

  private mutating func restart(at temperature: Double) {
    let size = system.nodeCount
    state = (0..<size).map { $0 < structure.nodeCount ? temperature : 0 }
    covariance = [Double](repeating: 0, count: size * size)
    for node in 0..<size {
      covariance[node * size + node] = node == 0 ? 0.1 : node < structure.nodeCount ? 1 : 1e-3
    }
    consistency = 1
  }
}
