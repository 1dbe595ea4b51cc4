// SPDX-License-Identifier: MIT
import CommandLineParsing
import Configuration

extension CommandLineInput {
  /// The store that `--store` names, or else the one of `--config`.
  func storePath() throws -> String {
    if let path = string("store") { return path }
    guard let file = string("config") else {
      throw CommandLineError.usage("--store FILE is needed, or --config FILE that names the store")
    }
    return try configuration(at: file).history.storePath
  }
}
