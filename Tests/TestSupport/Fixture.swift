// SPDX-License-Identifier: MIT
import Foundation

/// Recorded files of the reference material.
public enum Fixture {
  /// The bytes of a file inside the folder, unpacked when its name ends in `.gz`.
  public static func bytes(_ path: String) throws -> [UInt8] {
    let url = ReferenceMaterial.url(path)
    guard path.hasSuffix(".gz") else { return Array(try Data(contentsOf: url)) }
    let folder = try TemporaryFolder()
    let copy = folder.path("content")
    let status = try ServerProcess.run(
      "sh", ["-c", "gzip -dc \"$1\" > \"$2\"", "sh", url.path, copy])
    guard status == 0 else { throw CocoaError(.fileReadCorruptFile) }
    return Array(try Data(contentsOf: URL(filePath: copy)))
  }
}
