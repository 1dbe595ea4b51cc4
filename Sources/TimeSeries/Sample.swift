// SPDX-License-Identifier: MIT
public import Foundation

/// One reading at one instant.
public struct Sample: Sendable, Hashable, Codable {
  /// When it was read.
  public let time: Date
  /// The number, in the unit that the signal declares; always finite.
  public let value: Double

  /// A reading of a finite number.
  public init(time: Date, value: Double) {
    self.time = time
    self.value = value
  }
}
