// SPDX-License-Identifier: MIT

/// What somebody asks.
public struct WebRequest: Sendable, Hashable {
  /// `GET` or `HEAD`; others are refused before anybody is asked.
  public let method: String
  /// Without the question mark and what follows.
  public let path: String

  /// A request for a path.
  public init(method: String = "GET", path: String) {
    self.method = method
    self.path = path
  }
}

/// What is answered.
public struct WebResponse: Sendable, Hashable {
  /// 200, 404, 503 …
  public let status: Int
  /// The content type.
  public let type: String
  /// The content.
  public let body: [UInt8]

  /// An answer; JSON where nothing else is said.
  public init(_ status: Int = 200, type: String = "application/json", body: [UInt8]) {
    self.status = status
    self.type = type
    self.body = body
  }
}

/// Why there is no server.
public enum WebServerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The address and port cannot be listened on.
  case cannotListen(address: String, port: Int)
  /// The library gave nothing.
  case library

  /// What happened and what to do.
  public var description: String {
    switch self {
    case .cannotListen(let address, let port):
      "cannot listen on \(address):\(port); is the port taken, or below 1024?"
    case .library: "the HTTP library could not be started; is there memory left?"
    }
  }
}

/// A small HTTP server on a thread of its own: reads only, one answer a request, no bodies taken.
///
/// Whoever is slow, sends nonsense or goes away holds nobody else up; waiting is bounded by the library.
public final class WebServer: Sendable {
  private let loop: WebLoop

  /// Listens at once.
  ///
  /// - Parameters:
  ///   - address: an address of this machine; `0.0.0.0` for all.
  ///   - port: 1…65535.
  ///   - answer: called on the server's thread, so it must return at once.
  /// - Throws: ``WebServerError`` when the port is taken.
  public init(
    address: String, port: Int, answer: @escaping @Sendable (WebRequest) -> WebResponse
  ) throws(WebServerError) {
    loop = try WebLoop(address: address, port: port, answer: answer)
  }

  /// Ends all connections and the thread; returns when they are gone.
  public func stop() { loop.stop() }

  deinit { loop.stop() }
}
