// SPDX-License-Identifier: MIT
import Foundation

/// Which nodes and inputs the model of one room has.
///
/// All equations are divided by the capacity of the air, so that a room needs rates (1/h) only and
/// water of unknown power can heat it; `docs/models/thermal.md` has the equations.
public struct RoomStructure: Sendable, Hashable, Codable {
  /// A node for walls behind the air.
  public var hasEnvelope: Bool
  /// A node for a slow heater.
  public var hasSlab: Bool
  /// Whether the room is heated by something that was measured.
  public var hasHeat: Bool
  /// A slow unknown heat, found by the filter and fading in the forecast.
  public var hasDisturbance = true
  /// Gains that return daily beside their mean.
  public var hasDailyWaves = true
  /// Which irradiances of the record drive it, by position.
  public var facades: [Int]
  /// Other rooms whose temperatures drive it, by their positions in the house.
  public var neighbours: [Int]
  /// Rooms beyond those that drive it together, by their mean temperature.
  public var rest: [Int]

  /// How many irradiances drive it.
  var facadeCount: Int { facades.count }

  /// How many temperatures the room has.
  public var nodeCount: Int { 1 + (hasEnvelope ? 1 : 0) + (hasSlab ? 1 : 0) }

  /// Temperatures and the disturbance, which the filter treats alike.
  var stateCount: Int { nodeCount + (hasDisturbance ? 1 : 0) }

  /// Couplings: one for each neighbour and one for the rest.
  var couplingCount: Int { neighbours.count + (rest.isEmpty ? 0 : 1) }

  /// What each parameter is, in the order of the parameter vector.
  enum Role: Hashable {
    /// Logarithm of loss from the air to outdoors (1/h).
    case outdoor
    /// Logarithm of warming at full heat (K/h).
    case heat
    /// Logarithm of warming of the air by 1 kW/m² on a façade (K/h).
    case solar(Int)
    /// Logarithm of exchange with the envelope, seen from the air (1/h).
    case envelope
    /// Logarithm of exchange with the envelope, seen from the envelope (1/h).
    case envelopeReturn
    /// Logarithm of loss from the envelope to outdoors (1/h).
    case envelopeOutdoor
    /// Logarithm of the envelope's warming by sun relative to that of the air.
    case envelopeSolar
    /// Logarithm of exchange with the slab, seen from the air (1/h).
    case slab
    /// Logarithm of exchange with the slab, seen from the slab: the inverse of its lag (1/h).
    case slabReturn
    /// Exchange with a neighbour (1/h), linear and at least 0.
    case coupling(Int)
    /// Mean gain (K/h), linear.
    case gain
    /// Amplitude of a daily wave (K/h), linear.
    case wave(Int)
    /// Logarithm of what the model leaves out of the air (K²/h).
    case airNoise
    /// Logarithm of what it leaves out of envelope and slab (K²/h).
    case massNoise
    /// Logarithm of how fast the disturbance wanders (K²/h³).
    case disturbanceNoise
    /// Logarithm of how fast it fades (1/h).
    case disturbanceFading
  }

  /// A parameter with its prior: normal around `mean`, and the bounds of the search.
  struct Parameter {
    let role: Role
    let mean: Double
    let deviation: Double
    let bounds: ClosedRange<Double>
    /// What a deviation costs, in K, where that is not the fit's to choose.
    var worth: Double?

    /// Whether it is a rate of heat between the room's nodes or from its heater.
    var isOfNodes: Bool {
      switch role {
      case .heat, .envelope, .envelopeReturn, .slab, .slabReturn: true
      default: false
      }
    }
  }

  /// The parameters of this structure. Medians of the priors are those of nine electrically heated
  /// rooms and three homes (research, section 5.3); deviations span a factor of three to five.
  var parameters: [Parameter] {
    func logarithmic(
      _ role: Role, _ median: Double, _ deviation: Double, _ low: Double, _ high: Double
    ) -> Parameter {
      Parameter(
        role: role, mean: log(median), deviation: deviation, bounds: log(low)...log(high))
    }
    var list = [logarithmic(.outdoor, hasEnvelope ? 0.03 : 0.01, 1.2, 2e-4, 1)]
    if hasHeat { list.append(logarithmic(.heat, hasEnvelope ? 3 : 0.6, 1.5, 5e-3, 60)) }
    for facade in 0..<facadeCount {
      list.append(logarithmic(.solar(facade), hasEnvelope ? 0.3 : 0.15, 1.5, 1e-4, 20))
    }
    if hasEnvelope {
      list.append(logarithmic(.envelope, 0.7, 1, 0.02, 8))
      list.append(logarithmic(.envelopeReturn, 0.15, 1, 0.002, 2))
      list.append(logarithmic(.envelopeOutdoor, 0.003, 1.2, 1e-5, 0.2))
      list.append(logarithmic(.envelopeSolar, 0.2, 1.2, 0.005, 5))
    }
    if hasSlab {
      list.append(logarithmic(.slab, 0.5, 1, 0.01, 10))
      list.append(logarithmic(.slabReturn, 0.5, 0.8, 0.05, 6))
    }
    // A wall between rooms: a few per cent of the air's heat an hour; an open door: all of it.
    let typical = 0.3 / Double(max(1, couplingCount)).squareRoot()
    for index in 0..<couplingCount {
      list.append(
        Parameter(role: .coupling(index), mean: 0, deviation: typical, bounds: 0...8))
    }
    list.append(Parameter(role: .gain, mean: 0, deviation: 0.15, bounds: -2...2))
    for wave in 0..<(hasDailyWaves ? 4 : 0) {
      list.append(Parameter(role: .wave(wave), mean: 0, deviation: 0.1, bounds: -2...2))
    }
    list.append(logarithmic(.airNoise, 2e-3, 1, 1e-5, 0.2))
    if hasEnvelope || hasSlab { list.append(logarithmic(.massNoise, 5e-4, 1, 1e-6, 0.1)) }
    if hasDisturbance {
      list.append(logarithmic(.disturbanceNoise, 2e-5, 1.5, 1e-8, 1e-2))
      list.append(logarithmic(.disturbanceFading, 0.2, 0.7, 0.02, 2))
    }
    return list
  }
}

extension RoomStructure {
  /// The parameters of another structure where this one has them too, medians of the priors
  /// elsewhere.
  func vector(from other: [Double], of structure: RoomStructure) -> [Double] {
    let known = Dictionary(
      zip(structure.parameters.map(\.role), other), uniquingKeysWith: { first, _ in first })
    return parameters.map { known[$0.role] ?? $0.mean }
  }
}

/// The rates of one room's model, taken out of a parameter vector.
struct RoomRates: Sendable, Hashable {
  var outdoor = 0.0
  var heat = 0.0
  var solar: [Double] = []
  var envelope = 0.0
  var envelopeReturn = 0.0
  var envelopeOutdoor = 0.0
  var envelopeSolar = 0.0
  var slab = 0.0
  var slabReturn = 0.0
  var couplings: [Double] = []
  var gain = 0.0
  var waves: [Double] = []
  var airNoise = 2e-3
  var massNoise = 5e-4
  var disturbanceNoise = 0.0
  var disturbanceFading = 1.0

  init(_ structure: RoomStructure, _ roles: [RoomStructure.Role], _ vector: [Double]) {
    solar = Array(repeating: 0, count: structure.facadeCount)
    couplings = Array(repeating: 0, count: structure.couplingCount)
    waves = Array(repeating: 0, count: 4)
    for (role, value) in zip(roles, vector) {
      switch role {
      case .outdoor: outdoor = exp(value)
      case .heat: heat = exp(value)
      case .solar(let facade): solar[facade] = exp(value)
      case .envelope: envelope = exp(value)
      case .envelopeReturn: envelopeReturn = exp(value)
      case .envelopeOutdoor: envelopeOutdoor = exp(value)
      case .envelopeSolar: envelopeSolar = exp(value)
      case .slab: slab = exp(value)
      case .slabReturn: slabReturn = exp(value)
      case .coupling(let index): couplings[index] = value
      case .gain: gain = value
      case .wave(let wave): waves[wave] = value
      case .airNoise: airNoise = exp(value)
      case .massNoise: massNoise = exp(value)
      case .disturbanceNoise: disturbanceNoise = exp(value)
      case .disturbanceFading: disturbanceFading = exp(value)
      }
    }
  }

  /// `dx/dt = A x + drive` for air, envelope, slab (those the structure has) and, `withDisturbance`,
  /// the unknown heat in K/h; in 1/h.
  func stateMatrix(_ structure: RoomStructure, withDisturbance: Bool = false) -> DenseMatrix {
    let size = withDisturbance ? structure.stateCount : structure.nodeCount
    var matrix = DenseMatrix(rows: size, columns: size)
    matrix[0, 0] = -(outdoor + couplings.reduce(0, +))
    if structure.hasEnvelope {
      matrix[0, 0] -= envelope
      matrix[0, 1] = envelope
      matrix[1, 0] = envelopeReturn
      matrix[1, 1] = -(envelopeReturn + envelopeOutdoor)
    }
    if structure.hasSlab {
      let node = structure.nodeCount - 1
      matrix[0, 0] -= slab
      matrix[0, node] = slab
      matrix[node, 0] = slabReturn
      matrix[node, node] = -slabReturn
    }
    if size > structure.nodeCount {
      matrix[0, size - 1] = 1
      matrix[size - 1, size - 1] = -disturbanceFading
    }
    return matrix
  }

  /// Loss to outdoors in steady state for each unit of the air's capacity (1/h).
  func steadyLoss(_ structure: RoomStructure) -> Double {
    guard structure.hasEnvelope, envelopeReturn + envelopeOutdoor > 0 else { return outdoor }
    return outdoor + envelope * envelopeOutdoor / (envelopeReturn + envelopeOutdoor)
  }

  /// Warming in steady state by full heat, neighbours moving along (K).
  func steadyWarming(_ structure: RoomStructure) -> Double { heat / steadyLoss(structure) }

  /// Slowest time constant with neighbours moving along (h), or `nil` for a singular matrix.
  func slowestTimeConstant(_ structure: RoomStructure) -> Double? {
    var alone = self
    alone.couplings = alone.couplings.map { _ in 0 }
    guard
      let inverse = alone.stateMatrix(structure).solving(.identity(structure.nodeCount))
    else { return nil }
    var vector = DenseMatrix(rows: structure.nodeCount, columns: 1)
    for index in 0..<structure.nodeCount { vector[index, 0] = 1 }
    var size = 0.0
    for _ in 0..<60 {
      vector = inverse * vector
      size = vector.numbers.map { abs($0) }.max() ?? 0
      guard size.isFinite, size > 0 else { return nil }
      vector = vector * (1 / size)
    }
    return size
  }
}
