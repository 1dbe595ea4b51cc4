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
    /// Other structures that forecast almost as well.
    var rivals: [RoomStructure]
  }

  private let room: Int
  private let identification: HouseIdentification
  private var best: (structure: RoomStructure, error: Double)?

  /// A more complicated model must be better by this factor.
  private static let worthwhile = 0.995
  /// A simpler one may be worse by this factor.
  private static let simpler = 1.005
  /// What forecasts no worse than this factor is a rival.
  private static let rival = 1.03
  /// Days from which single neighbours are worth a try.
  private static let neighbourDays = 14.0
  /// Weights of the priors that are tried, in K for one deviation; the order is chosen with the
  /// first. Little data want the largest, months the smallest.
  private static let priorWeights = [0.02, 0.05, 0.007, 0.003]

  init(_ room: Int, in identification: HouseIdentification) {
    self.room = room
    self.identification = identification
  }

  /// The best structure and weight; `nil` without enough days for any.
  mutating func choice() -> Choice? {
    for candidate in orders { consider(candidate) }
    if var steady = best?.structure {
      steady.hasDisturbance = false
      consider(steady, worthwhile: Self.simpler)
    }
    considerFacades()
    considerNeighbours()
    guard let (weight, error) = bestWeight(), let structure = best?.structure else { return nil }
    return choiceOfWaves(structure, weight: weight, error: error)
  }

  private var record: CleanedRecord { identification.record }

  /// Other rooms whose readings can be used.
  private var others: [Int] {
    record.rooms.indices.filter { $0 != room && identification.sensorDoubt($0) == nil }
  }

  private mutating func consider(_ candidate: RoomStructure, worthwhile: Double = Self.worthwhile) {
    guard let error = error(candidate, weight: Self.priorWeights[0]) else { return }
    if let best, error >= best.error * worthwhile { return }
    best = (candidate, error)
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

  private func bestWeight() -> (weight: Double, error: Double)? {
    guard let best else { return nil }
    var found = (weight: Self.priorWeights[0], error: best.error)
    for weight in Self.priorWeights.dropFirst() {
      guard let error = error(best.structure, weight: weight), error < found.error else { continue }
      found = (weight, error)
    }
    return found
  }

  /// Daily gains stay unless other days are forecast clearly better without them: where people's
  /// rhythm is left out, sun and walls take it over and the time constant comes out a tenth short.
  private func choiceOfWaves(_ structure: RoomStructure, weight: Double, error: Double) -> Choice {
    var plain = structure
    plain.hasDailyWaves = false
    var choice = Choice(structure: structure, priorWeight: weight, rivals: [])
    guard let plainError = self.error(plain, weight: weight) else { return choice }
    if plainError < error * Self.worthwhile {
      choice.structure = plain
      if error <= plainError * Self.rival { choice.rivals = [structure] }
    }
    return choice
  }

  private func error(_ structure: RoomStructure, weight: Double) -> Double? {
    let range = identification.range
    let problem = RoomProblem(record, room: room, structure: structure)
    var options = RoomFit.Options()
    options.startFactors = [1]
    options.maximumIterations = 12
    options.strideHours = 4
    options.priorWeight = weight
    let last = identification.heldBackRange
    let first = 0..<last.count
    let errors = [
      RoomFit.fit(problem, range: 0..<last.lowerBound, options: options)?.error(
        on: problem, range: last),
      RoomFit.fit(problem, range: first.upperBound..<range.upperBound, options: options)?.error(
        on: problem, range: first),
    ].compactMap { $0 }
    return errors.isEmpty ? nil : errors.reduce(0, +) / Double(errors.count)
  }
}
