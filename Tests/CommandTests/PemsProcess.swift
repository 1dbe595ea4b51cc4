// SPDX-License-Identifier: MIT
import Foundation
import TestSupport

/// The program as a person runs it: the executable that was built beside the tests.
struct PemsProcess {
  let exitCode: Int32
  let output: String
  let errorOutput: String

  /// Runs the program to its end.
  ///
  /// Limits and redirections are a shell's, so that they are in force before the program starts.
  static func run(
    _ words: [String], fileSizeLimitKibibytes: Int? = nil, outputFile: String? = nil,
    errorFile: String? = nil, environment: [String: String] = [:]
  ) throws -> PemsProcess {
    let folder = try TemporaryFolder()
    let output = outputFile ?? folder.path("output")
    let errors = errorFile ?? folder.path("errors")
    // a write beyond the limit shall fail, not end the process
    let limit = fileSizeLimitKibibytes.map { "trap '' XFSZ; ulimit -f \($0); " } ?? ""
    // Set by the shell, so that a library to preload comes into this program alone.
    let variables = environment.map { "export \($0)='\($1)'; " }.joined()
    let exitCode = try ServerProcess.run(
      "/bin/bash",
      ["-c", limit + variables + #"exec "$0" "$@" >\#(output) 2>\#(errors)"#, executable] + words)
    return PemsProcess(
      exitCode: exitCode, output: try text(of: output), errorOutput: try text(of: errors))
  }

  private static func text(of path: String) throws -> String {
    guard !path.hasPrefix("/dev/") else { return "" }
    return try String(contentsOfFile: path, encoding: .utf8)
  }

  static var executable: String {
    #if DEBUG
      let configuration = "debug"
    #else
      let configuration = "release"
    #endif
    return ReferenceMaterial.package.appending(path: ".build/\(configuration)/pems").path
  }
}
