// SPDX-License-Identifier: MIT

/// Swift source reduced to its code: comments and the letters of strings become blanks, line by line.
///
/// Code inside of string interpolations stays. A plain scan that knows enough of the language for
/// the rules of this project; it is no parser.
struct SwiftText {
  private let text: [Character]
  private var position = 0
  private var code = ""

  /// The code of a source text, with as many lines as before.
  static func code(of source: String) -> String {
    var scan = SwiftText(text: Array(source))
    scan.scanCode(untilParenthesis: false)
    return scan.code
  }

  private init(text: [Character]) { self.text = text }

  private func starts(_ word: String) -> Bool {
    text[position...].starts(with: word)
  }

  private mutating func blank(_ count: Int = 1) {
    for _ in 0..<count where position < text.count {
      code.append(text[position].isNewline ? "\n" : " ")
      position += 1
    }
  }

  private mutating func scanCode(untilParenthesis: Bool) {
    var depth = 0
    while position < text.count {
      if starts("//") {
        while position < text.count, !text[position].isNewline { blank() }
      } else if starts("/*") {
        while position < text.count, !starts("*/") { blank() }
        blank(2)
      } else if text[position] == "\"" || starts("#\"") || starts("##\"") {
        scanString()
      } else {
        if text[position] == "(" { depth += 1 }
        if text[position] == ")" { depth -= 1 }
        code.append(text[position])
        position += 1
        if untilParenthesis, depth < 0 { return }
      }
    }
  }

  private mutating func scanString() {
    var hashes = ""
    while text[position] == "#" {
      hashes += "#"
      blank()
    }
    let quote = starts("\"\"\"") ? "\"\"\"" : "\""
    blank(quote.count)
    while position < text.count, !starts(quote + hashes) {
      if starts("\\" + hashes + "(") {
        blank(hashes.count + 2)
        scanCode(untilParenthesis: true)
      } else if starts("\\" + hashes) {
        blank(hashes.count + 2)
      } else {
        if quote == "\"", text[position].isNewline { return }
        blank()
      }
    }
    blank(quote.count + hashes.count)
  }
}
