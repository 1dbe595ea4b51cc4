// SPDX-License-Identifier: MIT

/// The version of the file's schema: older files are brought up to date step by step, in memory.
enum SchemaVersion {
  /// The version this program reads.
  static let current = 1

  /// One step from a version to the next: a change of the tree, which keeps the places.
  struct Migration: Sendable {
    let from: Int
    let apply: @Sendable (inout YAMLNode) -> Void
  }

  /// The steps that exist, one for each older version.
  static let migrations: [Migration] = []

  /// Why a file cannot be brought to the current version.
  struct Unsupported: Error, Hashable {
    let message: String
  }

  /// Brings a tree from its version to `current`.
  static func migrate(
    _ root: inout YAMLNode, from version: Int, to current: Int = current,
    by migrations: [Migration] = migrations
  ) throws(Unsupported) {
    guard version <= current else {
      throw Unsupported(
        message: "is \(version), this pems reads versions up to \(current); update pems")
    }
    guard version >= 1 else {
      throw Unsupported(message: "is \(version), but versions begin with 1; write \(current)")
    }
    for step in version..<current {
      guard let migration = migrations.first(where: { $0.from == step }) else {
        throw Unsupported(message: "is \(version), which this pems no longer reads")
      }
      migration.apply(&root)
    }
  }
}
