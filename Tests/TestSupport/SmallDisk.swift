// SPDX-License-Identifier: MIT
import Foundation

/// A folder on a disk of its own with little room; only where the tests may mount one.
public final class SmallDisk {
  /// What a skipped test says.
  public static let skipped = "skipped: needs the right to mount a tmpfs"
  /// Whether this process may mount.
  public static let isPossible: Bool = {
    guard let disk = try? SmallDisk(megabytes: 1) else { return false }
    disk.unmount()
    return true
  }()

  /// Where it is.
  public let folder: TemporaryFolder

  /// A disk of so many megabytes.
  public init(megabytes: Int) throws {
    folder = try TemporaryFolder()
    try Self.mount(["-t", "tmpfs", "-o", "size=\(megabytes)m", "none", folder.url.path])
  }

  deinit { unmount() }

  /// Makes it larger; what is on it stays.
  public func grow(toMegabytes megabytes: Int) throws {
    try Self.mount(["-o", "remount,size=\(megabytes)m", folder.url.path])
  }

  private func unmount() {
    _ = try? ServerProcess.run("umount", ["-l", folder.url.path])
  }

  private static func mount(_ arguments: [String]) throws {
    guard try ServerProcess.run("mount", arguments) == 0 else {
      throw CocoaError(.fileWriteNoPermission)
    }
  }
}
