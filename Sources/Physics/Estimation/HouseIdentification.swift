// SPDX-License-Identifier: MIT
public import TimeSeries

/// Finds the model of every room of a record: cleaning, fit of each room with its neighbours
/// measured, choice of order by held-back error, acceptance, and at last all rooms together.
///
/// `room(_:)` is independent for each room, so that a caller may run rooms side by side; `house`
/// puts the rooms together.
public struct HouseIdentification: Sendable {
  /// What cleaning found.
  public var diagnostics: [Diagnostic] { record.diagnostics }
  /// How many rooms there are.
  public var roomCount: Int { record.rooms.count }

  let record: CleanedRecord
  /// The steps that may be learned from.
  let range: Range<Int>
  private let seed: UInt64

  /// Days below which nothing is fitted.
  private static let fewestDays = 3.0
  /// Days from which single neighbours are worth a try.
  private static let neighbourDays = 14.0
  /// A more complicated model must be better by this factor.
  private static let worthwhile = 0.995
  /// Weights of the priors that are tried, in K for one deviation; the order is chosen with the
  /// first. Little data want the largest, months the smallest.
  static let priorWeights = [0.02, 0.05, 0.007, 0.003]
  /// A simpler one may be worse by this factor.
  private static let simpler = 1.005

  /// Prepares a record.
  ///
  /// - Parameters:
  ///   - record: weeks of measurements; steps of 5 min … 2 h.
  ///   - until: learn only from steps before this position; `nil` for all.
  ///   - seed: of the bootstrap.
  /// - Throws: ``IdentificationError/badStep(seconds:)``, ``IdentificationError/tooFewDays(found:needed:)``.
  public init(
    record: HouseRecord, until: Int? = nil, seed: UInt64 = 1
  ) throws(IdentificationError) {
    guard (300...7_200).contains(record.grid.stepSeconds),
      86_400 % record.grid.stepSeconds == 0
    else { throw .badStep(seconds: record.grid.stepSeconds) }
    let end = min(until ?? record.grid.count, record.grid.count)
    let days = Double(end) * record.grid.stepHours / 24
    guard days >= Self.fewestDays else { throw .tooFewDays(found: days, needed: Self.fewestDays) }
    self.record = CleanedRecord(record)
    range = 0..<end
    self.seed = seed
  }

  /// Identifies one room with its neighbours as they were measured.
  public func room(_ index: Int) -> RoomIdentification {
    let remarks = remarks(index)
    if let doubt = sensorDoubt(index) {
      return pooled(index, doubt: doubt, remarks: remarks, scores: nil)
    }
    guard let (structure, weight) = bestStructure(index) else {
      return pooled(index, doubt: .tooFewDays, remarks: remarks, scores: nil)
    }
    let problem = RoomProblem(record, room: index, structure: structure)
    let held = heldBackRange
    var options = RoomFit.Options()
    options.priorWeight = weight
    guard let before = RoomFit.fit(problem, range: 0..<held.lowerBound, options: options) else {
      return pooled(index, doubt: .tooFewDays, remarks: remarks, scores: nil)
    }
    let scores = scores(before, problem, held)
    options.warmStart = before.vector
    var fit = RoomFit.fit(problem, range: range, options: options) ?? before
    fit.heldBackError = scores?.model.rawValue
    let room = record.rooms[index]
    var result = RoomIdentification(
      name: room.name, doubt: doubt(fit, scores, room), remarks: remarks, scores: scores,
      findings: nil, fit: fit, fullHeat: room.fullHeat, heatIsPower: room.heatIsPower)
    if result.doubt == nil { result.findings = findings(result, index) }
    return result
  }

  /// The last fifth, at least one day where there are three.
  private var heldBackRange: Range<Int> {
    let day = record.steps(ofHours: 25)
    let length = max(range.count / 5, min(2 * day, range.count / 2))
    return (range.upperBound - length)..<range.upperBound
  }

  private func findings(_ room: RoomIdentification, _ index: Int) -> RoomFindings {
    let problem = RoomProblem(record, room: index, structure: room.fit.structure)
    let draws = RoomBootstrap.draws(
      room.fit, problem: problem, range: range, draws: 200, seed: seed &+ UInt64(index))
    return RoomFindings(
      room.fit, draws: draws, fullHeat: room.fullHeat, heatIsPower: room.heatIsPower)
  }

  // MARK: Order

  /// The structure and the weight of its priors with the least error on the last and the first
  /// fifth, each fitted on the rest.
  private func bestStructure(_ index: Int) -> (RoomStructure, weight: Double)? {
    let others = record.rooms.indices.filter { $0 != index && sensorDoubt($0) == nil }
    let isHeated = record.rooms[index].fullHeat > 0
    func structure(_ walls: Bool, _ slab: Bool) -> RoomStructure {
      RoomStructure(
        hasEnvelope: walls, hasSlab: slab, hasHeat: isHeated,
        facades: record.irradiances.isEmpty ? [] : [0], neighbours: [], rest: others)
    }
    var candidates = [structure(false, false), structure(true, false)]
    // A slab without walls takes the walls' part of the data and forecasts other days badly.
    if isHeated { candidates.append(structure(true, true)) }
    var best: (structure: RoomStructure, error: Double)?
    func consider(_ candidate: RoomStructure, worthwhile: Double = Self.worthwhile) {
      guard let error = crossError(index, candidate) else { return }
      if let found = best, error >= found.error * worthwhile { return }
      best = (candidate, error)
    }
    for candidate in candidates { consider(candidate) }
    if var plain = best?.structure {
      plain.hasDailyWaves = false
      consider(plain, worthwhile: Self.simpler)
    }
    if var steady = best?.structure {
      steady.hasDisturbance = false
      consider(steady, worthwhile: Self.simpler)
    }
    if record.irradiances.count > 1, var directed = best?.structure {
      // The first irradiance is horizontal, the others are the façades'.
      directed.facades = Array(1..<record.irradiances.count)
      consider(directed)
    }
    let days = Double(range.count) * record.stepHours / 24
    if var single = best?.structure, others.count > 1, days >= Self.neighbourDays {
      single.neighbours = NeighbourScreening.neighbours(
        of: index, in: record, range: range, atMost: 5
      ).filter(others.contains)
      single.rest = others.filter { !single.neighbours.contains($0) }
      if !single.neighbours.isEmpty { consider(single) }
    }
    guard let structure = best?.structure, var error = best?.error else { return nil }
    var weight = Self.priorWeights[0]
    for other in Self.priorWeights.dropFirst() {
      guard let found = crossError(index, structure, weight: other), found < error else { continue }
      (weight, error) = (other, found)
    }
    return (structure, weight)
  }

  func crossError(
    _ index: Int, _ structure: RoomStructure, weight: Double = priorWeights[0]
  ) -> Double? {
    let problem = RoomProblem(record, room: index, structure: structure)
    var options = RoomFit.Options()
    options.startFactors = [1]
    options.maximumIterations = 12
    options.strideHours = 4
    options.priorWeight = weight
    let last = heldBackRange
    let first = 0..<last.count
    let errors = [
      RoomFit.fit(problem, range: 0..<last.lowerBound, options: options)?.error(
        on: problem, range: last),
      RoomFit.fit(problem, range: first.upperBound..<range.upperBound, options: options)?.error(
        on: problem, range: first),
    ].compactMap { $0 }
    return errors.isEmpty ? nil : errors.reduce(0, +) / Double(errors.count)
  }

  // MARK: Doubts

  /// Whether the sensor gives anything to fit to.
  func sensorDoubt(_ index: Int) -> RoomDoubt? {
    let room = record.rooms[index]
    let usable = range.count { room.usable[$0] }
    let days = Double(usable) * record.stepHours / 24
    if Double(usable) < 0.02 * Double(range.count) { return .deadSensor }
    let readings = Set(range.filter { room.usable[$0] }.map { room.temperature[$0] })
    if readings.count < 4 { return .frozenSensor }
    return days < Self.fewestDays ? .tooFewDays : nil
  }

  /// Scores on days the fit has not seen.
  private func scores(
    _ fit: RoomFit, _ problem: RoomProblem, _ held: Range<Int>
  ) -> RoomScores? {
    guard let error = fit.error(on: problem, range: held) else { return nil }
    let windows = RoomWindows(
      believed: problem.believed, range: held, stepHours: problem.stepHours)
    let reference = windows.referenceErrors(problem.measured)
    return RoomScores(
      model: Kelvins(error), persistence: Kelvins(reference.persistence),
      yesterday: Kelvins(reference.yesterday))
  }

  private func doubt(
    _ fit: RoomFit, _ scores: RoomScores?, _ room: CleanedRecord.Room
  ) -> RoomDoubt? {
    if let scores {
      // A room that hardly moves is well described by itself; 0.15 K is a sensor's noise.
      let reference = min(scores.persistence, scores.yesterday)
      if scores.model > reference * 0.95, scores.model.rawValue > 0.15 {
        return .noBetterThanReference
      }
    }
    let rates = fit.rates
    if room.fullHeat > 0 {
      let rise = rates.rise(fit.structure, hours: 1)
      let perKilowatt = room.heatIsPower ? rise / room.fullHeat : rise
      // A hall of 100 kW moves by 0.01 K for each kW in an hour, a lavatory by 5 K.
      guard rise > 0.002, perKilowatt < 10 else { return .implausibleResponse }
    }
    guard let constant = rates.slowestTimeConstant(fit.structure),
      (3...1_000).contains(constant)
    else { return .implausibleTimeConstant }
    return nil
  }

  private func remarks(_ index: Int) -> [RoomRemark] {
    let room = record.rooms[index]
    var remarks: [RoomRemark] = []
    let on = range.count { room.heat[$0] > 0.02 }
    let share = Double(on) / Double(max(1, range.count))
    if room.fullHeat == 0 || share < 0.002 {
      remarks.append(.neverHeated)
    } else if share > 0.98, spread(room.heat) < 0.1 {
      remarks.append(.alwaysHeated)
    }
    if let other = SwapDetection.partner(of: index, in: record, range: range) {
      remarks.append(.swapped(with: record.rooms[other].name))
    }
    let open = Double(range.count { room.windowOpen[$0] }) / Double(max(1, range.count))
    if open > 0.02 { remarks.append(.windowOpen(Fraction(open))) }
    let days = Double(range.count) * record.stepHours / 24
    if days < 21 { remarks.append(.shortRecord(days: days)) }
    return remarks
  }

  private func spread(_ heat: [Double]) -> Double {
    (quantile(Array(heat[range]), 0.9) ?? 0) - (quantile(Array(heat[range]), 0.1) ?? 0)
  }

  /// A room on the shipped priors; ``house(_:)`` replaces them by the other rooms' where it can.
  private func pooled(
    _ index: Int, doubt: RoomDoubt, remarks: [RoomRemark], scores: RoomScores?
  ) -> RoomIdentification {
    let room = record.rooms[index]
    let structure = RoomStructure(
      hasEnvelope: true, hasSlab: false, hasHeat: room.fullHeat > 0,
      facades: record.irradiances.isEmpty ? [] : [0], neighbours: [],
      rest: record.rooms.indices.filter { $0 != index })
    let vector = structure.parameters.map { parameter -> Double in
      if case .coupling = parameter.role { return 0.05 }
      return parameter.mean
    }
    return RoomIdentification(
      name: room.name, doubt: doubt, remarks: remarks, scores: scores, findings: nil,
      fit: RoomFit(
        structure: structure, vector: vector, fittedError: .infinity, heldBackError: nil,
        priorWeight: 0.05), fullHeat: room.fullHeat, heatIsPower: room.heatIsPower)
  }
}
