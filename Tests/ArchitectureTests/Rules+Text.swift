// SPDX-License-Identifier: MIT

extension Rules {
  static func filesHaveALicenceHeader(_ project: Project) -> [Violation] {
    project.files.compactMap { file in
      let lines = file.text.split(
        maxSplits: 2, omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      let first = lines.first?.hasPrefix("#!") ?? false ? lines.dropFirst().first : lines.first
      let isRight = ["//", "#"].contains { first == "\($0) SPDX-License-Identifier: MIT" }
      return isRight
        ? nil : Violation(file, line: 1, "begins without 'SPDX-License-Identifier: MIT'")
    }
  }

  /// A file this long holds more than one thought.
  static let maximumLines = 400

  static func filesAreShort(_ project: Project) -> [Violation] {
    project.files.filter { $0.path.hasSuffix(".swift") }.compactMap { file in
      let count = file.codeLines.count - (file.text.hasSuffix("\n") ? 1 : 0)
      return count < maximumLines
        ? nil : Violation(file, "has \(count) lines, \(maximumLines) are too many")
    }
  }

  /// A function this long holds more than one level of thought.
  static let maximumFunctionLines = 40

  static func functionsAreShort(_ project: Project) -> [Violation] {
    project.sources.flatMap { file in
      file.codeLines.indices.filter { isFunction(file.codeLines[$0]) }.compactMap { start in
        let count = functionLines(file.codeLines[start...])
        return count <= maximumFunctionLines
          ? nil
          : Violation(
            file, line: start + 1,
            "a function of \(count) lines, \(maximumFunctionLines) are enough")
      }
    }
  }

  private static func isFunction(_ line: String) -> Bool {
    line.split(separator: " ").contains { word in
      word == "func" || ["init(", "init?(", "init<"].contains(where: word.hasPrefix)
    }
  }

  /// From a declaration to the brace that ends it; 1 for one without a body of its own lines.
  private static func functionLines(_ lines: ArraySlice<String>) -> Int {
    let indent = lines.first?.prefix { $0 == " " } ?? ""
    let next = lines.dropFirst().firstIndex { line in
      guard let first = line.first(where: { $0 != " " }) else { return false }
      let depth = line.prefix { $0 == " " }.count
      return depth < indent.count || depth == indent.count && !")-w{".contains(first)
    }
    return next.map { lines[$0] == indent + "}" ? $0 - lines.startIndex + 1 : 1 } ?? lines.count
  }

  static func nothingIsForced(_ project: Project) -> [Violation] {
    project.sources.flatMap { file -> [Violation] in
      let traps = file.matches(of: /\b(try!|as!|fatalError\b)/, inLinesWith: ["!", "fatalError"])
        .map {
          Violation(file, line: $0.line, "'\($0.output.1)' traps in a running house")
        }
      let unwraps = file.matches(of: /(\w+|[)\]>?])!(?!=)/, inLinesWith: ["!"])
        .filter { !["try", "as"].contains($0.output.1) }
        .map { Violation(file, line: $0.line, "'!' traps in a running house") }
      return traps + unwraps
    }
  }

  static func nothingIsLeftToDo(_ project: Project) -> [Violation] {
    let pattern = /\b(?:TODO|FIXME)\b/.wordBoundaryKind(.simple)
    return project.files.filter { $0.module != nil }.flatMap { file in
      file.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
        .filter { ["TODO", "FIXME"].contains(where: $0.element.contains) }
        .filter { $0.element.contains(pattern) }
        .map { Violation(file, line: $0.offset + 1, "finish it now, or file an issue") }
    }
  }

  /// Where things are built and wired: the only place that may ask the machine for time and chance.
  static let compositionRoot = "pems"
  /// Where somebody waits by profession: for a device to answer, and for the next beat of the loop.
  static let waitingFolders = ["Sources/Devices/", "Sources/Control/Loop/"]

  static func timeAndChanceComeFromOutside(_ project: Project) -> [Violation] {
    project.sources.filter { $0.module != compositionRoot }.flatMap { file -> [Violation] in
      let found =
        file.matches(
          of: /\bDate\(\)|\bDate\.now\b|\bDate\(timeIntervalSinceNow:/, inLinesWith: ["Date"]
        ).map {
          ($0.line, "'\($0.output)'")
        }
        + (waitingFolders.contains(where: file.path.hasPrefix)
          ? []
          : file.matches(of: /\b(?:u|nano)?sleep\(/, inLinesWith: ["sleep"]).map {
            ($0.line, "'\($0.output)'")
          })
        + file.matches(
          of: /\bSystemRandomNumberGenerator\b|\bUUID\(\)/, inLinesWith: ["System", "UUID"]
        ).map {
          ($0.line, "'\($0.output)'")
        }
        + file.matches(
          of: /\.(?:randomElement|shuffled|shuffle)\(\)/, inLinesWith: ["random", "shuffle"]
        ).map {
          ($0.line, "'\($0.output)'")
        }
        + file.matches(of: /\.random\((?!.*using:)[^)]*\)/, inLinesWith: [".random("]).map {
          ($0.line, "'\($0.output)'")
        }
      return found.map {
        Violation(file, line: $0, "\($1): time and chance come in as arguments")
      }
    }
  }

  static func uncheckedSendableOnlyWrapsC(_ project: Project) -> [Violation] {
    let cModules = project.cModules
    let wrappers = Set(
      project.sources.filter { $0.imports.contains { cModules.contains($0.module) } }
        .compactMap(\.module))
    return project.sources.filter { !wrappers.contains($0.module ?? "") }.flatMap { file in
      file.matches(of: /@unchecked\s+Sendable/, inLinesWith: ["@unchecked"]).map {
        Violation(file, line: $0.line, "'@unchecked Sendable' belongs to wrappers of C only")
      }
    }
  }
}
