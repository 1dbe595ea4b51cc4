// SPDX-License-Identifier: MIT
import Foundation

/// Keeps a second `pems run` out of a state folder: two would command one house against each other.
///
/// The lock belongs to the process and goes with it, however it ends.
final class RunLock {
  /// The folder that is locked.
  let folder: String
  private let descriptor: Int32

  /// Takes the lock of a folder, which is made when it is not there. A folder that cannot be written has
  /// no lock: a full disk does not keep a house from being run.
  ///
  /// - Throws: when another process has it.
  init(folder: String) throws(CommandFailure) {
    self.folder = folder
    // What is wrong with the folder is told when the state is written.
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    descriptor = open(folder + "/run.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return }
    guard flock(descriptor, LOCK_EX | LOCK_NB) != 0 else {
      note(ProcessInfo.processInfo.processIdentifier)
      return
    }
    guard errno == EWOULDBLOCK else { return }
    let owner = noted
    close(descriptor)
    throw .failed(
      "another pems run" + (owner.map { " (process \($0))" } ?? "")
        + " works in \(folder); end it, "
        + "or give this one a control.state_folder of its own")
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Writes who has the lock, for the message to the next one.
  private func note(_ process: Int32) {
    let text = Array("\(process)\n".utf8)
    // Without the number the lock holds all the same.
    if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
  }

  private var noted: Int32? {
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return Int32(String(decoding: bytes.prefix(max(0, count)).prefix { $0 != 10 }, as: UTF8.self))
  }
}
