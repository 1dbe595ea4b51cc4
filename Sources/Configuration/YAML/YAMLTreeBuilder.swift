// SPDX-License-Identifier: MIT

/// Puts the events of one text together into a tree.
///
/// One document a file, keys are single values and stand once in a map, no tags. Aliases are
/// allowed, and what they unfold to is counted, so that a short file cannot fill the memory.
struct YAMLTreeBuilder: ~Copyable {
  /// More nesting than a person writes; each level costs stack.
  static let maximumDepth = 64
  /// Values after aliases are unfolded: a hundred times the largest house we know.
  static let maximumNodes = 200_000

  private var events: YAMLEventReader
  private var anchors: [String: (node: YAMLNode, size: Int)] = [:]
  private var nodeCount = 0
  private var depth = 0

  private init(_ text: String) throws(YAMLSyntaxError) {
    events = try YAMLEventReader(text)
  }

  /// The tree of a text; `nil` when there is nothing but comments in it.
  static func tree(of text: String) throws(YAMLSyntaxError) -> YAMLNode? {
    var builder = try YAMLTreeBuilder(text)
    return try builder.document()
  }

  private mutating func document() throws(YAMLSyntaxError) -> YAMLNode? {
    var root: YAMLNode?
    while true {
      let event = try events.next()
      switch event.kind {
      case .end: return root
      case .documentStart where root != nil:
        throw YAMLSyntaxError(
          mark: event.mark, message: "a second document begins here; a file holds only one")
      case .beginning, .documentStart, .documentEnd: continue
      default: root = try node(event)
      }
    }
  }

  private mutating func node(_ event: YAMLEvent) throws(YAMLSyntaxError) -> YAMLNode {
    let countBefore = nodeCount
    try count(1, at: event.mark)
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maximumDepth else {
      throw YAMLSyntaxError(
        mark: event.mark, message: "nested deeper than \(Self.maximumDepth) levels")
    }
    if let tag = event.tag {
      throw YAMLSyntaxError(
        mark: event.mark,
        message: "the tag '\(tag)' is not known; tags are not used here"
          + " (a secret is written ${NAME} and comes out of the environment)")
    }
    let node = YAMLNode(content: try content(event), mark: event.mark)
    if let anchor = event.anchor { anchors[anchor] = (node, nodeCount - countBefore) }
    return node
  }

  private mutating func content(
    _ event: YAMLEvent
  ) throws(YAMLSyntaxError) -> YAMLNode.Content {
    switch event.kind {
    case .scalar(let scalar): return .scalar(scalar)
    case .alias(let name):
      guard let anchored = anchors[name] else {
        throw YAMLSyntaxError(
          mark: event.mark, message: "the alias *\(name) has no anchor &\(name) before it")
      }
      try count(anchored.size, at: event.mark)
      return anchored.node.content
    case .listStart: return .list(try list())
    case .mapStart: return .map(try map())
    default:
      throw YAMLSyntaxError(mark: event.mark, message: "a value was expected here")
    }
  }

  private mutating func list() throws(YAMLSyntaxError) -> [YAMLNode] {
    var items: [YAMLNode] = []
    while true {
      let event = try events.next()
      if case .listEnd = event.kind { return items }
      items.append(try node(event))
    }
  }

  private mutating func map() throws(YAMLSyntaxError) -> [YAMLNode.Entry] {
    var entries: [YAMLNode.Entry] = []
    var lines: [String: Int] = [:]
    while true {
      let event = try events.next()
      if case .mapEnd = event.kind { return entries }
      guard case .scalar(let scalar) = try node(event).content, !scalar.text.isEmpty else {
        throw YAMLSyntaxError(mark: event.mark, message: "a key must be a single word")
      }
      let key = scalar.text
      if let line = lines.updateValue(event.mark.line, forKey: key) {
        throw YAMLSyntaxError(
          mark: event.mark, message: "the key '\(key)' stands here again, first on line \(line)")
      }
      let value = try node(try events.next())
      entries.append(YAMLNode.Entry(key: key, keyMark: event.mark, value: value))
    }
  }

  private mutating func count(_ nodes: Int, at mark: YAMLMark) throws(YAMLSyntaxError) {
    nodeCount += nodes
    guard nodeCount <= Self.maximumNodes else {
      throw YAMLSyntaxError(
        mark: mark,
        message: "more than \(Self.maximumNodes) values (aliases count with all they stand for)")
    }
  }
}
