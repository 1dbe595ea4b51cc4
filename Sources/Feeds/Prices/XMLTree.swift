// SPDX-License-Identifier: MIT
internal import CExpat
import Foundation

/// An element of an XML document: name without its prefix, text and children.
final class XMLElementNode {
  let name: String
  var text = ""
  var children: [XMLElementNode] = []

  init(name: String) { self.name = name }

  /// The first child of a name.
  subscript(_ name: String) -> XMLElementNode? { children.first { $0.name == name } }

  /// All children of a name.
  func all(_ name: String) -> [XMLElementNode] { children.filter { $0.name == name } }

  /// The text of the first child of a name, without blanks around it.
  func value(_ name: String) -> String? {
    self[name]?.text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// All elements of a name, however deep.
  func descendants(_ name: String) -> [XMLElementNode] {
    children.flatMap { ($0.name == name ? [$0] : []) + $0.descendants(name) }
  }
}

/// Reads a small XML document into a tree with expat, which loads no external entities and stops
/// entities that multiply.
///
/// Foundation's `XMLParser` is not used: damaged documents trap inside it.
final class XMLTreeReader {
  /// Deeper documents are refused: none of the services has more than ten levels.
  private static let deepest = 40

  private let parser: XML_Parser
  private let root = XMLElementNode(name: "")
  private var open: [XMLElementNode]

  private init(_ parser: XML_Parser) {
    self.parser = parser
    open = [root]
  }

  /// The root element, or `nil` when the text is no well-formed document.
  static func read(_ bytes: [UInt8]) -> XMLElementNode? {
    guard let parser = XML_ParserCreate(nil) else { return nil }
    defer { XML_ParserFree(parser) }
    let reader = XMLTreeReader(parser)
    let isWhole = withExtendedLifetime(reader) {
      XML_SetUserData(parser, Unmanaged.passUnretained(reader).toOpaque())
      XML_SetElementHandler(
        parser, { user, name, _ in XMLTreeReader.of(user)?.begin(name) },
        { user, _ in XMLTreeReader.of(user)?.end() }
      )
      XML_SetCharacterDataHandler(parser) { XMLTreeReader.of($0)?.add($1, count: $2) }
      return bytes.withUnsafeBytes { buffer in
        let text = buffer.bindMemory(to: CChar.self)
        return XML_Parse(parser, text.baseAddress, Int32(clamping: text.count), 1)
          == XML_STATUS_OK
      }
    }
    return isWhole ? reader.root.children.first : nil
  }

  /// The reader behind expat's user pointer.
  private static func of(_ user: UnsafeMutableRawPointer?) -> XMLTreeReader? {
    user.map { Unmanaged<XMLTreeReader>.fromOpaque($0).takeUnretainedValue() }
  }

  private func begin(_ name: UnsafePointer<CChar>?) {
    guard open.count < Self.deepest, let name = name.map({ String(cString: $0) }) else {
      XML_StopParser(parser, XML_Bool(0))
      return
    }
    let node = XMLElementNode(name: name.split(separator: ":").last.map(String.init) ?? name)
    open.last?.children.append(node)
    open.append(node)
  }

  private func end() { if open.count > 1 { open.removeLast() } }

  private func add(_ text: UnsafePointer<CChar>?, count: Int32) {
    let bytes = UnsafeRawBufferPointer(start: text, count: Int(count))
    open.last?.text += String(decoding: bytes, as: UTF8.self)
  }
}
