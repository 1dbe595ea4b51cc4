// SPDX-License-Identifier: MIT
internal import CZlib
import Foundation

/// A file that is written in pieces, compressed when its name ends in `.gz`, and that appears under
/// its name only when it is complete.
struct CompressedOutput: ~Copyable {
  private var handle: gzFile?
  private let path: String
  private let partialPath: String

  /// Starts a file beside its final place; `-` is standard output.
  init(path: String) throws(CSVError) {
    errno = 0
    self.path = path
    partialPath = path == "-" ? path : path + ".partial"
    let mode = path.hasSuffix(".gz") ? "wb6" : "wbT"
    let opened = path == "-" ? gzdopen(dup(STDOUT_FILENO), mode) : gzopen(partialPath, mode)
    guard let opened else {
      throw CSVError(.cannotWrite(reason: CompressedInput.systemReason()), file: path)
    }
    gzbuffer(opened, 256 * 1_024)
    handle = opened
  }

  deinit {
    guard let handle else { return }
    gzclose_w(handle)
    if path != "-" { unlink(partialPath) }
  }

  /// Adds bytes.
  func write(_ bytes: [UInt8]) throws(CSVError) {
    guard !bytes.isEmpty else { return }
    errno = 0
    guard gzwrite(handle, bytes, UInt32(bytes.count)) == Int32(bytes.count) else {
      throw CSVError(.cannotWrite(reason: CompressedInput.systemReason()), file: path)
    }
  }

  /// Writes what is left and puts the file in its place, where it replaces an older one.
  mutating func finish() throws(CSVError) {
    guard let handle else { return }
    self.handle = nil
    errno = 0
    guard gzclose_w(handle) == Z_OK else {
      let reason = CompressedInput.systemReason()
      if path != "-" { unlink(partialPath) }
      throw CSVError(.cannotWrite(reason: reason), file: path)
    }
    guard path == "-" || rename(partialPath, path) == 0 else {
      let reason = CompressedInput.systemReason()
      unlink(partialPath)
      throw CSVError(.cannotWrite(reason: reason), file: path)
    }
  }
}
