// SPDX-License-Identifier: MIT
public import Foundation
public import Household
public import TimeSeries

/// Every forecast that was issued, kept for training: one JSON document a line, only appended.
public struct ForecastLog: Sendable {
  private let file: URL

  /// A log in a file, which is made when the first forecast comes.
  public init(file: URL) { self.file = file }

  /// Writes a forecast behind the others.
  ///
  /// - Throws: what the file system says.
  public func append(_ weather: IssuedWeather) throws {
    let line = try JSONEncoder().encode(weather) + Data([UInt8(ascii: "\n")])
    if !FileManager.default.fileExists(atPath: file.path) {
      try Data().write(to: file)
    }
    let handle = try FileHandle(forWritingTo: file)
    defer { try? handle.close() }  // every byte is written already
    try handle.seekToEnd()
    try handle.write(contentsOf: line)
  }

  /// All forecasts in the order they were written; a line cut short by a crash is left out.
  ///
  /// - Throws: what the file system says.
  public func read() throws -> LoggedForecasts {
    let lines = try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))
    return LoggedForecasts(
      runs: lines.compactMap { try? JSONDecoder().decode(IssuedWeather.self, from: $0) })
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
}
