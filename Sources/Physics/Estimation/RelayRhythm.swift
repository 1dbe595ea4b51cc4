// SPDX-License-Identifier: MIT

/// What the rhythm of its relay shows of a room: how fast full heat warms it, and how much of that
/// warming is still there an hour later.
///
/// A thermostat heats away whatever disturbs a room, so that heat and disturbance go together and the
/// simulation of a day learns little of the capacity. From step to step the relay's own rhythm rules:
/// `(T(k+1) − T(k)) / Δt = Σⱼ bⱼ h(k − j) + c·z(k) + e(k)` for `j` from −1, with weather, other rooms
/// and the hour of the day in `z`. Heat is instrumented by the relay's three hours before the step,
/// which what disturbs the step and the errors of its readings have not touched, unless they last.
/// Two steps' heat counts at once because a series may hold means of steps or readings at their
/// start. The answers are linear in the temperatures, so that a simulated course has them as well,
/// and a model is held to those of the readings. Source of the method: T. Söderström, P. Stoica,
/// System Identification, Prentice Hall 1989, ISBN 0-13-881236-5, chapters 8 and 10.
struct RelayRhythm: Sendable, Hashable {
  /// One answer of the readings.
  private struct Answer: Sendable, Hashable {
    /// K/h for full heat.
    let rate: Double
    /// From how much the days disagree (K/h).
    let deviation: Double
    /// What each step's temperature counts for it (1/h).
    let weights: [Double]
  }

  /// The warming by full heat at once, and what is left of it after half an hour and an hour: less
  /// where walls have taken heat up.
  private let answers: [Answer]

  /// How many answers there are.
  var count: Int { answers.count }
  /// Warming by full heat at once (K/h).
  private var warming: Double { answers[0].rate }

  private static let lastingHours = 1.0
  private static let pastHours = 3.0
  /// Steps below which nothing is said.
  private static let fewestSteps = 200

  /// `nil` where a room was never heated, or its relay's past says nothing clear of the present.
  init?(_ record: CleanedRecord, room index: Int, range: Range<Int>) {
    let room = record.rooms[index]
    let hour = record.steps(ofHours: Self.lastingHours)
    let past = max(hour + 2, record.steps(ofHours: Self.pastHours))
    let steps = range.dropFirst(past).dropLast().filter { step in
      (step...step + 1).allSatisfy { room.usable[$0] && !room.windowOpen[$0] }
    }
    guard room.fullHeat > 0, steps.count >= Self.fewestSteps else { return nil }
    let outside = Self.outside(record, index, at: steps)
    let instruments = Self.matrix(room.heat, lags: 1...past, outside, at: steps)
    let ends = Set([0, hour / 2, hour]).sorted()
    answers = ends.compactMap { last in
      let lags = -1...last
      let regressors = Self.matrix(room.heat, lags: lags, outside, at: steps)
      return Self.twoStages(regressors, instruments).map {
        Self.answer(room.temperature, record, regressors, $0, lags.count, at: steps)
      }
    }
    guard answers.count == ends.count, isHeard else { return nil }
  }

  /// The sum of the first coefficients.
  private static func answer(
    _ temperature: [Double], _ record: CleanedRecord, _ regressors: DenseMatrix,
    _ solution: DenseMatrix, _ count: Int, at steps: [Int]
  ) -> Answer {
    let changes = DenseMatrix(
      column: steps.map { (temperature[$0 + 1] - temperature[$0]) / record.stepHours })
    let fitted = regressors * (solution * changes)
    let perDay = record.steps(ofHours: 24)
    var weights = [Double](repeating: 0, count: record.count)
    var (rate, days) = (0.0, [Int: Double]())
    for (row, step) in steps.enumerated() {
      let weight = (0..<count).reduce(0) { $0 + solution[$1, row] }
      weights[step + 1] += weight / record.stepHours
      weights[step] -= weight / record.stepHours
      rate += weight * changes[row, 0]
      days[step / perDay, default: 0] += weight * (changes[row, 0] - fitted[row, 0])
    }
    let variance = days.values.reduce(0) { $0 + $1 * $1 }
    return Answer(rate: rate, deviation: variance.squareRoot(), weights: weights)
  }

  /// What else moves a room: weather, the mean of the other rooms, the hour; without their means.
  private static func outside(
    _ record: CleanedRecord, _ index: Int, at steps: [Int]
  ) -> [[Double]] {
    let others = record.rooms.indices.filter { $0 != index }.map { record.rooms[$0].temperature }
    let columns =
      [record.outdoor] + record.irradiances + record.waves
      + (others.isEmpty ? [] : [RoomProblem.mean(others)])
    let centred = columns.map { column in
      let chosen = steps.map { column[$0] }
      let mean = chosen.reduce(0, +) / Double(chosen.count)
      return chosen.map { $0 - mean }
    }
    // What stands still cannot be told from the constant.
    return centred.filter { column in column.contains { abs($0) > 1e-6 } }
      + [[Double](repeating: 1, count: steps.count)]
  }

  /// One row a step: heat some steps before it, and what else moves the room.
  private static func matrix(
    _ heat: [Double], lags: ClosedRange<Int>, _ outside: [[Double]], at steps: [Int]
  ) -> DenseMatrix {
    var matrix = DenseMatrix(rows: steps.count, columns: lags.count + outside.count)
    for (row, step) in steps.enumerated() {
      for (column, lag) in lags.enumerated() { matrix[row, column] = heat[step - lag] }
      for (column, values) in outside.enumerated() {
        matrix[row, lags.count + column] = values[row]
      }
    }
    return matrix
  }

  /// `(Â'Â)⁻¹ Â'` of two-stage least squares, with `Â` the regressors as the instruments tell them.
  private static func twoStages(
    _ regressors: DenseMatrix, _ instruments: DenseMatrix
  ) -> DenseMatrix? {
    let across = instruments.transposed
    guard let first = (across * instruments).solving(across * regressors) else { return nil }
    let told = instruments * first
    let upright = told.transposed
    return (upright * told).solving(upright)
  }
}

extension RelayRhythm {
  /// A deviation of an answer, or of a prior beside it, costs this much (K): more than days that a
  /// thermostat made can outweigh.
  static let worth = 0.2
  /// The least deviation of the answers, as a share of the warming: a room is not a few nodes.
  private static let leastDeviation = 0.05
  /// The rhythm is heard when the warming is so many of its deviations.
  private static let audible = 5.0
  /// A course whose answer lies so many deviations below that of the readings is too heavy.
  private static let tooHeavy = 2.0
  /// A slow heater warms so much more after a while than at once.
  private static let growth = 1.25

  /// Whether the warming is more than chance.
  private var isHeard: Bool { warming > Self.audible * answers[0].deviation }

  /// Whether warming grows before it fades, as that of a slow heater does.
  var grows: Bool {
    answers.dropFirst().contains {
      $0.rate - 2 * $0.deviation > warming * Self.growth
    }
  }

  /// Whether a simulated course warms or keeps its warmth less than the readings allow: what comes
  /// of heat that answers disturbances always errs to this side.
  func findsTooHeavy(_ temperatures: [Double]) -> Bool {
    misses(temperatures).contains { $0 < -Self.tooHeavy }
  }

  /// How far a simulated course is from the answers of the readings (K). That warmth stays counts
  /// against walls; that it goes does not speak for them, since the air about a sensor also wanders
  /// and returns.
  func conditions(_ temperatures: [Double]) -> [Double] {
    misses(temperatures).enumerated().map { Self.worth * ($0 == 0 ? $1 : min(0, $1)) }
  }

  /// The same in deviations.
  private func misses(_ temperatures: [Double]) -> [Double] {
    answers.map { answer in
      var simulated = 0.0
      for step in answer.weights.indices { simulated += answer.weights[step] * temperatures[step] }
      return (simulated - answer.rate) / max(answer.deviation, Self.leastDeviation * warming)
    }
  }

  /// Priors as strong as the answers: where a room stood still its days say nothing against them.
  func prior(_ parameter: RoomStructure.Parameter) -> RoomStructure.Parameter {
    var parameter = parameter
    if parameter.isOfNodes { parameter.worth = Self.worth }
    return parameter
  }
}

extension DenseMatrix {
  /// One column.
  init(column: [Double]) {
    self.init(rows: column.count, columns: 1)
    numbers = column
  }
}
