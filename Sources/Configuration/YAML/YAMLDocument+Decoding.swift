// SPDX-License-Identifier: MIT
import Spelling

extension YAMLDocument {
  /// A value of a type out of the whole document.
  ///
  /// Keys of the file that the type never asked for are errors with the nearest key it knows.
  ///
  /// - Throws: what does not fit, with file, line and key.
  public func decode<T: Decodable>(_ type: T.Type) throws(ConfigurationError) -> T {
    let record = DecodingRecord()
    let value: T
    do {
      value = try YAMLDecoder(node: root, codingPath: [], record: record).unbox(type)
    } catch {
      throw ConfigurationError([problem(of: error, record)])
    }
    let unknown = unknownKeys(in: root, at: .root, record)
    guard unknown.isEmpty else { throw ConfigurationError(unknown) }
    return value
  }

  /// A problem at a value of the document.
  func problem(_ message: String, at path: ValuePath, mark: YAMLMark) -> ConfigurationError.Problem
  {
    ConfigurationError.Problem(
      file: file, line: mark.line, column: mark.column, keyPath: path.description,
      message: message)
  }

  /// The value at a path, or the last one on the way to it.
  private func node(at path: ValuePath) -> YAMLNode {
    var node = root
    for part in path.parts {
      switch part {
      case .key(let key):
        guard let next = node[key] else { return node }
        node = next
      case .index(let index):
        guard let items = node.list, items.indices.contains(index) else { return node }
        node = items[index]
      }
    }
    return node
  }

  private func problem(
    of error: any Error, _ record: DecodingRecord
  ) -> ConfigurationError.Problem {
    guard let error = error as? DecodingError else {
      return problem("\(error)", at: .root, mark: root.mark)
    }
    switch error {
    case .keyNotFound(let key, let context):
      return missingKey(key.stringValue, at: ValuePath(context.codingPath), record)
    case .dataCorrupted(let context), .typeMismatch(_, let context), .valueNotFound(_, let context):
      let path = ValuePath(context.codingPath)
      let node = node(at: path)
      let isSecret = node.scalar?.source != nil
      return problem(
        isSecret ? "\(node.shown) is not allowed here" : context.debugDescription, at: path,
        mark: node.mark)
    @unknown default:
      return problem("\(error)", at: .root, mark: root.mark)
    }
  }

  private func missingKey(
    _ key: String, at path: ValuePath, _ record: DecodingRecord
  ) -> ConfigurationError.Problem {
    let node = node(at: path)
    let asked = record.askedKeys[path] ?? []
    let unasked = (node.map ?? []).filter { !asked.contains($0.key) }
    if let near = NearestMatch.of(key, in: unasked.map(\.key)),
      let entry = unasked.first(where: { $0.key == near })
    {
      return problem(
        "is not a key here; did you mean '\(key)'?", at: path.key(near), mark: entry.keyMark)
    }
    return problem("is missing", at: path.key(key), mark: node.mark)
  }

  private func unknownKeys(
    in node: YAMLNode, at path: ValuePath, _ record: DecodingRecord
  ) -> [ConfigurationError.Problem] {
    switch node.content {
    case .scalar: return []
    case .list(let items):
      return items.enumerated().flatMap { unknownKeys(in: $1, at: path.index($0), record) }
    case .map(let entries):
      guard let asked = record.askedKeys[path] else { return [] }
      return entries.flatMap { entry in
        let entryPath = path.key(entry.key)
        guard asked.contains(entry.key) else {
          let message = UnknownKey(
            entry.key, known: asked, present: Set(entries.map(\.key))
          ).message
          return [problem(message, at: entryPath, mark: entry.keyMark)]
        }
        return unknownKeys(in: entry.value, at: entryPath, record)
      }
    }
  }
}
