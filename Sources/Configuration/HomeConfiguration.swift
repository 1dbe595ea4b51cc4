// SPDX-License-Identifier: MIT
import Foundation
public import Household

/// The content of `pems.yaml`: the home, the program's own settings, and what was left to defaults.
public struct HomeConfiguration: Sendable {
  /// A key that was left out, and the value that counts in its place.
  public struct Assumption: Sendable, Hashable {
    /// The key, without the positions in lists: `rooms[].priority`.
    public let keyPath: String
    /// The value with its unit.
    public let value: String
    /// In how many places it counts.
    public let count: Int
  }

  /// The version of the schema that this program reads and `docs/configuration.md` describes.
  public static let schemaVersion = SchemaVersion.current

  /// The home.
  public let home: Home
  /// The store of the past.
  public let history: HistorySettings
  /// The services that are asked for prices and weather.
  public let feeds: FeedSettings
  /// How pems runs the home: its devices and how far it is trusted with them.
  public var service: ServiceSettings
  /// The defaults that were taken, in the order of the schema.
  public let assumptions: [Assumption]

  /// The configuration in a file, with `.env` beside it.
  ///
  /// - Parameters:
  ///   - environment: what `${NAME}` stands for, before `.env` is asked.
  ///   - drivers: the drivers that devices may name.
  /// - Throws: everything that is wrong in the file, in one error.
  public init(
    contentsOf path: String, environment: [String: String], drivers: [DeviceBlueprint] = []
  ) throws(ConfigurationError) {
    try self.init(
      YAMLDocument(contentsOf: path, environment: environment), drivers: drivers,
      variablesOfProcess: Set(environment.keys))
  }

  /// The configuration in a text.
  ///
  /// - Parameters:
  ///   - file: the name that errors show; relative paths in the text are relative to its folder.
  ///   - environment: what `${NAME}` stands for.
  ///   - drivers: the drivers that devices may name.
  /// - Throws: everything that is wrong in the text, in one error.
  public init(
    text: String, file: String, environment: [String: String] = [:],
    drivers: [DeviceBlueprint] = []
  ) throws(ConfigurationError) {
    try self.init(
      YAMLDocument(text: text, file: file, environment: environment), drivers: drivers)
  }

  private init(
    _ document: YAMLDocument, drivers: [DeviceBlueprint], variablesOfProcess: Set<String>? = nil
  ) throws(ConfigurationError) {
    let findings = Findings(file: document.file)
    let root = try Self.upToDate(document, findings)
    let top = Section(
      root, path: .root, mark: YAMLMark(line: 1, column: 1), findings: findings)
    _ = top.has("version")
    home = HomeSchema.home(top)
    history = HistorySchema.history(top.sectionOrDefaults("history"))
    feeds = FeedSchema.feeds(top, hasRoof: !home.pvArrays.isEmpty)
    service = ServiceSchema(
      blueprints: drivers, home: home,
      folder: URL(filePath: document.file).deletingLastPathComponent()
    ).settings(top)
    if let variablesOfProcess { findings.checkEnvironmentFile(variablesOfProcess) }
    try findings.close()
    assumptions = Self.grouped(findings.assumptions)
  }

  /// The tree in the current version of the schema.
  private static func upToDate(
    _ document: YAMLDocument, _ findings: Findings
  ) throws(ConfigurationError) -> YAMLNode {
    var root = document.root
    let path = ValuePath.root.key("version")
    guard root.map != nil, let node = root["version"] else {
      findings.report(
        root.map == nil
          ? "the file has no keys" : "is missing; begin the file with 'version: \(schemaVersion)'",
        at: path, mark: root.mark)
      try findings.close()
      return root
    }
    if let version = node.scalar?.integer {
      do {
        try SchemaVersion.migrate(&root, from: version)
      } catch {
        findings.report(error.message, at: path, mark: node.mark)
      }
    } else {
      findings.report(
        "\(node.shown) is not a whole number; write \(schemaVersion)", at: path, mark: node.mark)
    }
    // A file of another schema is not read on: its other errors would mislead.
    try findings.close()
    return root
  }

  private static func grouped(
    _ assumptions: [(path: ValuePath, value: String)]
  ) -> [Assumption] {
    var order: [String] = []
    var counts: [String: Int] = [:]
    var values: [String: (keyPath: String, value: String)] = [:]
    for assumption in assumptions {
      let keyPath = assumption.path.withoutPositions
      let group = keyPath + "=" + assumption.value
      if counts.updateValue((counts[group] ?? 0) + 1, forKey: group) == nil { order.append(group) }
      values[group] = (keyPath, assumption.value)
    }
    return order.compactMap { group in
      guard let entry = values[group], let count = counts[group] else { return nil }
      return Assumption(keyPath: entry.keyPath, value: entry.value, count: count)
    }
  }
}
