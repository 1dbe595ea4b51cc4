// SPDX-License-Identifier: MIT
import Foundation
import FoundationXML

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

/// Reads a small XML document into a tree; external entities are never loaded.
final class XMLTreeReader: NSObject, XMLParserDelegate {
  /// Deeper documents are refused: none of the services has more than ten levels.
  private static let deepest = 40

  private let root = XMLElementNode(name: "")
  private var open: [XMLElementNode]

  private override init() { open = [root] }

  /// The root element, or `nil` when the text is no well-formed document.
  static func read(_ bytes: [UInt8]) -> XMLElementNode? {
    let reader = XMLTreeReader()
    let parser = XMLParser(data: Data(bytes))
    parser.shouldResolveExternalEntities = false
    parser.delegate = reader
    guard parser.parse(), reader.open.count == 1 else { return nil }
    return reader.root.children.first
  }

  func parser(
    _ parser: XMLParser, didStartElement element: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    guard open.count < Self.deepest else { return parser.abortParsing() }
    let name = element.split(separator: ":").last.map(String.init) ?? element
    let node = XMLElementNode(name: name)
    open.last?.children.append(node)
    open.append(node)
  }

  func parser(
    _ parser: XMLParser, didEndElement element: String, namespaceURI: String?,
    qualifiedName: String?
  ) {
    if open.count > 1 { open.removeLast() }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { open.last?.text += string }
}
