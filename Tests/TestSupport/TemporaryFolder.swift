// SPDX-License-Identifier: MIT
public import Foundation

/// A new empty folder that is removed when the value goes away.
public final class TemporaryFolder: Sendable {
  /// Where it is.
  public let url: URL

  /// Makes the folder in the system's temporary directory.
  public init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "pems-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// A path inside the folder.
  public func path(_ name: String) -> String { url.appending(path: name).path }
}
