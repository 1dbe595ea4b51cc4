// SPDX-License-Identifier: MIT

/// The keys of a map, as Codable asks for them.
struct YAMLKeyedContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let entries: [YAMLNode.Entry]
  let codingPath: [any CodingKey]
  let path: ValuePath
  let record: DecodingRecord

  var allKeys: [Key] {
    entries.compactMap { entry in
      record.ask(entry.key, at: path)
      return Key(stringValue: entry.key)
    }
  }

  func contains(_ key: Key) -> Bool {
    record.ask(key.stringValue, at: path)
    return value(key) != nil
  }

  func decodeNil(forKey key: Key) throws -> Bool { try decoder(key).node.isNull }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    try decoder(key).unbox(type)
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try decoder(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try decoder(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder {
    YAMLDecoder(
      node: YAMLNode(content: .map(entries), mark: YAMLMark(line: 1, column: 1)),
      codingPath: codingPath, record: record)
  }

  func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }

  private func value(_ key: Key) -> YAMLNode? {
    entries.first { $0.key == key.stringValue }?.value
  }

  private func decoder(_ key: Key) throws -> YAMLDecoder {
    record.ask(key.stringValue, at: path)
    guard let node = value(key) else {
      throw DecodingError.keyNotFound(
        key, DecodingError.Context(codingPath: codingPath, debugDescription: ""))
    }
    return YAMLDecoder(node: node, codingPath: codingPath + [key], record: record)
  }
}

/// The elements of a list, as Codable asks for them.
struct YAMLUnkeyedContainer: UnkeyedDecodingContainer {
  let items: [YAMLNode]
  let codingPath: [any CodingKey]
  let record: DecodingRecord
  var currentIndex = 0

  init(items: [YAMLNode], codingPath: [any CodingKey], record: DecodingRecord) {
    self.items = items
    self.codingPath = codingPath
    self.record = record
  }

  var count: Int? { items.count }

  var isAtEnd: Bool { currentIndex >= items.count }

  mutating func decodeNil() throws -> Bool {
    guard try decoder().node.isNull else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
    let value = try decoder().unbox(type)
    currentIndex += 1
    return value
  }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) throws -> KeyedDecodingContainer<NestedKey> {
    let container = try decoder().container(keyedBy: type)
    currentIndex += 1
    return container
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    let container = try decoder().unkeyedContainer()
    currentIndex += 1
    return container
  }

  mutating func superDecoder() throws -> any Decoder {
    let decoder = try decoder()
    currentIndex += 1
    return decoder
  }

  private func decoder() throws -> YAMLDecoder {
    guard !isAtEnd else {
      throw DecodingError.valueNotFound(
        YAMLNode.self,
        DecodingError.Context(
          codingPath: codingPath, debugDescription: "the list has only \(items.count) elements"))
    }
    return YAMLDecoder(
      node: items[currentIndex], codingPath: codingPath + [YAMLCodingKey(currentIndex)],
      record: record)
  }
}

/// One value, as Codable asks for it.
struct YAMLSingleValueContainer: SingleValueDecodingContainer {
  let decoder: YAMLDecoder

  var codingPath: [any CodingKey] { decoder.codingPath }

  func decodeNil() -> Bool { decoder.node.isNull }

  func decode<T: Decodable>(_ type: T.Type) throws -> T { try decoder.unbox(type) }
}
