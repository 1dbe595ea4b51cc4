// SPDX-License-Identifier: MIT

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
