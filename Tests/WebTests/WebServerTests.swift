// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing

@testable import Web

@Suite("HTTP server", .serialized)
struct WebServerTests {
  private let port: Int
  private let server: WebServer

  init() throws {
    port = try ServerProcess.freePort()
    server = try WebServer(address: "127.0.0.1", port: port) { request in
      switch request.path {
      case "/health": WebResponse(body: Array("{}".utf8))
      case "/ill": WebResponse(503, body: Array("{\"problems\":1}".utf8))
      case "/long": WebResponse(type: "text/plain", body: [UInt8](repeating: 65, count: 100_000))
      default: WebResponse(404, body: [])
      }
    }
  }

  /// Says something over TCP and gives what comes until the other side is silent for a moment.
  private func say(_ text: String) throws -> String {
    let socket = try LoopbackClient(port: port)
    try socket.send(text)
    return socket.read()
  }

  private func get(_ path: String, method: String = "GET") throws -> String {
    try say("\(method) \(path) HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
  }

  @Test("answers with status, type, length and content, and forbids to keep it")
  func answers() throws {
    let text = try get("/health").lowercased()
    #expect(text.hasPrefix("http/1.1 200"))
    #expect(text.contains("content-type: application/json"))
    #expect(text.contains("content-length: 2\r\n"))
    #expect(text.contains("cache-control: no-store"))
    #expect(text.hasSuffix("\r\n\r\n{}"))
    #expect(try get("/ill").hasPrefix("HTTP/1.1 503"))
    #expect(try get("/nothing").hasPrefix("HTTP/1.1 404"))
    #expect(try get("/health?since=1").hasPrefix("HTTP/1.1 200"))
  }

  @Test("a long answer comes whole, the head alone comes without it")
  func long() throws {
    let text = try get("/long")
    #expect(text.hasSuffix(String(repeating: "A", count: 100_000)))
    let head = try get("/long", method: "HEAD")
    #expect(head.hasPrefix("HTTP/1.1 200") && head.hasSuffix("\r\n\r\n"))
  }

  @Test("only reading is allowed", arguments: ["POST", "PUT", "DELETE"])
  func readsOnly(method: String) throws {
    #expect(try get("/health", method: method).hasPrefix("HTTP/1.1 405"))
  }

  @Test("clients that are slow, talk nonsense or go away hold nobody up")
  func nonsense() throws {
    let silent = try (0..<20).map { _ in try LoopbackClient(port: port) }
    for (index, socket) in silent.enumerated() where index.isMultiple(of: 2) {
      try socket.send("GET /health HT")
    }
    for text in ["\u{0}\u{1}\u{2}\r\n\r\n", "GET\r\n\r\n", String(repeating: "x", count: 70_000)] {
      let socket = try LoopbackClient(port: port)
      try? socket.send(text)
    }
    #expect(try get("/health").hasPrefix("HTTP/1.1 200"))
    _ = silent
  }

  @Test("a taken port is an error with a word, and a stopped server leaves its port")
  func ports() throws {
    #expect(throws: WebServerError.cannotListen(address: "127.0.0.1", port: port)) {
      try WebServer(address: "127.0.0.1", port: port) { _ in WebResponse(body: []) }
    }
    server.stop()
    #expect(throws: (any Error).self) { try LoopbackClient(port: port) }
    let next = try WebServer(address: "127.0.0.1", port: port) { _ in WebResponse(204, body: []) }
    #expect(try get("/").hasPrefix("HTTP/1.1 204"))
    next.stop()
  }
}
