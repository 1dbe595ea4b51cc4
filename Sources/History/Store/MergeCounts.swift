// SPDX-License-Identifier: MIT

/// What storing readings has changed.
public struct MergeCounts: Sendable, Hashable, Codable {
  /// Readings at instants that had none.
  public internal(set) var added = 0
  /// Readings that replaced another number.
  public internal(set) var changed = 0
  /// Readings that were there already.
  public internal(set) var unchanged = 0

  /// Adds counts.
  static func += (left: inout Self, right: Self) {
    left.added += right.added
    left.changed += right.changed
    left.unchanged += right.unchanged
  }
}
