// SPDX-License-Identifier: MIT
import Testing

@testable import Configuration

@Suite("Versions of the schema")
struct SchemaVersionTests {
  /// Three invented versions: 1 called the key `a`, 2 calls it `b`, 3 calls it `c`.
  private let migrations = [
    SchemaVersion.Migration(from: 2) { Self.rename("b", "c", in: &$0) },
    SchemaVersion.Migration(from: 1) { Self.rename("a", "b", in: &$0) },
  ]

  private static func rename(_ old: String, _ new: String, in root: inout YAMLNode) {
    root.content = .map(
      (root.map ?? []).map { entry in
        YAMLNode.Entry(
          key: entry.key == old ? new : entry.key, keyMark: entry.keyMark, value: entry.value)
      })
  }

  private func keys(afterMigrating text: String, from version: Int) throws -> [String] {
    var root = try YAMLDocument(text: text, file: "t").root
    try SchemaVersion.migrate(&root, from: version, to: 3, by: migrations)
    return root.map?.map(\.key) ?? []
  }

  @Test("an old file takes every step in the order of the versions")
  func chain() throws {
    #expect(try keys(afterMigrating: "{a: 1, x: 2}", from: 1) == ["c", "x"])
  }

  @Test("a newer file takes only the steps it needs")
  func partial() throws {
    #expect(try keys(afterMigrating: "{a: 1, b: 2}", from: 2) == ["a", "c"])
    #expect(try keys(afterMigrating: "{a: 1, b: 2}", from: 3) == ["a", "b"])
  }

  @Test("a step keeps the place of a value, so that errors name the old file's line")
  func places() throws {
    var root = try YAMLDocument(text: "x: 1\na: 2", file: "t").root
    try SchemaVersion.migrate(&root, from: 1, to: 3, by: migrations)
    #expect(root["c"]?.mark.line == 2)
  }

  @Test("a file from the future or from before the first step is refused")
  func unsupported() {
    for version in [4, 0, -1] {
      #expect(throws: SchemaVersion.Unsupported.self) {
        try keys(afterMigrating: "{a: 1}", from: version)
      }
    }
    #expect(throws: SchemaVersion.Unsupported(message: "is 1, which this pems no longer reads")) {
      var root = try YAMLDocument(text: "{a: 1}", file: "t").root
      try SchemaVersion.migrate(&root, from: 1, to: 3, by: [migrations[0]])
    }
  }

  @Test("there is a step from every older version to the next")
  func complete() {
    #expect(
      SchemaVersion.migrations.map(\.from).sorted() == Array(1..<SchemaVersion.current))
  }
}
