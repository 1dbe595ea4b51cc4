// SPDX-License-Identifier: MIT
import Foundation

/// What a person at a terminal sees beside the result.
enum Terminal {
  /// Whether somebody watches the error output.
  static let isInteractive = isatty(STDERR_FILENO) == 1

  /// A line on the error output.
  static func printError(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }

  /// A progress bar on one line of the error output; nothing where nobody watches.
  static func showProgress(_ label: String, done: Int, of total: Int) {
    guard isInteractive, total > 0 else { return }
    let width = 30
    let filled = min(width, done * width / total)
    let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: width - filled)
    let end = done >= total ? "\n" : ""
    FileHandle.standardError.write(Data("\r\(label) \(bar) \(done)/\(total)\(end)".utf8))
  }
}
