// SPDX-License-Identifier: MIT
import Foundation
import HTTP
import Synchronization
import TestSupport
import Testing

@Suite("HTTP client")
struct HTTPClientTests {
  private func failure(
    _ request: HTTPRequest, _ client: HTTPClient = HTTPClient()
  ) async -> HTTPError? {
    do throws(HTTPError) {
      _ = try await client.send(request)
      return nil
    } catch { return error }
  }

  @Test("gives status, headers in lower case and body of an answer")
  func givesAnswer() async throws {
    let server = try LoopbackServer { _, _ in
      LoopbackServer.answer("{}", headers: ["Content-Type: Application/JSON; charset=utf-8"])
    }
    let answer = try await HTTPClient().send(HTTPRequest(server.address + "/a?b=c"))
    #expect(answer.status == 200)
    #expect(answer.mediaType == "application/json")
    #expect(answer.body == Array("{}".utf8))
    #expect(server.requests[0].head.hasPrefix("GET /a?b=c HTTP/1.1"))
  }

  @Test("sends a body and the words of a query percent-encoded")
  func sendsBody() async throws {
    let server = try LoopbackServer { _, _ in LoopbackServer.answer("") }
    let request = HTTPRequest(
      server.address, method: .post, query: [("q", "a b&c=ž"), ("db", "x")],
      body: Array("1 2\n3".utf8))
    _ = try await HTTPClient().send(request)
    #expect(server.requests[0].head.hasPrefix("POST /?q=a%20b%26c%3D%C5%BE&db=x HTTP/1.1"))
    #expect(server.requests[0].body == Array("1 2\n3".utf8))
  }

  /// On the client's own thread: between two awaits a busy test run may let the connection grow too old.
  private func sendFour(_ client: isolated HTTPClient, to address: String) throws {
    for _ in 0..<4 { _ = try client.send(HTTPRequest(address)) }
  }

  @Test("sends all requests over one connection")
  func reusesConnection() async throws {
    let server = try LoopbackServer { _, _ in LoopbackServer.answer("ok") }
    try await sendFour(HTTPClient(), to: server.address)
    #expect(server.requests.count == 4)
    #expect(server.connectionCount == 1)
  }

  @Test("hands a body over in pieces as it comes")
  func streams() async throws {
    let pieces = Mutex<[String]>([])
    let server = try LoopbackServer { _, _ in
      [
        .send(Array("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc".utf8)),
        .hold(until: { pieces.withLock { !$0.isEmpty } }), .send(Array("def".utf8)),
      ]
    }
    _ = try await HTTPClient().stream(HTTPRequest(server.address)) { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      pieces.withLock { $0.append(text) }
      return true
    }
    #expect(pieces.withLock { $0 } == ["abc", "def"])
  }

  @Test("stops a stream that its receiver does not want")
  func stops() async throws {
    let server = try LoopbackServer { _, _ in LoopbackServer.answer("abc") }
    await #expect(throws: HTTPError.stopped(address: server.address)) {
      _ = try await HTTPClient().stream(HTTPRequest(server.address)) { _ in false }
    }
  }

  @Test("tells the refusal of a server with its message and when to come back")
  func tellsStatus() async throws {
    let server = try LoopbackServer { _, _ in
      LoopbackServer.answer("slow\n down", status: "429 Too Many", headers: ["Retry-After: 17"])
    }
    let error = await failure(HTTPRequest(server.address))
    #expect(
      error
        == .status(address: server.address, 429, message: "slow down", retryAfterSeconds: 17))
    #expect(error?.isTransient == true)
  }

  @Test(
    "an error of the caller is not transient, one of the server is",
    arguments: [
      (400, false), (401, false), (404, false), (408, true), (429, true), (500, true), (503, true),
    ])
  func tellsTransience(status: Int, isTransient: Bool) async throws {
    let server = try LoopbackServer { _, _ in LoopbackServer.answer("", status: "\(status) X") }
    #expect(await failure(HTTPRequest(server.address))?.isTransient == isTransient)
  }

  @Test("tells a refused connection")
  func tellsRefused() async throws {
    let port = try ServerProcess.freePort()
    guard case .unreachable = await failure(HTTPRequest("http://127.0.0.1:\(port)/")) else {
      Issue.record("expected unreachable")
      return
    }
  }

  @Test("tells a name without an address")
  func tellsUnknownHost() async throws {
    let error = await failure(HTTPRequest("http://no-such-host.invalid/x"))
    #expect(error == .hostNotFound(address: "http://no-such-host.invalid/x"))
  }

  @Test(
    "refuses other schemes than http and https", arguments: ["file:///etc/passwd", "ftp://x/y"])
  func refusesSchemes(address: String) async throws {
    #expect(await failure(HTTPRequest(address)) == .invalidAddress(address))
  }

  @Test("gives up when the whole answer takes too long")
  func timesOut() async throws {
    let server = try LoopbackServer { _, _ in [.wait(milliseconds: 2_000)] }
    var request = HTTPRequest(server.address)
    request.limits.totalSeconds = 0.2
    guard case .timedOut = await failure(request) else {
      Issue.record("expected a time-out")
      return
    }
  }

  @Test("tells an answer that is shorter than announced")
  func tellsTruncation() async throws {
    let server = try LoopbackServer { _, _ in
      [.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":".utf8)), .close]
    }
    guard case .interrupted = await failure(HTTPRequest(server.address)) else {
      Issue.record("expected an interruption")
      return
    }
  }

  @Test("takes no more than its limit")
  func limitsSize() async throws {
    let server = try LoopbackServer { _, _ in
      LoopbackServer.answer(String(repeating: "x", count: 5_000))
    }
    var request = HTTPRequest(server.address)
    request.limits.bodyBytes = 4_999
    #expect(await failure(request) == .tooLarge(address: server.address, limitBytes: 4_999))
    request.limits.bodyBytes = 5_000
    #expect(await failure(request) == nil)
  }

  @Test("a cancelled task ends its transfer")
  func cancels() async throws {
    let server = try LoopbackServer { _, _ in [.wait(milliseconds: 5_000)] }
    let task = Task { await failure(HTTPRequest(server.address)) }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    #expect(await task.value == .cancelled(address: server.address))
  }

  @Test("waiting requests do not hold up other tasks")
  func doesNotBlockThePool() async throws {
    let server = try LoopbackServer { _, _ in
      [.wait(milliseconds: 600)] + LoopbackServer.answer("")
    }
    let waiting = (0..<8).map { _ in Task { await failure(HTTPRequest(server.address)) } }
    for _ in 0..<5 { try await Task.sleep(for: .milliseconds(10)) }
    for task in waiting { #expect(await task.value == nil) }
  }

  @Test("shows no secret: neither address nor the server's echo of it")
  func hidesSecrets() async throws {
    let token = "s3cr/et token"
    let server = try LoopbackServer { _, _ in
      LoopbackServer.answer("bad token s3cr/et token or s3cr%2Fet%20token", status: "401 No")
    }
    var request = HTTPRequest(
      server.address + "/key/" + PercentEncoding.encode(token), query: [("appid", token)],
      secrets: [Secret(token)])
    request.authorization = .token(scheme: "Bearer", Secret(token))
    let error = try #require(await failure(request))
    let shown = "\(error) " + String(reflecting: error)
    #expect(!shown.contains("s3cr"))
    #expect(shown.contains("‹secret›"))
    #expect(server.requests[0].head.contains("Authorization: Bearer s3cr/et token"))
    var dumped = ""
    dump(request.secrets, to: &dumped)
    #expect(!dumped.contains("s3cr"))
  }

  @Test("logs in with user and password")
  func logsIn() async throws {
    let server = try LoopbackServer { _, _ in LoopbackServer.answer("") }
    var request = HTTPRequest(server.address)
    request.authorization = .basic(user: "me", password: Secret("pass"))
    _ = try await HTTPClient().send(request)
    // base64("me:pass")
    #expect(server.requests[0].head.contains("Authorization: Basic bWU6cGFzcw=="))
  }
}
