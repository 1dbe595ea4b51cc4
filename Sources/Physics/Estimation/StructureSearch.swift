// SPDX-License-Identifier: MIT

/// The choice of a room's model: which nodes, inputs and weight of the priors forecast days best that
/// were not fitted.
///
/// The error is that of the last fifth fitted on the rest and of the first fifth fitted on the rest.
/// A richer model must win clearly; models that come close to the winner are its rivals, among which
/// the data do not decide.
struct StructureSearch {
  /// What the search ends with.
  struct Choice {
    var structure: RoomStructure
    /// In K for one deviation of a prior.
    var priorWeight: Double
    /// Mean magnitude of its 24-h errors on the first and the last fifth, each fitted on the rest (K).
    var error: Double
    /// Parameters to start a fit from.
    var start: [Double]
    /// Other structures that forecast almost as well.
    var rivals: [RoomStructure]
  }

  private let room: Int
  private let identification: HouseIdentification
  private var best: Choice?

  /// A more complicated model must be better by this factor.
  private static let worthwhile = 0.995
  /// A simpler one may be worse by this factor.
  private static let simpler = 1.005
  /// What forecasts no worse than this factor is a rival.
  private static let rival = 1.03
  /// Days from which single neighbours are worth a try.
  private static let neighbourDays = 14.0
  /// Weights of the priors, in K for one deviation, with which the nodes are chosen: little data want
  /// the first, months the second, which also lets walls come out very slow.
  private static let firstWeights = [0.02, 0.007]
  /// Further weights that are tried with the structure that won.
  private static let furtherWeights = [0.05, 0.003]

  init(_ room: Int, in identification: HouseIdentification) {
    self.room = room
    self.identification = identification
  }

  /// The best structure and weight; `nil` without enough days for any.
  mutating func choice() -> Choice? {
    for candidate in orders {
      for weight in Self.firstWeights { consider(candidate, weight: weight) }
    }
    if var steady = best?.structure {
      steady.hasDisturbance = false
      consider(steady, worthwhile: Self.simpler)
    }
    considerFacades()
    considerNeighbours()
    for weight in Self.furtherWeights {
      if let structure = best?.structure { consider(structure, weight: weight, worthwhile: 1) }
    }
    considerWaves()
    return best
  }

  private var record: CleanedRecord { identification.record }

  /// Other rooms whose readings can be used.
  private var others: [Int] {
    record.rooms.indices.filter { $0 != room && identification.sensorDoubt($0) == nil }
  }

  /// Makes a candidate the best if its error is below that of the best by a factor.
  private mutating func consider(
    _ candidate: RoomStructure, weight: Double? = nil, worthwhile: Double = Self.worthwhile
  ) {
    guard let weight = weight ?? best?.priorWeight, let found = judged(candidate, weight: weight)
    else { return }
    if let best, found.error >= best.error * worthwhile { return }
    best = found
  }

  /// Air, air and walls, air and walls and slab; all neighbours by their mean. A slab without walls
  /// takes the walls' part of the data and forecasts other days badly.
  private var orders: [RoomStructure] {
    let isHeated = record.rooms[room].fullHeat > 0
    let nodes = [(false, false), (true, false)] + (isHeated ? [(true, true)] : [])
    return nodes.map { walls, slab in
      RoomStructure(
        hasEnvelope: walls, hasSlab: slab, hasHeat: isHeated,
        facades: record.irradiances.isEmpty ? [] : [0], neighbours: [], rest: others)
    }
  }

  /// The first irradiance is horizontal, the others are the façades'.
  private mutating func considerFacades() {
    guard record.irradiances.count > 1, var directed = best?.structure else { return }
    directed.facades = Array(1..<record.irradiances.count)
    consider(directed)
  }

  private mutating func considerNeighbours() {
    let range = identification.range
    let days = Double(range.count) * record.stepHours / 24
    guard var single = best?.structure, others.count > 1, days >= Self.neighbourDays else { return }
    single.neighbours = NeighbourScreening.neighbours(
      of: room, in: record, range: range, atMost: 5
    ).filter(others.contains)
    single.rest = others.filter { !single.neighbours.contains($0) }
    if !single.neighbours.isEmpty { consider(single) }
  }

  /// Daily gains stay unless other days are forecast clearly better without them: where people's
  /// rhythm is left out, sun and walls take it over and the time constant comes out a tenth short.
  private mutating func considerWaves() {
    guard let full = best else { return }
    var plain = full.structure
    plain.hasDailyWaves = false
    consider(plain)
    if let error = best?.error, best?.structure == plain, full.error <= error * Self.rival {
      best?.rivals = [full.structure]
    }
  }

  /// The same inputs with a model that is held to the relay's rhythm: air and walls, a slow heater
  /// where the rhythm shows one, and no rooms that stood still too.
  func still(_ choice: Choice, _ rhythm: RelayRhythm) -> Choice? {
    var structure = choice.structure
    (structure.hasEnvelope, structure.hasSlab) = (true, rhythm.grows)
    structure.neighbours.removeAll(where: identification.isHeldStill)
    structure.rest.removeAll(where: identification.isHeldStill)
    return [true, false].compactMap { hasDisturbance in
      structure.hasDisturbance = hasDisturbance
      return judged(structure, weight: choice.priorWeight, rhythm: rhythm)
    }.min { $0.error < $1.error }
  }

  /// A structure with its error on both ends of the record.
  private func judged(
    _ structure: RoomStructure, weight: Double, rhythm: RelayRhythm? = nil
  ) -> Choice? {
    let range = identification.range
    let problem = RoomProblem(record, room: room, structure: structure, rhythm: rhythm)
    var options = RoomFit.Options()
    options.startFactors = [1]
    options.maximumIterations = 12
    options.strideHours = 4
    options.priorWeight = weight
    let (first, last) = identification.heldBackRanges
    let late = RoomFit.fit(problem, range: 0..<last.lowerBound, options: options)
    let early = RoomFit.fit(problem, range: first.upperBound..<range.upperBound, options: options)
    let errors = [
      late?.error(on: problem, range: last), early?.error(on: problem, range: first),
    ].compactMap { $0 }
    guard let start = late?.vector ?? early?.vector, !errors.isEmpty else { return nil }
    return Choice(
      structure: structure, priorWeight: weight,
      error: errors.reduce(0, +) / Double(errors.count), start: start, rivals: [])
  }
}
