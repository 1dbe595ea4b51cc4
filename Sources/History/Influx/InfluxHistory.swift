// SPDX-License-Identifier: MIT
import Configuration
import Foundation
import HTTP
public import Household
public import TimeSeries

/// An InfluxDB as a store of readings, behind the same seam as the embedded one.
///
/// Calls block: use one from one thread at a time, several side by side for several signals. A read
/// is tried again from its start, a write is harmless to repeat: equal points fall on each other.
public final class InfluxHistory: HistoryWriting {
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

  let server: InfluxServer
  let mapping: InfluxMapping
  let stepSeconds: Int?
  let connection = HTTPConnection()
  /// Places whose fields rarely have readings at the same instants: they are asked one by one.
  var scattered: Set<InfluxPlace> = []
  private let patience: Patience

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

  /// Does something again while its failure may pass.
  func persistently<Result>(
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
}
