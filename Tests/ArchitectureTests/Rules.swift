// SPDX-License-Identifier: MIT

/// Something a rule does not allow, with its place.
struct Violation: CustomStringConvertible {
  let path: String
  let line: Int?
  let message: String

  init(_ file: SourceFile, line: Int? = nil, _ message: String) {
    path = file.path
    self.line = line
    self.message = message
  }

  var description: String { path + (line.map { ":\($0)" } ?? "") + ": " + message }
}

/// The rules of the house plan and the style guide that a scan of the text can prove.
enum Rules {
  static func importsAreDeclared(_ project: Project) -> [Violation] {
    let modules = project.modules
    return project.sources.flatMap { file -> [Violation] in
      guard let module = file.module else { return [] }
      return file.imports.filter {
        modules.contains($0.module) && !(project.declared[module] ?? []).contains($0.module)
      }.map {
        Violation(file, line: $0.line, "Package.swift does not declare \($0.module) for \(module)")
      }
    }
  }

  static func importsPointDown(_ project: Project) -> [Violation] {
    project.sources.flatMap { file -> [Violation] in
      guard let module = file.module, let own = project.rows.row[module] else { return [] }
      return file.imports.compactMap { entry in
        guard let other = project.rows.row[entry.module], other >= own,
          !project.rows.allowed.contains([module, entry.module])
        else { return nil }
        return Violation(
          file, line: entry.line,
          "\(module) of row \(own) imports \(entry.module) of row \(other); only rows below")
      }
    }
  }

  static func modulesHaveARow(_ project: Project) -> [Violation] {
    project.modules.sorted().filter { project.rows.row[$0] == nil }.compactMap { module in
      project.files.first { $0.module == module }.map {
        Violation($0, "the module \(module) has no row in docs/architecture.md")
      }
    }
  }

  static func cLibrariesHaveOneImporter(_ project: Project) -> [Violation] {
    project.cModules.sorted().flatMap { library -> [Violation] in
      let places = project.sources.flatMap { file in
        file.imports.filter { $0.module == library }.map { (file, $0) }
      }
      let importers = Set(places.compactMap(\.0.module)).sorted()
      return places.compactMap { file, entry in
        if !entry.attributes.contains("internal") {
          return Violation(file, line: entry.line, "write 'internal import \(library)'")
        }
        return importers.count > 1
          ? Violation(
            file, line: entry.line,
            "\(library) has the importers \(importers.joined(separator: ", ")); one is allowed")
          : nil
      }
    }
  }

  /// Words that say nothing about what a thing is.
  private static let emptyWords: Set<String> = [
    "Util", "Utils", "Utility", "Utilities", "Helper", "Helpers", "Manager", "Common", "Core",
    "Base", "Impl", "Data", "Info",
  ]

  static func namesSaySomething(_ project: Project) -> [Violation] {
    project.sources.flatMap { file -> [Violation] in
      let types = file.declaredTypes.flatMap { type in
        emptyWords(in: type.name).map {
          Violation(file, line: type.line, "the type \(type.name) holds the word \($0)")
        }
      }
      let files = emptyWords(in: file.name).map {
        Violation(file, "the file's name holds the word \($0)")
      }
      let functions = file.declaredFunctions.filter {
        ["process", "handle"].contains(words(of: $0.name).first)
      }.map { Violation(file, line: $0.line, "the function \($0.name) does not say what it does") }
      return types + files + functions
    }
  }

  private static func emptyWords(in name: String) -> [String] {
    // "Base load" is a word of the field: consumption without heaters and cars.
    words(of: name.replacing("BaseLoad", with: "Load")).filter(emptyWords.contains)
  }

  private static func words(of name: String) -> [String] {
    name.matches(of: /[A-Z]+(?![a-z])|[A-Z]?[a-z]+/).map { String($0.output) }
  }

  static func modulesHaveNoTypeOfTheirName(_ project: Project) -> [Violation] {
    project.sources.flatMap { file in
      file.declaredTypes.filter { $0.name == file.module }.map {
        Violation(file, line: $0.line, "the type \($0.name) has the name of its module")
      }
    }
  }
}
