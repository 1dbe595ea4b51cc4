// SPDX-License-Identifier: MIT

/// Swift source reduced to its code: comments and the letters of strings become blanks, line by line.
///
/// Code inside of string interpolations stays. A plain scan that knows enough of the language for
/// the rules of this project; it is no parser.
struct SwiftText {
  private let text: [UInt8]
  private var position = 0
  private var code: [UInt8] = []

  /// The code of a source text, with as many lines as before.
  static func code(of source: String) -> String {
    var scan = SwiftText(text: Array(source.utf8))
    scan.scanCode(untilParenthesis: false)
    return String(decoding: scan.code, as: UTF8.self)
  }

  private init(text: [UInt8]) { self.text = text }

  private func starts(_ word: StaticString) -> Bool {
    guard position + word.utf8CodeUnitCount <= text.count else { return false }
    return (0..<word.utf8CodeUnitCount).allSatisfy { text[position + $0] == word.utf8Start[$0] }
  }

  private var isAtLineEnd: Bool { text[position] == UInt8(ascii: "\n") }

  private mutating func blank(_ count: Int = 1) {
    for _ in 0..<count where position < text.count {
      code.append(isAtLineEnd ? UInt8(ascii: "\n") : UInt8(ascii: " "))
      position += 1
    }
  }

  private mutating func scanCode(untilParenthesis: Bool) {
    var depth = 0
    while position < text.count {
      if starts("//") {
        while position < text.count, !isAtLineEnd { blank() }
      } else if starts("/*") {
        while position < text.count, !starts("*/") { blank() }
        blank(2)
      } else if text[position] == UInt8(ascii: "\"") || starts("#\"") || starts("##\"") {
        scanString()
      } else {
        if text[position] == UInt8(ascii: "(") { depth += 1 }
        if text[position] == UInt8(ascii: ")") { depth -= 1 }
        code.append(text[position])
        position += 1
        if untilParenthesis, depth < 0 { return }
      }
    }
  }

  private mutating func scanString() {
    var hashes = 0
    while text[position] == UInt8(ascii: "#") {
      hashes += 1
      blank()
    }
    let isBlock = starts("\"\"\"")
    blank(isBlock ? 3 : 1)
    while position < text.count {
      if isBlock ? starts("\"\"\"") : starts("\""), hasHashes(hashes, after: isBlock ? 3 : 1) {
        blank((isBlock ? 3 : 1) + hashes)
        return
      }
      if starts("\\"), hasHashes(hashes, after: 1) {
        let isInterpolation =
          position + hashes + 1 < text.count
          && text[position + hashes + 1] == UInt8(ascii: "(")
        blank(hashes + 2)
        if isInterpolation { scanCode(untilParenthesis: true) }
      } else if !isBlock, isAtLineEnd {
        return
      } else {
        blank()
      }
    }
  }

  private func hasHashes(_ count: Int, after offset: Int) -> Bool {
    (0..<count).allSatisfy {
      position + offset + $0 < text.count
        && text[position + offset + $0] == UInt8(ascii: "#")
    }
  }
}
