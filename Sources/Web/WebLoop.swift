// SPDX-License-Identifier: MIT
internal import CWebSockets
import Foundation
import Synchronization

/// libwebsockets and its thread.
///
/// Unchecked: while the service thread runs, everything but `isEnding` is used by it alone; another thread
/// calls `lws_cancel_service`, which the library allows, and frees all after the thread has ended.
final class WebLoop: @unchecked Sendable {
  private struct Answer {
    let response: WebResponse
    var sent = 0
    var hasHead = false
  }

  private let isEnding = Atomic(false)
  private let ended = DispatchGroup()
  private let answer: @Sendable (WebRequest) -> WebResponse
  private var context: OpaquePointer?
  private var answers: [OpaquePointer: Answer] = [:]
  private var name: UnsafeMutablePointer<CChar>?
  private var address: UnsafeMutablePointer<CChar>?
  private var protocols: UnsafeMutablePointer<lws_protocols>?
  private var buffer = [UInt8](repeating: 0, count: WebLoop.bufferSize)

  private static let bufferSize = 16_384
  /// Seconds until a silent client is dropped.
  private static let patience: UInt32 = 10
  private static let mostHeaders: UInt16 = 64

  init(
    address: String, port: Int, answer: @escaping @Sendable (WebRequest) -> WebResponse
  ) throws(WebServerError) {
    self.answer = answer
    lws_set_log_level(0, nil)  // failures come back as values
    name = strdup("http")
    self.address = address == "0.0.0.0" ? nil : strdup(address)
    let table = UnsafeMutablePointer<lws_protocols>.allocate(capacity: 2)
    table.initialize(repeating: lws_protocols(), count: 2)
    table[0].name = UnsafePointer(name)
    table[0].callback = { connection, reason, _, _, _ in
      guard let connection, let context = lws_get_context(connection),
        let user = lws_context_user(context)
      else { return 0 }
      return Unmanaged<WebLoop>.fromOpaque(user).takeUnretainedValue().serve(connection, reason)
    }
    protocols = table
    guard listen(port: port) else {
      release()
      throw .cannotListen(address: address, port: port)
    }
    run()
  }

  private func listen(port: Int) -> Bool {
    var settings = lws_context_creation_info()
    settings.protocols = UnsafePointer(protocols)
    settings.user = Unmanaged.passUnretained(self).toOpaque()
    settings.options = web_explicit_hosts | web_fail_bind
    settings.max_http_header_pool = Self.mostHeaders
    settings.timeout_secs = Self.patience
    settings.timeout_secs_ah_idle = Self.patience
    context = lws_create_context(&settings)
    guard let context else { return false }
    settings.options = web_fail_bind
    settings.port = Int32(port)
    settings.iface = UnsafePointer(address)
    settings.vhost_name = UnsafePointer(name)
    settings.keepalive_timeout = Int32(Self.patience)
    return lws_create_vhost(context, &settings) != nil
  }

  private func run() {
    ended.enter()
    let thread = Thread { [self] in
      while !isEnding.load(ordering: .acquiring), let context, lws_service(context, 0) >= 0 {}
      ended.leave()
    }
    thread.name = "pems.web"
    thread.start()
  }

  /// Frees what C holds; every connection is closed by it.
  private func release() {
    if let context { lws_context_destroy(context) }
    context = nil
    protocols?.deallocate()
    protocols = nil
    free(name)
    free(address)
    (name, address) = (nil, nil)
  }

  func stop() {
    guard !isEnding.exchange(true, ordering: .acquiringAndReleasing) else { return }
    if let context { lws_cancel_service(context) }
    ended.wait()
    release()
  }

  // MARK: the service thread

  private func serve(_ connection: OpaquePointer, _ reason: lws_callback_reasons) -> Int32 {
    switch reason {
    case LWS_CALLBACK_HTTP:
      answers[connection] = Answer(response: response(to: connection))
      lws_callback_on_writable(connection)
      return 0
    case LWS_CALLBACK_HTTP_WRITEABLE: return write(connection)
    case LWS_CALLBACK_CLOSED_HTTP, LWS_CALLBACK_WSI_DESTROY:
      answers[connection] = nil
      return 0
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION: return 1  // no web sockets yet
    default: return 0
    }
  }

  private func response(to connection: OpaquePointer) -> WebResponse {
    var path: UnsafeMutablePointer<CChar>?
    var length: Int32 = 0
    let method = Int(lws_http_get_uri_and_method(connection, &path, &length))
    let text = path.map {
      String(decoding: UnsafeRawBufferPointer(start: $0, count: Int(length)), as: UTF8.self)
    }
    guard let text, method == Int(LWSHUMETH_GET) || method == Int(LWSHUMETH_HEAD) else {
      return WebResponse(405, body: Array("{\"error\":\"only GET\"}".utf8))
    }
    let request = WebRequest(method: method == Int(LWSHUMETH_HEAD) ? "HEAD" : "GET", path: text)
    let full = answer(request)
    return request.method == "HEAD" ? WebResponse(full.status, type: full.type, body: []) : full
  }

  /// Writes what is due; the library asks again until it is told that the answer is whole.
  private func write(_ connection: OpaquePointer) -> Int32 {
    guard var answer = answers[connection] else { return 0 }
    if !answer.hasHead {
      guard writeHead(connection, answer.response) else { return -1 }
      answer.hasHead = true
      answers[connection] = answer
      guard !answer.response.body.isEmpty else { return complete(connection) }
      lws_callback_on_writable(connection)
      return 0
    }
    let body = answer.response.body
    let end = min(body.count, answer.sent + Self.bufferSize - web_headroom)
    let isLast = end == body.count
    let written = buffer.withUnsafeMutableBufferPointer { buffer -> Int32 in
      guard let base = buffer.baseAddress else { return -1 }
      _ = buffer[web_headroom...].update(fromContentsOf: body[answer.sent..<end])
      return lws_write(
        connection, base + web_headroom, end - answer.sent,
        isLast ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP)
    }
    guard written >= 0 else { return -1 }
    answer.sent = end
    answers[connection] = answer
    guard !isLast else { return complete(connection) }
    lws_callback_on_writable(connection)
    return 0
  }

  private func complete(_ connection: OpaquePointer) -> Int32 {
    answers[connection] = nil
    return lws_http_transaction_completed(connection) != 0 ? -1 : 0
  }

  private func writeHead(_ connection: OpaquePointer, _ response: WebResponse) -> Bool {
    buffer.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return false }
      let start = base + web_headroom
      let end = base + buffer.count - 1
      var place: UnsafeMutablePointer<UInt8>? = start
      guard
        lws_add_http_common_headers(
          connection, UInt32(response.status), response.type, UInt64(response.body.count), &place,
          end) == 0
      else { return false }
      let name = Array("cache-control:".utf8) + [0]
      let value = "no-store"
      guard
        lws_add_http_header_by_name(
          connection, name, value, Int32(value.utf8.count), &place, end) == 0
      else { return false }
      return lws_finalize_write_http_header(connection, start, &place, end) == 0
    }
  }
}
