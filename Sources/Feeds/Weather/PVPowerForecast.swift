// SPDX-License-Identifier: MIT
public import Foundation
public import TimeSeries

/// A service's own forecast of the power of a plant, in pieces of its own length.
public struct PVPowerForecast: Sendable, Hashable, Codable {
  /// One piece with its mean power in watts.
  public struct Piece: Sendable, Hashable, Codable {
    /// When it begins.
    public let start: Date
    /// When it ends.
    public let end: Date
    /// Exceeded with probability 0.9, where the service tells.
    public let p10: Double?
    /// The service's estimate.
    public let estimate: Double
    /// Exceeded with probability 0.1, where the service tells.
    public let p90: Double?
  }

  /// Which service.
  public let source: String
  /// When it was fetched.
  public let issuedAt: Date
  /// Pieces in order of time. Between two days of a service that speaks of daylight only, there
  /// is none.
  public let pieces: [Piece]
  /// Whether nothing is produced where there is no piece between the first and the last.
  public let darkBetweenPieces: Bool

  /// The mean power of each step; missing before the first piece and after the last.
  public func power(on grid: TimeGrid) -> Series<Watts> {
    guard let first = pieces.first, let last = pieces.last else {
      return Series(grid: grid, constant: nil)
    }
    var position = 0
    let values = grid.indices.map { index -> Watts? in
      let (start, end) = (grid.date(at: index), grid.date(at: index + 1))
      guard start >= first.start, end <= last.end else { return nil }
      while position < pieces.count, pieces[position].end <= start { position += 1 }
      var (next, joules, covered) = (position, 0.0, 0.0)
      while next < pieces.count, pieces[next].start < end {
        let seconds = min(end, pieces[next].end).timeIntervalSince(max(start, pieces[next].start))
        joules += pieces[next].estimate * seconds
        covered += seconds
        next += 1
      }
      let isWhole = covered >= Double(grid.stepSeconds) - 1e-6
      return isWhole || darkBetweenPieces ? Watts(joules / Double(grid.stepSeconds)) : nil
    }
    return Series(grid: grid, values: values)
  }
}
