// SPDX-License-Identifier: MIT
import Household

/// Makes the values of a mapping's signals out of one row after another.
struct SignalAssembly {
  /// A value of a signal, which belongs to the step that begins at `time`.
  private struct Output {
    let time: Int64
    let value: Double?
  }

  private struct Signal {
    let mapping: SignalMapping
    let conversion: UnitConversion?
    /// The position of each term's column in a row.
    let columns: [Int]
    var meters: [MeterTerm]
    let operands: [Int]
    /// Whether its values belong to the step before the row they come with.
    let isBehind: Bool
    var latest: Output?
    var earlier: Output?
  }

  /// The columns that the signals need, each once.
  let columnNames: [String]
  private let mapping: ImportMapping
  private let file: String
  private var signals: [Signal] = []
  private var previousTime: Int64?

  init(_ mapping: ImportMapping, file: String, frozen: [[[Range<Int64>]]] = []) {
    self.mapping = mapping
    self.file = file
    var names: [String] = []
    for term in mapping.signals.flatMap(\.terms) where !names.contains(term.column) {
      names.append(term.column)
    }
    columnNames = names
    for (index, signal) in mapping.signals.enumerated() {
      let operands = signal.operands.compactMap { operand in
        mapping.signals.firstIndex { $0.signal == operand.signal }
      }
      let isBehind =
        signal.terms.isEmpty
        ? operands.contains { signals[$0].isBehind } : Self.isBehind(signal, mapping.time)
      signals.append(
        Signal(
          mapping: signal, conversion: signal.conversion,
          columns: signal.terms.compactMap { names.firstIndex(of: $0.column) },
          meters: Self.meters(
            of: signal, time: mapping.time, frozen: frozen.isEmpty ? [] : frozen[index]),
          operands: operands, isBehind: isBehind))
    }
  }

  /// Whether any meter may have to be looked at before the first value is known.
  var needsSurvey: Bool {
    mapping.signals.contains { $0.kind == .cumulative && $0.maximum != nil && !$0.terms.isEmpty }
  }

  /// The times in which each term of each signal stood still before it caught up.
  mutating func survey(_ row: MappedRow, into frozen: inout [[[Range<Int64>]]]) {
    if frozen.isEmpty { frozen = signals.map { $0.meters.map { _ in [] } } }
    for index in signals.indices {
      for (term, column) in zip(signals[index].meters.indices, signals[index].columns) {
        guard let value = row.values[column],
          let range = signals[index].meters[term].frozenTime(value, at: row.time)
        else { continue }
        frozen[index][term].append(range)
      }
    }
  }

  /// Takes a row and gives `body` each value that it completes: which signal, when, how much.
  mutating func take(
    _ row: MappedRow, log: inout FindingLog,
    _ body: (_ signal: Int, _ time: Int64, _ value: Double?) -> Void
  ) throws(TransferError) {
    for index in signals.indices {
      let output = try output(of: index, row, &log)
      signals[index].earlier = signals[index].latest
      signals[index].latest = output
      if let output { body(index, output.time, output.value) }
    }
    previousTime = row.time
  }

  private mutating func output(
    of index: Int, _ row: MappedRow, _ log: inout FindingLog
  ) throws(TransferError) -> Output? {
    let signal = signals[index]
    let output: Output?
    if signal.mapping.terms.isEmpty {
      output = sum(signal)
    } else if signal.mapping.kind == .cumulative {
      let value = try metered(index, row, &log)
      output = previousTime.map { Output(time: $0, value: value) }
    } else {
      output = Output(time: time(of: row, signal.mapping), value: direct(signal, row))
    }
    guard let output, let value = output.value, !isAllowed(value, signal.mapping) else {
      return output
    }
    log.note(
      .outOfRange, signal.mapping.signal.text, line: row.line, milliseconds: output.time,
      detail: NumberText.text(value))
    return Output(time: output.time, value: nil)
  }

  private func direct(_ signal: Signal, _ row: MappedRow) -> Double? {
    guard let conversion = signal.conversion else { return nil }
    var sum: Double?
    for (term, column) in zip(signal.mapping.terms, signal.columns) {
      guard let number = row.values[column] else { return nil }
      let share = conversion.apply(number) * term.factor
      sum = sum.map { $0 + share } ?? share
    }
    guard signal.mapping.isEnergyToPower, let step = mapping.time.stepSeconds else { return sum }
    return sum.map { $0 * 3_600 / Double(step) }
  }

  private mutating func metered(
    _ index: Int, _ row: MappedRow, _ log: inout FindingLog
  ) throws(TransferError) -> Double? {
    var sum: Double? = 0
    for (term, column) in zip(signals[index].meters.indices, signals[index].columns) {
      let name = signals[index].mapping.terms[term].column
      guard let reading = row.values[column] else {
        sum = nil
        continue
      }
      let time = previousTime
      switch signals[index].meters[term].take(reading, at: row.time) {
      case .value(let share): sum = sum.map { $0 + share }
      case .unknown: sum = nil
      case .reset(let share):
        sum = sum.map { $0 + share }
        log.note(.counterReset, name, line: row.line, milliseconds: time)
      case .left(let kind, let detail):
        sum = nil
        log.note(kind, name, line: row.line, milliseconds: time, detail: detail)
      case .refused(let before):
        throw .negativeStep(
          file: file, line: row.line, column: name, from: before, to: reading)
      }
    }
    return sum
  }

  /// The sum of signals at one time; those that are ahead of the others give their earlier value.
  private func sum(_ signal: Signal) -> Output? {
    var time: Int64?
    var sum: Double? = 0
    for (operand, position) in zip(signal.mapping.operands, signal.operands) {
      let other = signals[position]
      let isAhead = signal.isBehind && !other.isBehind
      guard let output = isAhead ? other.earlier : other.latest, output.time == time ?? output.time
      else { return nil }
      time = output.time
      sum = sum.flatMap { sum in output.value.map { sum + $0 * operand.factor } }
    }
    return time.map { Output(time: $0, value: sum) }
  }

  private func isAllowed(_ value: Double, _ signal: SignalMapping) -> Bool {
    value >= signal.minimum ?? -.infinity && value <= signal.maximum ?? .infinity
  }

  private func time(of row: MappedRow, _ signal: SignalMapping) -> Int64 {
    guard mapping.time.stamp == .end, signal.kind != .instant, let step = mapping.time.stepSeconds
    else { return row.time }
    return row.time - Int64(step) * 1_000
  }

  private static func isBehind(_ signal: SignalMapping, _ time: TimeColumn) -> Bool {
    switch signal.kind {
    case .cumulative: true
    case .instant: false
    case .mean, .energyPerStep, .energyPerSession: time.stamp == .end
    }
  }

  private static func meters(
    of signal: SignalMapping, time: TimeColumn, frozen: [[Range<Int64>]]
  ) -> [MeterTerm] {
    guard signal.kind == .cumulative, let conversion = signal.conversion,
      let step = time.stepSeconds
    else { return [] }
    return signal.terms.enumerated().map { position, term in
      MeterTerm(
        term, of: signal, conversion: conversion, longestStep: Int64(step) * 1_500,
        frozen: frozen.isEmpty ? [] : frozen[position])
    }
  }
}
