// SPDX-License-Identifier: MIT
import Foundation

/// Tells systemd how the service is; nothing where systemd did not start it.
enum SystemdNotice {
  /// Sends a state such as `READY=1` or `WATCHDOG=1` to the socket in NOTIFY_SOCKET.
  static func send(_ state: String) {
    guard let path = ProcessInfo.processInfo.environment["NOTIFY_SOCKET"], !path.isEmpty else {
      return
    }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    // '@' stands for the zero byte of an abstract name.
    var bytes = Array(path.utf8).map { CChar(bitPattern: $0) }
    if path.hasPrefix("@") { bytes[0] = 0 }
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
    withUnsafeMutableBytes(of: &address.sun_path) { target in
      bytes.withUnsafeBytes { target.copyMemory(from: $0) }
    }
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
    let message = Array(state.utf8)
    // A system manager that does not listen must not hold the safety loop up.
    let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
    _ = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(descriptor, message, message.count, flags, $0, length)
      }
    }
  }
}
