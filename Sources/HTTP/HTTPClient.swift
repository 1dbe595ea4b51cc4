// SPDX-License-Identifier: MIT

/// A client that keeps its connection open between requests and waits on a thread of its own.
///
/// Requests of one client run one after the other; use several clients for requests side by side.
public actor HTTPClient {
  private let executor: DedicatedExecutor
  private let connection: HTTPConnection

  /// The queue that the waiting happens on.
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// A client without a connection yet; `agent` is the `User-Agent` that it sends.
  public init(agent: String = HTTPConnection.defaultAgent) {
    executor = DedicatedExecutor(label: "pems.http")
    connection = HTTPConnection(agent: agent)
  }

  /// Sends a request and gives the whole answer.
  ///
  /// - Throws: every case but `stopped`; `status` for every answer outside 200…299.
  public func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
    try connection.send(request)
  }

  /// Sends a request and hands the body over as it comes; `false` ends the transfer.
  ///
  /// - Returns: status and headers, with an empty body.
  /// - Throws: every case; `stopped` when the receiver wanted no more.
  public func stream(
    _ request: HTTPRequest, receive: @Sendable (UnsafeRawBufferPointer) -> Bool
  ) throws(HTTPError) -> HTTPResponse {
    try connection.stream(request, receive: receive)
  }
}
