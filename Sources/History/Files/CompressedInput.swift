// SPDX-License-Identifier: MIT
internal import CZlib
import Foundation

/// The bytes of a file in pieces, decompressed when the file is gzip and as they are otherwise.
struct CompressedInput: ~Copyable {
  private let handle: gzFile
  private let path: String
  /// The size of the file on disk; 0 where it is not known, as for standard input.
  let fileSize: Int

  /// Opens a file; `-` is standard input.
  init(path: String) throws(CSVError) {
    errno = 0
    let isStandardInput = path == "-"
    let handle = isStandardInput ? gzdopen(dup(STDIN_FILENO), "rb") : gzopen(path, "rb")
    guard let handle else {
      throw CSVError(.cannotOpen(reason: Self.systemReason()), file: path)
    }
    gzbuffer(handle, 256 * 1_024)
    self.handle = handle
    self.path = path
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    fileSize = isStandardInput ? 0 : (attributes?[.size] as? Int ?? 0)
  }

  deinit { gzclose_r(handle) }

  /// How many bytes of the file on disk are behind.
  var position: Int { Int(gzoffset(handle)) }

  /// The next piece, at most `limit` bytes; empty at the end.
  func read(limit: Int) throws(CSVError) -> [UInt8] {
    errno = 0
    var count: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, filled in
      count = gzread(handle, buffer.baseAddress, UInt32(limit))
      filled = max(0, Int(count))
    }
    if count < limit { try checkStatus() }
    return bytes
  }

  private func checkStatus() throws(CSVError) {
    var status: Int32 = 0
    let message = gzerror(handle, &status)
    switch status {
    case Z_OK, Z_STREAM_END: return
    case Z_ERRNO: throw CSVError(.cannotOpen(reason: Self.systemReason()), file: path)
    default:
      var reason = message.map { String(cString: $0) } ?? "code \(status)"
      if reason.hasPrefix(path + ": ") { reason.removeFirst(path.count + 2) }
      throw CSVError(.damaged(reason: reason), file: path)
    }
  }

  static func systemReason() -> String {
    errno == 0 ? "out of memory" : String(cString: strerror(errno)).lowercased()
  }
}
