// SPDX-License-Identifier: MIT
import Configuration
public import Foundation
import HTTP
public import Household
public import TimeSeries

extension InfluxHistory: HistoryReading {
  /// All signals of the mapping that have readings, by name.
  public func signals() throws(InfluxError) -> [SignalSummary] {
    var summaries: [SignalSummary] = []
    for (signal, source) in mapping.sources.sorted(by: { $0.key < $1.key }) {
      guard let field = source.fields.first else { continue }
      // One row for each set of tags where the language gives them apart.
      let count = try rows(.count, of: field).reduce(0) { $0 + $1.value }
      guard count >= 1, let whole = Int(exactly: count.rounded()),
        let oldest = try rows(.oldest, of: field).first,
        let newest = try rows(.newest, of: field).last
      else { continue }
      summaries.append(
        SignalSummary(signal: signal, count: whole, span: oldest.time...newest.time))
    }
    return summaries
  }

  /// When the newest reading of a signal was made; `nil` when a part of it has none.
  public func newestTime(of signal: SignalName) throws(InfluxError) -> Date? {
    guard let source = mapping.sources[signal] else { throw .notMapped(signal) }
    var oldest: Date?
    for field in source.fields {
      guard let newest = try rows(.newest, of: field).last?.time else { return nil }
      oldest = min(oldest ?? newest, newest)
    }
    return oldest
  }

  /// The readings of a signal inside a half-open time, ascending; or their means over steps.
  public func samples(
    of signal: SignalName, in range: Range<Date>
  ) throws(InfluxError) -> [Sample] {
    try samples(of: [signal], in: range).first ?? []
  }

  /// The readings of several signals. Those whose fields lie in the same lines come in one answer,
  /// which costs the server a third of what as many answers do. All or nothing.
  public func samples(
    of signals: [SignalName], in range: Range<Date>
  ) throws(InfluxError) -> [[Sample]] {
    var sources: [InfluxSource] = []
    for signal in signals {
      guard let source = mapping.sources[signal] else { throw .notMapped(signal) }
      sources.append(source)
    }
    let question: InfluxQuestion =
      stepSeconds.map { .means(range, stepSeconds: $0) } ?? .readings(range)
    var found: [InfluxField: [Sample]] = [:]
    for group in InfluxField.groups(sources.flatMap(\.fields)) {
      for (field, samples) in zip(group, try columns(question, of: group)) {
        found[field] = samples
      }
    }
    return sources.map { source in
      let parts = zip(source.terms, source.fields).map { term, field in
        found[field, default: []].multiplied(by: term.factor)
      }
      return parts.dropFirst().reduce(parts.first ?? []) { $0.added(to: $1) }
    }
  }

  /// The readings of fields of one place, together as long as their readings lie in the same lines.
  private func columns(
    _ question: InfluxQuestion, of fields: [InfluxField]
  ) throws(InfluxError) -> [[Sample]] {
    guard fields.count > 1, server.language == .influxQL, !scattered.contains(fields[0].place)
    else {
      var columns: [[Sample]] = []
      for field in fields { columns.append(try rows(question, of: field)) }
      return columns
    }
    let answer = try answer(question, to: fields)
    if answer.isScattered { scattered.insert(fields[0].place) }
    return answer.columns
  }

  private func rows(
    _ question: InfluxQuestion, of field: InfluxField
  ) throws(InfluxError) -> [Sample] {
    try answer(question, to: [field]).columns[0]
  }

  /// The rows of an answer, in order of time.
  private func answer(
    _ question: InfluxQuestion, to fields: [InfluxField]
  ) throws(InfluxError) -> InfluxColumns {
    let place = fields[0].place
    switch server.language {
    case .influxQL:
      let statement = InfluxQL.statement(question, fields.map(\.name), of: place)
      let request = server.query(statement, database: place.database)
      return try persistently { () throws(InfluxError) in
        let empty = InfluxCSV(columnCount: fields.count)
        let answer = try read(request, empty, columnCount: fields.count)
        if answer.isEmpty { try requireSuccess(of: statement, place.database) }
        return answer
      }
    case .flux:
      let script = Flux.script(
        question, fields[0].name, of: place, bucket: place.database ?? server.database)
      return try persistently { () throws(InfluxError) in
        try read(server.flux(script), FluxCSV(), columnCount: 1)
      }
    }
  }

  private func read<Rows: InfluxRows>(
    _ request: HTTPRequest, _ empty: Rows, columnCount: Int
  ) throws(InfluxError) -> InfluxColumns {
    var parser = empty
    var columns = InfluxColumns(count: columnCount)
    do throws(HTTPError) {
      _ = try connection.stream(request) { bytes in
        parser.feed(bytes) { columns.append(column: $0, microseconds: $1, value: $2) }
      }
    } catch {
      if let problem = parser.problem { throw InfluxQL.error(in: problem) }
      throw .transport(error)
    }
    parser.finish()
    if let problem = parser.problem { throw InfluxQL.error(in: problem) }
    columns.sort()
    return columns
  }

  /// Asks once more in JSON: 1.x answers a failed statement in CSV with status 200 and nothing.
  private func requireSuccess(
    of statement: String, _ database: String?
  ) throws(InfluxError) {
    var request = server.query(statement + " LIMIT 1", database: database)
    request.headers["Accept"] = "application/json"
    let answer: HTTPResponse
    do throws(HTTPError) { answer = try connection.send(request) } catch {
      throw .transport(error)
    }
    if let reason = InfluxQL.failure(inJSON: answer.body) { throw .statement(reason) }
  }
}

extension [Sample] {
  fileprivate func multiplied(by factor: Double) -> [Sample] {
    factor == 1 ? self : map { Sample(time: $0.time, value: $0.value * factor) }
  }

  /// The sums at the instants that both have.
  fileprivate func added(to other: [Sample]) -> [Sample] {
    var sums: [Sample] = []
    var position = 0
    for sample in self {
      while position < other.count, other[position].time < sample.time { position += 1 }
      guard position < other.count, other[position].time == sample.time else { continue }
      sums.append(Sample(time: sample.time, value: sample.value + other[position].value))
    }
    return sums
  }
}
