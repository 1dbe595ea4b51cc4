// SPDX-License-Identifier: MIT
import Foundation

/// What a person at a terminal sees beside the result.
enum Terminal {
  /// Whether somebody watches the error output.
  static let isInteractive = isatty(STDERR_FILENO) == 1

  /// A line on the error output.
  static func printError(_ text: String) { write(text + "\n") }

  /// Writes out what was printed.
  static func finishOutput() throws(CommandFailure) {
    if fflush(nil) != 0 {
      throw CommandFailure(
        exitCode: ExitCode.failed,
        message: "cannot write the output: \(String(cString: strerror(errno)))", followsResult: true
      )
    }
  }

  /// An error output that takes nothing, as on a full disk, must not stop the work; there is no
  /// other place to tell it.
  private static func write(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  /// A progress bar on one line of the error output; nothing where nobody watches.
  static func showProgress(_ label: String, done: Int, of total: Int) {
    guard isInteractive, total > 0 else { return }
    let width = 30
    let filled = min(width, done * width / total)
    let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: width - filled)
    let end = done >= total ? "\n" : ""
    write("\r\(label) \(bar) \(done)/\(total)\(end)")
  }
}
