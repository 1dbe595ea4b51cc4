// SPDX-License-Identifier: MIT

/// Decodes a type out of one value of the tree.
///
/// Errors are `DecodingError` with the coding path, as everywhere with Codable; the document turns
/// them into file, line and key. The record remembers which keys each map was asked for.
struct YAMLDecoder: Decoder {
  let node: YAMLNode
  let codingPath: [any CodingKey]
  let record: DecodingRecord

  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard let entries = node.map else { throw mismatch([String: String].self, "a map of keys") }
    record.open(path)
    return KeyedDecodingContainer(
      YAMLKeyedContainer<Key>(
        entries: entries, codingPath: codingPath, path: path, record: record))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard let items = node.list else { throw mismatch([String].self, "a list") }
    return YAMLUnkeyedContainer(items: items, codingPath: codingPath, record: record)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer {
    YAMLSingleValueContainer(decoder: self)
  }

  /// A value of any decodable type.
  func unbox<T: Decodable>(_ type: T.Type) throws -> T {
    let value: T?
    switch type {
    case is Bool.Type:
      value = node.scalar?.bool as? T
      if value == nil { throw mismatch(type, "true or false") }
    case is String.Type:
      value = node.scalar?.string as? T
      if value == nil { throw mismatch(type, "text" + textHint) }
    case is Double.Type:
      value = node.scalar?.number as? T
      if value == nil { throw mismatch(type, "a number", hint: node.scalar?.numberHint ?? "") }
    case let integer as any FixedWidthInteger.Type:
      value = node.scalar?.integer.flatMap { Self.convert($0, to: integer) } as? T
      if value == nil {
        throw mismatch(type, "a whole number", hint: node.scalar?.numberHint ?? "")
      }
    case let enumeration as any (CaseIterable & RawRepresentable<String>).Type:
      value = node.scalar.flatMap { Self.enumerated($0.text, as: enumeration) } as? T
      if value == nil {
        throw mismatch(type, "one of " + Self.rawValues(of: enumeration).joined(separator: ", "))
      }
    default:
      value = try T(from: self)
    }
    guard let value else { throw mismatch(type, "\(type)") }
    return value
  }

  /// What was found is not what is needed.
  func mismatch(_ type: Any.Type, _ wanted: String, hint: String = "") -> DecodingError {
    DecodingError.typeMismatch(
      type,
      DecodingError.Context(
        codingPath: codingPath, debugDescription: "\(node.shown) is not \(wanted)\(hint)"))
  }

  private var path: ValuePath { ValuePath(codingPath) }

  private var textHint: String {
    guard let scalar = node.scalar, scalar.isPlain, !scalar.isNull, scalar.source == nil else {
      return ""
    }
    return "; write \"\(scalar.text)\" in quotes if it is meant as text"
  }

  private static func convert<I: FixedWidthInteger>(_ value: Int, to type: I.Type) -> I? {
    I(exactly: value)
  }

  private static func enumerated<E: CaseIterable & RawRepresentable<String>>(
    _ text: String, as type: E.Type
  ) -> E? { E(rawValue: text) }

  private static func rawValues<E: CaseIterable & RawRepresentable<String>>(
    of type: E.Type
  ) -> [String] { E.allCases.map(\.rawValue) }
}

/// Which keys each map of a file was asked for.
final class DecodingRecord {
  private(set) var askedKeys: [ValuePath: Set<String>] = [:]

  func open(_ path: ValuePath) { askedKeys[path, default: []] = askedKeys[path] ?? [] }

  func ask(_ key: String, at path: ValuePath) { askedKeys[path, default: []].insert(key) }
}

/// A key or an index on the way to a value.
struct YAMLCodingKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(_ index: Int) { (stringValue, intValue) = ("\(index)", index) }

  init(stringValue: String) { (self.stringValue, intValue) = (stringValue, nil) }

  init(intValue: Int) { self.init(intValue) }
}

extension ValuePath {
  init(_ codingPath: [any CodingKey]) {
    parts = codingPath.map { key in
      if let key = key as? YAMLCodingKey, let index = key.intValue { return .index(index) }
      return .key(key.stringValue)
    }
  }
}
