// SPDX-License-Identifier: MIT
import Foundation
import Synchronization

/// A server on a free port of the loopback that answers every request with bytes the test spells.
public final class LoopbackServer: Sendable {
  /// What one request brought.
  public struct Request: Sendable {
    /// The first line and the headers.
    public let head: String
    /// What followed.
    public let body: [UInt8]
  }

  /// One thing the server does with a connection.
  public enum Action: Sendable {
    /// Sends bytes as they are.
    case send([UInt8])
    /// Waits.
    case wait(milliseconds: Int)
    /// Waits until the test has seen what came before.
    case hold(until: @Sendable () -> Bool)
    /// Ends the connection; otherwise it stays open for the next request.
    case close
  }

  /// The port it listens on.
  public let port: Int
  private let listener: Int32
  private let state = Mutex(
    (connections: 0, requests: [Request](), isStopped: false))

  /// How many connections were made.
  public var connectionCount: Int { state.withLock { $0.connections } }
  /// All requests so far.
  public var requests: [Request] { state.withLock { $0.requests } }
  /// `http://127.0.0.1:PORT`.
  public var address: String { "http://127.0.0.1:\(port)" }

  /// A whole answer with a length.
  public static func answer(
    _ body: String, status: String = "200 OK", headers: [String] = []
  ) -> [Action] {
    let head = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers
    return [.send(Array((head.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8))]
  }

  /// Listens at once; `respond` is asked once a request with its position, from 0.
  public init(respond: @escaping @Sendable (Int, Request) -> [Action]) throws {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = listener
    let isListening = withUnsafeMutablePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 64) == 0
          && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isListening else { throw POSIXError(.EADDRINUSE) }
    port = Int(UInt16(bigEndian: name.sin_port))
    Thread.detachNewThread { [weak self] in
      while true {
        let connection = accept(descriptor, nil, nil)
        guard connection >= 0, let self else {
          if connection >= 0 { close(connection) }
          close(descriptor)  // here and not in stop(): its number may be somebody else's by then
          return
        }
        self.state.withLock { $0.connections += 1 }
        Thread.detachNewThread { [weak self] in self?.serve(connection, respond) }
      }
    }
  }

  deinit { stop() }

  /// Listens no more.
  public func stop() {
    let isFirst = state.withLock { state in
      defer { state.isStopped = true }
      return !state.isStopped
    }
    if isFirst { shutdown(listener, Int32(SHUT_RDWR)) }
  }

  private func serve(_ connection: Int32, _ respond: (Int, Request) -> [Action]) {
    defer { close(connection) }
    var pending: [UInt8] = []
    while let request = Self.next(connection, &pending) {
      let position = state.withLock { state in
        state.requests.append(request)
        return state.requests.count - 1
      }
      for action in respond(position, request) {
        switch action {
        case .send(let bytes):
          guard send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) >= 0 else {
            return
          }
        case .wait(let milliseconds): Thread.sleep(forTimeInterval: Double(milliseconds) / 1_000)
        case .hold(let isSeen):
          for _ in 0..<60_000 where !isSeen() { Thread.sleep(forTimeInterval: 0.001) }
        case .close: return
        }
      }
    }
  }

  private static func next(_ connection: Int32, _ pending: inout [UInt8]) -> Request? {
    let end = Array("\r\n\r\n".utf8)
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      if let split = pending.firstRange(of: end) {
        let head = String(decoding: pending[..<split.lowerBound], as: UTF8.self)
        let length =
          head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
          .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
        if pending.count >= split.upperBound + length {
          let body = Array(pending[split.upperBound..<split.upperBound + length])
          pending.removeFirst(split.upperBound + length)
          return Request(head: head, body: body)
        }
      }
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      pending += buffer[..<count]
    }
  }
}
