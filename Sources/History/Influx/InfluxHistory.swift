// SPDX-License-Identifier: MIT
import Configuration
public import Foundation
import HTTP
public import Household
public import TimeSeries

/// An InfluxDB as a store of readings, behind the same seam as the embedded one.
///
/// Calls block: use one from one thread at a time, several side by side for several signals. A read
/// is tried again from its start, a write is harmless to repeat: equal points fall on each other.
public final class InfluxHistory: HistoryReading, HistoryWriting {
  /// How many points one write carries; larger ones bring nothing on a local server.
  private static let pointsPerWrite = 10_000

  /// How failures that may pass are met.
  public struct Patience: Sendable {
    /// How often in all, at least 1.
    public let attempts: Int
    /// Waits a number of seconds.
    public let pause: @Sendable (Double) -> Void

    /// A patience; the pauses double from `firstPauseSeconds`.
    public init(
      attempts: Int = 4, firstPauseSeconds: Double = 0.5,
      pause: @escaping @Sendable (Double) -> Void
    ) {
      self.attempts = max(1, attempts)
      self.firstPauseSeconds = firstPauseSeconds
      self.pause = pause
    }

    let firstPauseSeconds: Double
  }

  private let server: InfluxServer
  private let mapping: InfluxMapping
  private let patience: Patience
  private let stepSeconds: Int?
  private let connection = HTTPConnection()

  /// A store on a server, with the places of its signals.
  ///
  /// - Parameter stepSeconds: reads means over steps that the server makes, in place of readings.
  public init(
    _ server: InfluxServer, mapping: InfluxMapping, patience: Patience, stepSeconds: Int? = nil
  ) {
    self.stepSeconds = stepSeconds
    self.server = server
    self.mapping = mapping
    self.patience = patience
  }

  /// All signals of the mapping that have readings, by name.
  public func signals() throws(InfluxError) -> [SignalSummary] {
    var summaries: [SignalSummary] = []
    for (signal, source) in mapping.sources.sorted(by: { $0.key < $1.key }) {
      guard let term = source.terms.first else { continue }
      // One row for each set of tags where the language gives them apart.
      let count = try rows(.count, of: term, source).reduce(0) { $0 + $1.value }
      guard count > 0, let oldest = try rows(.oldest, of: term, source).first,
        let newest = try rows(.newest, of: term, source).last
      else { continue }
      summaries.append(
        SignalSummary(signal: signal, count: Int(count), span: oldest.time...newest.time))
    }
    return summaries
  }

  /// When the newest reading of a signal was made; `nil` when a part of it has none.
  public func newestTime(of signal: SignalName) throws(InfluxError) -> Date? {
    guard let source = mapping.sources[signal] else { throw .notMapped(signal) }
    var oldest: Date?
    for term in source.terms {
      guard let newest = try rows(.newest, of: term, source).last?.time else { return nil }
      oldest = min(oldest ?? newest, newest)
    }
    return oldest
  }

  /// The readings of a signal inside a half-open time, ascending; or their means over steps.
  public func samples(
    of signal: SignalName, in range: Range<Date>
  ) throws(InfluxError) -> [Sample] {
    guard let source = mapping.sources[signal] else { throw .notMapped(signal) }
    var sum: [Sample] = []
    for (position, term) in source.terms.enumerated() {
      var found = try rows(
        stepSeconds.map { .means(range, stepSeconds: $0) } ?? .readings(range), of: term, source)
      if term.factor != 1 {
        found = found.map { Sample(time: $0.time, value: $0.value * term.factor) }
      }
      sum = position == 0 ? found : Self.added(sum, found)
    }
    return sum
  }

  /// Stores readings of a signal that is one field, without a factor.
  ///
  /// Not all or nothing: a batch that was sent stays when a later one fails. Sending all of them
  /// once more brings the store to the same state as if nothing had failed.
  public func store(_ samples: [Sample], for signal: SignalName) throws(InfluxError) {
    try store([(signal, samples)])
  }

  /// Stores readings of several signals; those of one measurement share a line where they share an
  /// instant. As `store` of one signal otherwise.
  public func store(
    _ columns: [(signal: SignalName, samples: [Sample])]
  ) throws(InfluxError) {
    var groups: [InfluxSource.Term: [(field: String, samples: [Sample])]] = [:]
    for (signal, samples) in columns where !samples.isEmpty {
      guard let source = mapping.sources[signal], source.terms.count == 1,
        let term = source.terms.first, term.factor == 1
      else { throw .notMapped(signal) }
      guard samples.allSatisfy({ $0.value.isFinite }) else { throw .notFinite(signal) }
      let isAscending = zip(samples, samples.dropFirst()).allSatisfy { $0.time <= $1.time }
      let place = InfluxSource.Term(measurement: term.measurement, field: "", tags: term.tags)
      groups[place, default: []].append(
        (term.field, isAscending ? samples : samples.sorted { $0.time < $1.time }))
    }
    for (place, group) in groups { try store(group, at: place) }
  }

  private func store(
    _ group: [(field: String, samples: [Sample])], at place: InfluxSource.Term
  ) throws(InfluxError) {
    var lines = LineProtocol(
      measurement: place.measurement, tags: place.tags, fields: group.map(\.field))
    var rows = ColumnMerge(group.map(\.samples))
    while let time = rows.next() {
      lines.add(time, rows.row)
      if lines.count >= Self.pointsPerWrite {
        try write(lines.bytes)
        lines.clear()
      }
    }
    if lines.count > 0 { try write(lines.bytes) }
  }

  private func write(_ lines: [UInt8]) throws(InfluxError) {
    let request = server.write(lines)
    try persistently { () throws(InfluxError) in
      do throws(HTTPError) {
        _ = try connection.send(request)
      } catch {
        throw Self.writeError(error)
      }
    }
  }

  private static func writeError(_ error: HTTPError) -> InfluxError {
    if case .status(_, let code, let message, _) = error, [400, 422].contains(code),
      message.contains("partial write") || message.contains("failure writing points")
    {
      return .partialWrite(message)
    }
    return .transport(error)
  }

  /// The rows of an answer, in order of time.
  private func rows(
    _ question: InfluxQuestion, of term: InfluxSource.Term, _ source: InfluxSource
  ) throws(InfluxError) -> [Sample] {
    switch server.language {
    case .influxQL:
      let statement = InfluxQL.statement(question, term)
      let request = server.query(statement, database: source.database)
      return try persistently { () throws(InfluxError) in
        let samples = try read(request, InfluxCSV())
        if samples.isEmpty { try requireSuccess(of: statement, source) }
        return samples
      }
    case .flux:
      let bucket = source.database ?? server.database
      let request = server.flux(Flux.script(question, term, bucket: bucket))
      return try persistently { () throws(InfluxError) in try read(request, FluxCSV()) }
    }
  }

  private func read<Rows: InfluxRows>(
    _ request: HTTPRequest, _ empty: Rows
  ) throws(InfluxError) -> [Sample] {
    var parser = empty
    var samples: [Sample] = []
    var isOrdered = true
    var last = Int64.min
    do throws(HTTPError) {
      _ = try connection.stream(request) { bytes in
        parser.feed(bytes) { microseconds, value in
          if microseconds < last { isOrdered = false }
          last = microseconds
          let time = Date(timeIntervalSince1970: Double(microseconds) / 1e6)
          samples.append(Sample(time: time, value: value))
        }
      }
    } catch {
      if let problem = parser.problem { throw InfluxQL.error(in: problem) }
      throw .transport(error)
    }
    parser.finish()
    if let problem = parser.problem { throw InfluxQL.error(in: problem) }
    return isOrdered ? samples : samples.sorted { $0.time < $1.time }
  }

  /// Asks once more in JSON: 1.x answers a failed statement in CSV with status 200 and nothing.
  private func requireSuccess(
    of statement: String, _ source: InfluxSource
  ) throws(InfluxError) {
    var request = server.query(statement + " LIMIT 1", database: source.database)
    request.headers["Accept"] = "application/json"
    let answer: HTTPResponse
    do throws(HTTPError) { answer = try connection.send(request) } catch {
      throw .transport(error)
    }
    if let reason = InfluxQL.failure(inJSON: answer.body) { throw .statement(reason) }
  }

  /// Does something again while its failure may pass.
  private func persistently<Result>(
    _ work: () throws(InfluxError) -> Result
  ) throws(InfluxError) -> Result {
    var seconds = patience.firstPauseSeconds
    for _ in 1..<patience.attempts {
      do throws(InfluxError) {
        return try work()
      } catch {
        guard error.isTransient else { throw error }
        patience.pause(seconds)
        seconds *= 2
      }
    }
    return try work()
  }

  /// The sums at the instants that both have.
  private static func added(_ left: [Sample], _ right: [Sample]) -> [Sample] {
    var sums: [Sample] = []
    var position = 0
    for sample in left {
      while position < right.count, right[position].time < sample.time { position += 1 }
      guard position < right.count, right[position].time == sample.time else { continue }
      sums.append(Sample(time: sample.time, value: sample.value + right[position].value))
    }
    return sums
  }
}
