// SPDX-License-Identifier: MIT
import Foundation
import Synchronization

/// A UDP port of this machine: a thread that listens, and sending from anywhere.
final class DatagramSocket: Sendable {
  private let descriptor: Int32
  private let isClosed = Mutex(false)

  /// `nil` when the port is taken.
  init?(port: Int, receive: @escaping @Sendable (String) -> Void) {
    let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = in_port_t(UInt16(port).bigEndian)
    // A second of waiting lets the thread see that it is over.
    var patience = timeval(tv_sec: 1, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    let isBound = withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard descriptor >= 0, isBound else {
      if descriptor >= 0 { Glibc.close(descriptor) }
      return nil
    }
    self.descriptor = descriptor
    let thread = Thread { [weak self] in
      var buffer = [UInt8](repeating: 0, count: 4_096)
      while let self, !self.isClosed.withLock({ $0 }) {
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count > 0 { receive(String(decoding: buffer[..<count], as: UTF8.self)) }
      }
      Glibc.close(descriptor)
    }
    thread.name = "pems.udp"
    thread.start()
  }

  /// Sends one datagram to an IPv4 address or a name; what cannot be sent is gone, as with any.
  func send(_ text: String, to host: String, port: Int) {
    var hints = addrinfo()
    hints.ai_family = AF_INET
    hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, "\(port)", &hints, &found) == 0, let address = found else { return }
    defer { freeaddrinfo(found) }
    let bytes = Array(text.utf8)
    _ = sendto(
      descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), address.pointee.ai_addr,
      address.pointee.ai_addrlen)
  }

  /// Listens no more.
  func close() { isClosed.withLock { $0 = true } }
}
