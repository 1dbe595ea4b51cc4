// SPDX-License-Identifier: MIT

/// A place in a file, both numbers from 1.
struct YAMLMark: Sendable, Hashable {
  let line: Int
  let column: Int
}

/// A value of a YAML file with the place where it stands.
struct YAMLNode: Sendable {
  enum Content: Sendable {
    case scalar(YAMLScalar)
    case list([YAMLNode])
    case map([Entry])
  }

  /// A key of a map with its value.
  struct Entry: Sendable {
    let key: String
    let keyMark: YAMLMark
    var value: YAMLNode
  }

  var content: Content
  let mark: YAMLMark

  var scalar: YAMLScalar? {
    if case .scalar(let scalar) = content { scalar } else { nil }
  }

  /// The elements; a key with nothing behind it is an empty list.
  var list: [YAMLNode]? {
    switch content {
    case .list(let items): items
    case .scalar(let scalar): scalar.isNull ? [] : nil
    case .map: nil
    }
  }

  /// The entries; a key with nothing behind it is an empty map.
  var map: [Entry]? {
    switch content {
    case .map(let entries): entries
    case .scalar(let scalar): scalar.isNull ? [] : nil
    case .list: nil
    }
  }

  var isNull: Bool { scalar?.isNull ?? false }

  /// The value of a key of a map.
  subscript(key: String) -> YAMLNode? { map?.first { $0.key == key }?.value }

  /// What stands there, for an error: never a value out of the environment.
  var shown: String {
    switch content {
    case .scalar(let scalar): scalar.shown
    case .list: "a list"
    case .map: "a map of keys"
    }
  }
}
