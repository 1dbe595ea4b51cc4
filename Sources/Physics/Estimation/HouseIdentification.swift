// SPDX-License-Identifier: MIT
import Household
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

  /// All steps, for forecasts that are judged.
  let wholeRecord: CleanedRecord
  /// The steps that may be learned from.
  let record: CleanedRecord
  /// Their positions.
  let range: Range<Int>
  private let seed: UInt64
  /// The planes of the irradiances after that on the level.
  let facades: [Facade]

  /// The time constant of a tent, and the longest that weeks of data can show (h).
  private static let shortest = 3.0
  static let longest = 1_000.0
  /// Days below which nothing is fitted.
  private static let fewestDays = 3.0
  /// The error that a room held still may have on days that its thermostat made.
  private static let stillError = Kelvins(0.4)

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
    wholeRecord = CleanedRecord(record)
    self.record = wholeRecord.prefix(end)
    range = 0..<end
    self.seed = seed
    facades = record.facades
  }

  /// Identifies one room with its neighbours as they were measured.
  public func room(_ index: Int) -> RoomIdentification {
    var remarks = remarks(index)
    if let doubt = sensorDoubt(index) {
      return pooled(index, doubt: doubt, remarks: remarks, scores: nil)
    }
    var search = StructureSearch(index, in: self)
    guard var choice = search.choice(), var fit = fit(choice, index) else {
      return pooled(index, doubt: .tooFewDays, remarks: remarks, scores: nil)
    }
    if let rhythm = rhythm(against: fit, index), let still = search.still(choice, rhythm),
      let other = self.fit(still, index, rhythm)
    {
      (choice, fit) = (still, other)
    }
    let problem = RoomProblem(record, room: index, structure: choice.structure)
    let scores = scores(choice.error, problem)
    let room = record.rooms[index]
    if let constant = fit.rates.slowestTimeConstant(choice.structure), constant > Self.longest {
      remarks.append(.timeConstantUnknown)
    }
    var result = RoomIdentification(
      name: room.name, doubt: doubt(fit, scores, room), remarks: remarks, scores: scores,
      findings: nil, fit: fit, fullHeat: room.fullHeat, heatIsPower: room.heatIsPower)
    if result.doubt == nil {
      result.findings = findings(result, index, rivals: choice.rivals)
    }
    return result
  }

  /// A chosen structure fitted to all days.
  private func fit(
    _ choice: StructureSearch.Choice, _ index: Int, _ rhythm: RelayRhythm? = nil
  ) -> RoomFit? {
    let problem = RoomProblem(
      record, room: index, structure: choice.structure, rhythm: rhythm)
    var options = RoomFit.Options()
    options.priorWeight = choice.priorWeight
    options.warmStart = choice.start
    var fit = RoomFit.fit(problem, range: range, options: options)
    fit?.heldBackError = choice.error
    return fit
  }

  /// The first and the last fifth, at least one day where there are three.
  var heldBackRanges: (first: Range<Int>, last: Range<Int>) {
    let day = record.steps(ofHours: 25)
    let length = max(range.count / 5, min(2 * day, range.count / 2))
    return (0..<length, (range.upperBound - length)..<range.upperBound)
  }

  /// Properties of the chosen model; the intervals hold what its rivals say too.
  func findings(
    _ room: RoomIdentification, _ index: Int, rivals: [RoomStructure]
  ) -> RoomFindings {
    var fits = [room.fit]
    var options = RoomFit.Options()
    options.priorWeight = room.fit.priorWeight
    options.startFactors = [1]
    for rival in rivals {
      let problem = RoomProblem(record, room: index, structure: rival)
      options.warmStart = rival.vector(from: room.fit.vector, of: room.fit.structure)
      if let fit = RoomFit.fit(problem, range: range, options: options) { fits.append(fit) }
    }
    let draws = fits.map { fit in
      RoomBootstrap.draws(
        fit,
        problem: RoomProblem(
          record, room: index, structure: fit.structure, rhythm: fit.rhythm), range: range,
        draws: 200 / fits.count, seed: seed &+ UInt64(index)
      ).map { RoomFit.Sample(structure: fit.structure, vector: $0) }
    }
    return RoomFindings(
      room.fit, draws: draws.flatMap { $0 }, fullHeat: room.fullHeat,
      heatIsPower: room.heatIsPower)
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
  private func scores(_ error: Double, _ problem: RoomProblem) -> RoomScores {
    let (first, last) = heldBackRanges
    let references = [first, last].map { held in
      RoomWindows(believed: problem.believed, range: held, stepHours: problem.stepHours)
        .referenceErrors(problem.measured)
    }.filter { $0.persistence.isFinite }
    let count = Double(max(1, references.count))
    return RoomScores(
      model: Kelvins(error),
      persistence: Kelvins(references.reduce(0) { $0 + $1.persistence } / count),
      yesterday: Kelvins(references.reduce(0) { $0 + $1.yesterday } / count))
  }

  private func doubt(
    _ fit: RoomFit, _ scores: RoomScores, _ room: CleanedRecord.Room
  ) -> RoomDoubt? {
    // A room that hardly moves is well described by itself; 0.15 K is a sensor's noise.
    // Where a thermostat held the room still, its readings show the thermostat.
    let reference = fit.rhythm == nil ? min(scores.persistence, scores.yesterday) : Self.stillError
    if scores.model > reference * 0.95, scores.model.rawValue > 0.15 {
      return .noBetterThanReference
    }
    let rates = fit.rates
    if room.fullHeat > 0 {
      let rise = rates.rise(fit.structure, hours: 1)
      let perKilowatt = room.heatIsPower ? rise / room.fullHeat : rise
      // A hall of 100 kW moves by 0.01 K for each kW in an hour, a lavatory by 5 K.
      guard rise > 0.002, perKilowatt < 10 else { return .implausibleResponse }
    }
    // A record of weeks cannot tell walls of a month from walls of a year: a long time constant is
    // remarked and not claimed, but it forecasts a day as well as any.
    guard let constant = rates.slowestTimeConstant(fit.structure), constant >= Self.shortest
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
