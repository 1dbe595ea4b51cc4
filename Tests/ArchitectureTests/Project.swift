// SPDX-License-Identifier: MIT
import Foundation
import TestSupport

/// Everything the rules look at: the files, the declared dependencies and the rows.
struct Project {
  var files: [SourceFile]
  /// The modules each target of `Package.swift` declares to use.
  var declared: [String: Set<String>]
  var rows: Rows

  /// The modules that wrap a C library: a folder with a module map.
  var cModules: Set<String> {
    Set(files.filter { $0.path.hasSuffix("/module.modulemap") }.compactMap(\.module))
  }

  /// All modules of the project.
  var modules: Set<String> { Set(files.compactMap(\.module)) }

  /// The Swift files of the modules.
  var sources: [SourceFile] {
    files.filter { $0.module != nil && $0.path.hasSuffix(".swift") }
  }

  /// The project that this test is part of.
  static func current() throws -> Project {
    let root = ReferenceMaterial.package
    func text(_ path: String) throws -> String {
      try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }
    let paths = ["Sources", "Tests", "tools", "Examples"].flatMap { filePaths(in: $0, of: root) }
    return Project(
      files: try paths.map { SourceFile(path: $0, text: try text($0)) },
      declared: declaredDependencies(in: try text("Package.swift")),
      rows: try Rows.current())
  }

  private static func filePaths(in folder: String, of root: URL) -> [String] {
    let endings = ["swift", "h", "modulemap", "sh", "py"]
    let found = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
    return (found?.compactMap { $0 as? String } ?? [])
      .filter { path in endings.contains { path.hasSuffix("." + $0) } }
      .map { folder + "/" + $0 }.sorted()
  }

  /// The dependencies of each target as the manifest's text declares them.
  static func declaredDependencies(in manifest: String) -> [String: Set<String>] {
    let target =
      /\.(?:target|executableTarget|systemLibrary)\(\s*name:\s*"(\w+)"(?:,\s*dependencies:\s*\[([^\]]*)\])?/
    return manifest.matches(of: target).reduce(into: [:]) { declared, match in
      let names = (match.output.2 ?? "").matches(of: /"(\w+)"/).map { String($0.output.1) }
      declared[String(match.output.1)] = Set(names)
    }
  }
}
