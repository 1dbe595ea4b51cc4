// SPDX-License-Identifier: MIT
import Configuration
import Foundation
import Household
import TestSupport
import TimeSeries

@testable import History

/// A store and files in a folder of their own.
struct ImportFixture {
  let folder: TemporaryFolder
  let store: SQLiteHistory

  init(pageLimit: Int? = nil) throws {
    folder = try TemporaryFolder()
    store = try SQLiteHistory(
      file: folder.path("history.db"), access: .writing, schema: .current, pageLimit: pageLimit)
  }

  func write(_ content: String, _ name: String = "in.csv") throws -> String {
    let path = folder.path(name)
    try Data(content.utf8).write(to: URL(filePath: path))
    return path
  }

  /// Imports a text, by a mapping in YAML.
  @discardableResult
  func load(_ content: String, _ yaml: String? = nil) throws -> ImportReport {
    let mapping = try yaml.map { try Self.mapping($0) }
    return try SeriesImporter(mapping: mapping).run(file: write(content), into: store)
  }

  static func mapping(_ yaml: String) throws(ConfigurationError) -> ImportMapping {
    try YAMLDocument(text: yaml, file: "map.yaml").decode(ImportMapping.self)
  }

  func samples(_ name: String) throws -> [Sample] {
    guard let signal = SignalName(name) else { return [] }
    return try store.samples(of: signal, in: .distantPast ..< .distantFuture)
  }

  func values(_ name: String) throws -> [Double] { try samples(name).map(\.value) }

  func times(_ name: String) throws -> [Date] { try samples(name).map(\.time) }
}

extension ImportReport {
  /// How often something was found, by its kind and subject.
  func count(_ kind: ImportFinding.Kind, _ subject: String) -> Int {
    findings.first { $0.kind == kind && $0.subject == subject }?.count ?? 0
  }
}
