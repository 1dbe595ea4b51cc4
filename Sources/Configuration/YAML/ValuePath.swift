// SPDX-License-Identifier: MIT

/// The way from the root of a file to a value, `rooms[2].heater.power_w`.
struct ValuePath: Sendable, Hashable, CustomStringConvertible {
  enum Part: Sendable, Hashable {
    case key(String)
    case index(Int)
  }

  var parts: [Part] = []

  /// The root.
  static let root = ValuePath()

  func key(_ key: String) -> ValuePath { ValuePath(parts: parts + [.key(key)]) }

  func index(_ index: Int) -> ValuePath { ValuePath(parts: parts + [.index(index)]) }

  var description: String {
    parts.reduce(into: "") { text, part in
      switch part {
      case .key(let key): text += (text.isEmpty ? "" : ".") + key
      case .index(let index): text += "[\(index)]"
      }
    }
  }

  /// The same with `[]` for every position in a list.
  var withoutPositions: String {
    parts.reduce(into: "") { text, part in
      switch part {
      case .key(let key): text += (text.isEmpty ? "" : ".") + key
      case .index: text += "[]"
      }
    }
  }
}
