// SPDX-License-Identifier: MIT
internal import CYAML

/// One event of a YAML stream, copied out of libyaml.
struct YAMLEvent {
  enum Kind {
    case beginning
    case documentStart
    case documentEnd
    case end
    case scalar(YAMLScalar)
    case alias(String)
    case listStart
    case listEnd
    case mapStart
    case mapEnd
  }

  let kind: Kind
  let mark: YAMLMark
  var anchor: String?
  var tag: String?
}

/// The text is no YAML, says libyaml.
struct YAMLSyntaxError: Error {
  let mark: YAMLMark
  let message: String
}

/// libyaml's parser over one text.
struct YAMLEventReader: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let bytes: UnsafeMutableBufferPointer<UInt8>

  /// A reader at the start of the text.
  init(_ text: String) throws(YAMLSyntaxError) {
    let utf8 = Array(text.utf8)
    bytes = .allocate(capacity: max(1, utf8.count))
    _ = bytes.update(fromContentsOf: utf8)
    parser = .allocate(capacity: 1)
    guard yaml_parser_initialize(parser) == 1 else {
      parser.deallocate()
      bytes.deallocate()
      throw YAMLSyntaxError(mark: YAMLMark(line: 1, column: 1), message: "out of memory")
    }
    yaml_parser_set_input_string(parser, bytes.baseAddress, utf8.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    bytes.deallocate()
  }

  /// The next event.
  mutating func next() throws(YAMLSyntaxError) -> YAMLEvent {
    var raw = yaml_event_t()
    guard yaml_parser_parse(parser, &raw) == 1 else { throw syntaxError }
    defer { yaml_event_delete(&raw) }
    return Self.event(raw)
  }

  private var syntaxError: YAMLSyntaxError {
    var message = parser.pointee.problem.map { String(cString: $0) } ?? "cannot be read as YAML"
    if let context = parser.pointee.context {
      message += " (" + String(cString: context)
      message += " from line \(parser.pointee.context_mark.line + 1))"
    }
    return YAMLSyntaxError(mark: Self.mark(parser.pointee.problem_mark), message: message)
  }

  private static func event(_ raw: yaml_event_t) -> YAMLEvent {
    let mark = mark(raw.start_mark)
    switch raw.type {
    case YAML_SCALAR_EVENT:
      let data = raw.data.scalar
      let text = String(
        decoding: UnsafeBufferPointer(start: data.value, count: data.length), as: UTF8.self)
      let scalar = YAMLScalar(text: text, isPlain: data.style == YAML_PLAIN_SCALAR_STYLE)
      return YAMLEvent(
        kind: .scalar(scalar), mark: mark, anchor: string(data.anchor), tag: string(data.tag))
    case YAML_ALIAS_EVENT:
      return YAMLEvent(kind: .alias(string(raw.data.alias.anchor) ?? ""), mark: mark)
    case YAML_SEQUENCE_START_EVENT:
      let data = raw.data.sequence_start
      return YAMLEvent(
        kind: .listStart, mark: mark, anchor: string(data.anchor), tag: string(data.tag))
    case YAML_MAPPING_START_EVENT:
      let data = raw.data.mapping_start
      return YAMLEvent(
        kind: .mapStart, mark: mark, anchor: string(data.anchor), tag: string(data.tag))
    case YAML_SEQUENCE_END_EVENT: return YAMLEvent(kind: .listEnd, mark: mark)
    case YAML_MAPPING_END_EVENT: return YAMLEvent(kind: .mapEnd, mark: mark)
    case YAML_DOCUMENT_START_EVENT: return YAMLEvent(kind: .documentStart, mark: mark)
    case YAML_DOCUMENT_END_EVENT: return YAMLEvent(kind: .documentEnd, mark: mark)
    case YAML_STREAM_END_EVENT: return YAMLEvent(kind: .end, mark: mark)
    default: return YAMLEvent(kind: .beginning, mark: mark)
    }
  }

  private static func mark(_ raw: yaml_mark_t) -> YAMLMark {
    YAMLMark(line: Int(raw.line) + 1, column: Int(raw.column) + 1)
  }

  private static func string(_ raw: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    raw.map { String(cString: $0) }
  }
}
