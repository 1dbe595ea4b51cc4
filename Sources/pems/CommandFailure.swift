// SPDX-License-Identifier: MIT
import CommandLineParsing

/// What a caller can tell from the exit code.
enum ExitCode {
  static let done: Int32 = 0
  static let failed: Int32 = 1
  static let usage: Int32 = 2
  static let configuration: Int32 = 3
  static let unreachable: Int32 = 4
}

/// A command could not do its work: what to tell the person, and the exit code.
struct CommandFailure: Error {
  let exitCode: Int32
  let message: String
  /// Whether the result was printed before: then the standard output holds it and gets nothing more.
  var followsResult = false

  static func failed(_ message: String) -> Self {
    Self(exitCode: ExitCode.failed, message: message)
  }

  static func configuration(_ message: String) -> Self {
    Self(exitCode: ExitCode.configuration, message: message)
  }

  static func unreachable(_ message: String) -> Self {
    Self(exitCode: ExitCode.unreachable, message: message)
  }
}

extension CommandFailure {
  /// Any error of a command as the failure that ends it.
  ///
  /// - Parameter path: the command, for the help that explains it.
  init(_ error: any Error, of path: String) {
    switch error {
    case let failure as CommandFailure: self = failure
    case CommandLineError.usage(let message):
      self.init(exitCode: ExitCode.usage, message: "\(message)\nTry '\(path) --help'.")
    default: self = .failed("\(error)")
    }
  }

  /// Tells the person on the error output and, with `--json`, the program on the standard output, which
  /// holds one JSON document whatever comes of a command.
  func tell(asJSON: Bool) {
    Terminal.printError("pems: \(message)")
    guard asJSON, !followsResult else { return }
    // A standard output that takes nothing leaves the exit code to tell it.
    try? printJSON(Told(error: message, exitCode: exitCode))
    try? Terminal.finishOutput()
  }

  private struct Told: Encodable {
    let error: String
    let exitCode: Int32
  }
}
