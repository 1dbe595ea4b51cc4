// SPDX-License-Identifier: MIT
public import Foundation

/// Files beside the project that some tests compare with; such tests are skipped where there are none.
public enum ReferenceMaterial {
  /// The folder of this package.
  public static let package = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The folder `shared` beside the package.
  public static let folder = package.deletingLastPathComponent().appending(path: "shared")

  /// Whether `path` exists inside the folder.
  public static func has(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: path).path)
  }

  /// The file or folder at `path` inside the folder.
  public static func url(_ path: String) -> URL { folder.appending(path: path) }

  /// What a skipped test says.
  public static func missing(_ path: String) -> String {
    "skipped: ../shared/\(path) is not beside the project"
  }
}
