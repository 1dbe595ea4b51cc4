// SPDX-License-Identifier: MIT
import Foundation

/// What hills, trees and houses leave of the beam, by the sun's place in the sky.
///
/// Cells of 10° azimuth × 5° elevation, from north clockwise and from the horizon up. Diffuse light is
/// not shaded.
public struct ShadingTable: Sendable, Hashable {
  /// Cells around the horizon.
  public static let columns = 36
  /// Cells from the horizon to straight up.
  public static let rows = 18

  /// The share of the beam that arrives, 0 all shaded … 1 free; `rows` times `columns` values, the
  /// lowest row first.
  public let beamShares: [Double]

  /// Nothing in the way.
  public static let free = ShadingTable(
    beamShares: Array(repeating: 1, count: rows * columns))

  /// A table of given shares.
  ///
  /// - Precondition: `rows` · `columns` values.
  public init(beamShares: [Double]) {
    precondition(beamShares.count == Self.rows * Self.columns, "a share for each cell of the sky")
    self.beamShares = beamShares.map { min(max($0, 0), 1) }
  }

  /// A table from a skyline: for each of 36 directions the elevation below which the sun is hidden.
  ///
  /// - Precondition: 36 elevations in degrees, from north clockwise.
  public init(skylineDegrees: [Double]) {
    precondition(skylineDegrees.count == Self.columns, "an elevation for each direction")
    let shares = (0..<Self.rows * Self.columns).map { cell in
      let bottom = Double(cell / Self.columns) * 5
      let skyline = skylineDegrees[cell % Self.columns]
      return 1 - min(max((skyline - bottom) / 5, 0), 1)
    }
    self.init(beamShares: shares)
  }

  /// The cell that a direction lies in; `nil` below the horizon.
  public static func cell(_ direction: SkyDirection) -> Int? {
    guard direction.up > 0 else { return nil }
    let row = min(Int(asin(min(direction.up, 1)).inDegrees / 5), rows - 1)
    let column = min(Int(direction.azimuthDegrees / 10), columns - 1)
    return row * columns + column
  }

  /// The share of the beam that arrives from a direction.
  public func beamShare(_ direction: SkyDirection) -> Double {
    Self.cell(direction).map { beamShares[$0] } ?? 1
  }
}
