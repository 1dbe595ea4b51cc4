// SPDX-License-Identifier: MIT

/// One map of the file, asked for its keys one by one; whatever is wrong goes to the findings.
final class Section {
  let path: ValuePath
  let mark: YAMLMark
  let findings: Findings
  private let entries: [YAMLNode.Entry]
  /// Stands in for a map that is missing or no map, which has been told already.
  private let isStandIn: Bool
  private var asked: Set<String> = []

  init(
    entries: [YAMLNode.Entry], path: ValuePath, mark: YAMLMark, findings: Findings,
    isStandIn: Bool = false
  ) {
    self.entries = entries
    self.path = path
    self.mark = mark
    self.findings = findings
    self.isStandIn = isStandIn
    findings.open(self)
  }

  /// A map, with a problem where the node is none.
  convenience init(_ node: YAMLNode, path: ValuePath, mark: YAMLMark, findings: Findings) {
    if let entries = node.map {
      self.init(entries: entries, path: path, mark: mark, findings: findings)
    } else {
      findings.report("\(node.shown) is not a map of keys", at: path, mark: node.mark)
      self.init(entries: [], path: path, mark: mark, findings: findings, isStandIn: true)
    }
  }

  /// All keys of a map whose keys are names that people chose.
  var names: [(name: String, node: YAMLNode, mark: YAMLMark)] {
    asked.formUnion(entries.map(\.key))
    return entries.map { ($0.key, $0.value, $0.keyMark) }
  }

  /// The keys that nobody asked for.
  var unknownKeys: [(YAMLNode.Entry, UnknownKey)] {
    let present = Set(entries.map(\.key))
    return entries.filter { !asked.contains($0.key) }
      .map { ($0, UnknownKey($0.key, known: asked, present: present)) }
  }

  /// Whether the key stands in the file.
  func has(_ key: String) -> Bool {
    asked.insert(key)
    return entries.contains { $0.key == key }
  }

  /// The value of a key that may be left out.
  func node(_ key: String) -> YAMLNode? {
    asked.insert(key)
    return entries.first { $0.key == key }?.value
  }

  /// The value of a key that has to be there.
  func requiredNode(_ key: String, _ allowed: String) -> YAMLNode? {
    if let node = node(key) { return node }
    if !isStandIn {
      findings.report("is missing; \(allowed)", at: path.key(key), mark: mark, isMissing: true)
    }
    return nil
  }

  /// Tells a problem with the value of a key.
  func report(_ message: String, _ key: String) {
    guard !isStandIn else { return }
    findings.report(message, at: path.key(key), mark: node(key)?.mark ?? mark)
  }

  /// Tells that two values, each right by itself, do not go together.
  ///
  /// - Returns: whether they do; also false when one of them is wrong, which has been told then.
  @discardableResult
  func expect(_ holds: Bool, _ message: String, _ key: String, with other: String) -> Bool {
    let areRight = findings.isRight(path.key(key)) && findings.isRight(path.key(other))
    if areRight, !holds { report(message, key) }
    return areRight && holds
  }

  /// Notes that a key was left out and what counts in its place.
  func assume(_ value: String, _ key: String) {
    if !isStandIn { findings.assume(value, at: path.key(key)) }
  }

  /// The map behind a key; `nil` when the key is left out.
  func section(_ key: String) -> Section? {
    guard let node = node(key) else { return nil }
    return Section(node, path: path.key(key), mark: keyMark(key), findings: findings)
  }

  /// The map behind a key that has to be there.
  func requiredSection(_ key: String, _ allowed: String) -> Section {
    _ = requiredNode(key, allowed)
    return section(key)
      ?? Section(
        entries: [], path: path.key(key), mark: mark, findings: findings, isStandIn: true)
  }

  /// The map behind a key, or an empty one whose keys all take their defaults.
  func sectionOrDefaults(_ key: String) -> Section {
    section(key) ?? Section(entries: [], path: path.key(key), mark: mark, findings: findings)
  }

  /// The maps of the list behind a key; empty when it is left out.
  func sections(_ key: String) -> [Section] {
    guard let node = node(key) else { return [] }
    guard let items = node.list else {
      report("\(node.shown) is not a list; begin each element with '- '", key)
      return []
    }
    return items.enumerated().map { index, item in
      Section(item, path: path.key(key).index(index), mark: item.mark, findings: findings)
    }
  }

  private func keyMark(_ key: String) -> YAMLMark {
    entries.first { $0.key == key }?.keyMark ?? mark
  }
}
