// SPDX-License-Identifier: MIT
import Foundation

/// The control port of a simulator: one line of JSON in, one line out.
public struct ControlPort {
  private let port: Int

  /// The control port on the loopback.
  public init(port: Int) { self.port = port }

  /// Asks, and waits for the answer; the port may still be opening.
  public func ask(_ line: String, patienceSeconds: Double = 120) throws -> String {
    let deadline = ContinuousClock.now + .seconds(patienceSeconds)
    while true {
      if let answer = attempt(line) { return answer }
      guard ContinuousClock.now < deadline else { throw POSIXError(.ETIMEDOUT) }
      Thread.sleep(forTimeInterval: 0.05)
    }
  }

  private func attempt(_ line: String) -> String? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var patience = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    name.sin_port = UInt16(port).bigEndian
    let isConnected = withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isConnected else { return nil }
    let bytes = Array((line + "\n").utf8)
    guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
      return nil
    }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while answer.last != UInt8(ascii: "\n") {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      answer += buffer[..<count]
    }
    return String(decoding: answer, as: UTF8.self)
  }
}
