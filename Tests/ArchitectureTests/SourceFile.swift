// SPDX-License-Identifier: MIT

/// One file of the project, as the rules see it.
struct SourceFile {
  /// Relative to the project, `Sources/Household/Home.swift`.
  let path: String
  let text: String
  /// The text without comments and strings, by lines.
  let codeLines: [String]
  /// Everything the file imports.
  private(set) var imports: [Import] = []

  init(path: String, text: String) {
    self.path = path
    self.text = text
    let isSwift = path.hasSuffix(".swift")
    codeLines = (isSwift ? SwiftText.code(of: text) : text)
      .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    imports = matches(
      of:
        /^\s*((?:@\w+(?:\([^)]*\))?\s+|public |internal |package |private |fileprivate )*)import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)/,
      inLinesWith: ["import "]
    ).map {
      Import(line: $0.line, module: String($0.output.2), attributes: String($0.output.1))
    }
  }

  /// The module of a file of `Sources`; `nil` elsewhere.
  var module: String? {
    let parts = path.split(separator: "/")
    return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
  }

  /// The file's name without folder and ending; `Home` for `Home+JSON.swift` is not cut.
  var name: String {
    let file = path.split(separator: "/").last ?? ""
    return String(file.split(separator: ".").first ?? "")
  }

  /// One `import`, with what stands before it.
  struct Import {
    let line: Int
    let module: String
    let attributes: String
  }

  /// The types that the file declares, with their lines.
  var declaredTypes: [(name: String, line: Int)] {
    matches(
      of: /\b(?:struct|class|enum|actor|protocol|typealias|associatedtype)\s+([A-Z]\w*)/,
      inLinesWith: ["struct ", "class ", "enum ", "actor ", "protocol ", "type"]
    )
    .map { (String($0.output.1), $0.line) }
  }

  /// The functions that the file declares, with their lines.
  var declaredFunctions: [(name: String, line: Int)] {
    matches(of: /\bfunc\s+([a-z]\w*)/, inLinesWith: ["func "]).map {
      (String($0.output.1), $0.line)
    }
  }

  /// All places in the code that a pattern finds, with their lines from 1.
  ///
  /// - Parameter words: a line without any of them is passed over, which saves most of the time.
  func matches<Output>(
    of pattern: some RegexComponent<Output>, inLinesWith words: [String]
  ) -> [(line: Int, output: Output)] {
    // The default boundary is that of Unicode's words, which has none at the dot of `Task.sleep`.
    let pattern = pattern.regex.wordBoundaryKind(.simple)
    var found: [(line: Int, output: Output)] = []
    for (index, line) in codeLines.enumerated() where words.contains(where: line.contains) {
      found += line.matches(of: pattern).map { (index + 1, $0.output) }
    }
    return found
  }
}
