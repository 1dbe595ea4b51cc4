// SPDX-License-Identifier: MIT
import Foundation

/// Files that belong to the program: beside it in `share/pems`, or in the source tree it was built in.
enum InstalledFiles {
  /// The source of the plot library that reports carry inside.
  static func plotLibrary() throws(CommandFailure) -> String {
    let path = try find(["share/pems/plotly.min.js", ".deps/plotly/plotly.min.js"])
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw .failed("\(path) cannot be read; run 'make setup' again")
    }
    return text
  }

  /// The configuration of the built-in house.
  static func referenceHouse() throws(CommandFailure) -> String {
    try find(["share/pems/reference-house/pems.yaml", "Examples/reference-house/pems.yaml"])
  }

  /// The first of some relative paths that exists in a folder above the program.
  private static func find(_ candidates: [String]) throws(CommandFailure) -> String {
    var folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent()
    while folder.pathComponents.count > 1 {
      folder = folder.deletingLastPathComponent()
      for candidate in candidates {
        let path = folder.appending(path: candidate).path
        if FileManager.default.fileExists(atPath: path) { return path }
      }
    }
    throw .failed(
      "\(candidates[0]) was not found above the program; install pems with its share folder, "
        + "or run 'make setup' in the source tree")
  }
}
