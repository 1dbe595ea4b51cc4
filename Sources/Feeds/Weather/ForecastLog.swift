// SPDX-License-Identifier: MIT
public import Foundation
public import Household
public import TimeSeries

/// Documents in a file, one a line, only appended; a crash can only cut the last line short.
public enum ForecastLines {
  /// Writes a document behind the others.
  ///
  /// - Throws: what the file system says; then nothing counts as written.
  public static func append(_ document: some Encodable, to file: URL) throws {
    let line = try JSONEncoder().encode(document) + Data([UInt8(ascii: "\n")])
    if !FileManager.default.fileExists(atPath: file.path) {
      try Data().write(to: file)
    }
    let handle = try FileHandle(forUpdating: file)
    defer { try? handle.close() }  // every byte is written already
    let end = try handle.seekToEnd()
    if end > 0 {
      // A line that a crash cut short is ended first, so that it spoils only itself.
      try handle.seek(toOffset: end - 1)
      let isWhole = try handle.read(upToCount: 1) == Data([UInt8(ascii: "\n")])
      try handle.seekToEnd()
      if !isWhole { try handle.write(contentsOf: Data([UInt8(ascii: "\n")])) }
    }
    try handle.write(contentsOf: line)
  }

  /// The documents of a file in the order they were written; a line cut short by a crash is left out.
  ///
  /// - Parameter tail: only what lies in so many bytes at the end of the file.
  /// - Throws: what the file system says.
  public static func read<Document: Decodable>(
    _ type: Document.Type, from file: URL, tail: Int? = nil
  ) throws -> [Document] {
    let handle = try FileHandle(forReadingFrom: file)
    defer { try? handle.close() }  // nothing was written
    let size = try handle.seekToEnd()
    let start = tail.map { size > UInt64($0) ? size - UInt64($0) : 0 } ?? 0
    try handle.seek(toOffset: start)
    var lines = try (handle.readToEnd() ?? Data()).split(separator: UInt8(ascii: "\n"))[...]
    if start > 0 { lines = lines.dropFirst() }
    return lines.compactMap { try? JSONDecoder().decode(type, from: $0) }
  }
}

/// Every forecast that was issued, kept for training: one JSON document a line, only appended.
public struct ForecastLog: Sendable {
  private let file: URL

  /// A log in a file, which is made when the first forecast comes.
  public init(file: URL) { self.file = file }

  /// Writes a forecast behind the others.
  ///
  /// - Throws: what the file system says.
  public func append(_ weather: IssuedWeather) throws {
    try ForecastLines.append(weather, to: file)
  }

  /// The forecasts in the order they were written; a line cut short by a crash is left out.
  ///
  /// - Parameter tail: only what lies in so many bytes at the end of the file.
  /// - Throws: what the file system says.
  public func read(tail: Int? = nil) throws -> LoggedForecasts {
    LoggedForecasts(
      runs: try ForecastLines.read(IssuedWeather.self, from: file, tail: tail))
  }
}

/// Forecasts of the past: at each time only what had been issued then.
public struct LoggedForecasts: Sendable, Hashable, WeatherForecasting {
  /// The runs, ascending by the time of their issue.
  public let runs: [IssuedWeather]

  /// Runs in any order.
  public init(runs: [IssuedWeather]) { self.runs = runs.sorted { $0.issuedAt < $1.issuedAt } }

  /// The newest run issued by `time`.
  public func weather(issuedBefore time: Date, on grid: TimeGrid) -> Weather? {
    runs.last { $0.issuedAt <= time }?.weather(issuedBefore: time, on: grid)
  }

  /// The newest run of each source issued by `time`, by the name of the source.
  public func newest(issuedBefore time: Date) -> [IssuedWeather] {
    let known = runs.filter { $0.issuedAt <= time }
    return Dictionary(known.map { ($0.source, $0) }, uniquingKeysWith: { $1 }).values
      .sorted { $0.source < $1.source }
  }
}
