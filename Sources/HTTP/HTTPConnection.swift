// SPDX-License-Identifier: MIT
internal import CCurl
import Foundation

/// One libcurl handle with the connections it keeps open. Calls block: use it from one thread at a
/// time, and never from Swift's shared pool (`HTTPClient` has a thread of its own).
public final class HTTPConnection {
  /// What servers see as the name of the program.
  public static let defaultAgent = "pems/0.1 (home energy manager)"

  private static let library: CURLcode = curl_global_init(Int(CURL_GLOBAL_DEFAULT))
  private let handle: UnsafeMutableRawPointer?
  private let agent: String
  private var reason = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))

  /// A handle without a connection yet.
  public init(agent: String = defaultAgent) {
    handle = Self.library == CURLE_OK ? curl_easy_init() : nil
    self.agent = agent
  }

  deinit { curl_easy_cleanup(handle) }

  /// Sends a request and gives the whole answer.
  ///
  /// - Throws: every case but `stopped`; `status` for every answer outside 200…299.
  public func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
    var body: [UInt8] = []
    let head = try stream(request) { bytes in
      body.append(contentsOf: bytes)
      return true
    }
    return HTTPResponse(status: head.status, headers: head.headers, body: body)
  }

  /// Sends a request and hands the body over as it comes, in pieces of at most 16 KiB before
  /// decompression; `false` ends the transfer.
  ///
  /// - Returns: status and headers, with an empty body.
  /// - Throws: every case; `stopped` when the receiver wanted no more.
  public func stream(
    _ request: HTTPRequest, receive: (UnsafeRawBufferPointer) -> Bool
  ) throws(HTTPError) -> HTTPResponse {
    guard let handle else {
      throw .unreachable(address: request.shownAddress, reason: "libcurl cannot start")
    }
    curl_easy_reset(handle)  // keeps open connections, names and TLS sessions
    let lines = configure(handle, for: request)
    defer { curl_slist_free_all(lines) }
    let (code, transfer) = withoutActuallyEscaping(receive) { receive in
      let transfer = Transfer(
        handle: handle, limit: request.limits.bodyBytes, receive: receive)
      defer { transfer.finish() }
      return (perform(handle, transfer, request), transfer)
    }
    if let failure = failure(code, transfer, request) { throw failure }
    return HTTPResponse(status: transfer.status, headers: transfer.headers, body: [])
  }

  private func configure(
    _ handle: UnsafeMutableRawPointer, for request: HTTPRequest
  ) -> UnsafeMutablePointer<curl_slist>? {
    pems_curl_set_text(handle, CURLOPT_URL, request.address)
    pems_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    pems_curl_set_text(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
    pems_curl_set_number(handle, CURLOPT_FOLLOWLOCATION, request.method == .get ? 1 : 0)
    pems_curl_set_number(handle, CURLOPT_MAXREDIRS, 3)
    pems_curl_set_number(handle, CURLOPT_NOSIGNAL, 1)
    pems_curl_set_text(handle, CURLOPT_USERAGENT, agent)
    pems_curl_set_text(handle, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
    if request.acceptsCompression { pems_curl_set_text(handle, CURLOPT_ACCEPT_ENCODING, "") }
    if let file = request.certificateAuthorityFile {
      pems_curl_set_text(handle, CURLOPT_CAINFO, file)
    }
    configure(handle, limits: request.limits)
    var headers = request.headers
    switch request.authorization {
    case .none: break
    case .basic(let user, let password):
      pems_curl_set_text(handle, CURLOPT_USERNAME, user)
      pems_curl_set_text(handle, CURLOPT_PASSWORD, password.revealed)
    case .token(let scheme, let token): headers["Authorization"] = scheme + " " + token.revealed
    }
    // Without "Expect:" curl waits a second for a server that does not answer "100 Continue".
    var lines = curl_slist_append(nil, "Expect:")
    for (name, value) in headers where !(name + value).contains(where: \.isNewline) {
      lines = curl_slist_append(lines, "\(name): \(value)")
    }
    pems_curl_set_pointer(handle, CURLOPT_HTTPHEADER, lines)
    return lines
  }

  private func configure(_ handle: UnsafeMutableRawPointer, limits: HTTPRequest.Limits) {
    let total = limits.totalSeconds ?? 0  // curl's word for no limit
    pems_curl_set_number(
      handle, CURLOPT_CONNECTTIMEOUT_MS, Int(limits.connectSeconds * 1_000))
    pems_curl_set_number(handle, CURLOPT_TIMEOUT_MS, Int(total * 1_000))
    pems_curl_set_number(handle, CURLOPT_LOW_SPEED_LIMIT, 1)
    pems_curl_set_number(handle, CURLOPT_LOW_SPEED_TIME, limits.silentSeconds)
  }

  private func perform(
    _ handle: UnsafeMutableRawPointer, _ transfer: Transfer, _ request: HTTPRequest
  ) -> CURLcode {
    let user = Unmanaged.passUnretained(transfer).toOpaque()
    pems_curl_set_body_receiver(
      handle, { Transfer.of($3)?.body($0, count: $1 * $2) ?? 0 }, user)
    pems_curl_set_header_receiver(
      handle, { Transfer.of($3)?.header($0, count: $1 * $2) ?? 0 }, user)
    pems_curl_set_progress(handle, { _, _, _, _, _ in Task.isCancelled ? 1 : 0 }, nil)
    return withExtendedLifetime(transfer) {
      reason.withUnsafeMutableBufferPointer { text in
        text[0] = 0
        pems_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, text.baseAddress)
        return request.body.withUnsafeBytes { body in
          if request.method == .post {
            pems_curl_set_body(
              handle, body.baseAddress ?? UnsafeRawPointer(user), curl_off_t(body.count))
          }
          return curl_easy_perform(handle)
        }
      }
    }
  }

  private func failure(
    _ code: CURLcode, _ transfer: Transfer, _ request: HTTPRequest
  ) -> HTTPError? {
    let address = request.shownAddress
    let told = String(
      decoding: reason.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let text = request.withoutSecrets(
      told.isEmpty ? String(cString: curl_easy_strerror(code)) : told)
    switch code {
    case CURLE_OK: break
    case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: return .invalidAddress(address)
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
      return .hostNotFound(address: address)
    case CURLE_COULDNT_CONNECT: return .unreachable(address: address, reason: text)
    case CURLE_OPERATION_TIMEDOUT: return .timedOut(address: address, reason: text)
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
      CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR:
      return .untrusted(address: address, reason: text)
    case CURLE_ABORTED_BY_CALLBACK: return .cancelled(address: address)
    case CURLE_WRITE_ERROR where transfer.isTooLarge:
      return .tooLarge(address: address, limitBytes: request.limits.bodyBytes)
    case CURLE_WRITE_ERROR where transfer.isStopped: return .stopped(address: address)
    default: return .interrupted(address: address, reason: text)
    }
    guard !(200..<300).contains(transfer.status) else { return nil }
    let message = String(decoding: transfer.refusal, as: UTF8.self)
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return .status(
      address: address, transfer.status, message: request.withoutSecrets(message),
      retryAfterSeconds: transfer.headers["retry-after"].flatMap(Double.init))
  }
}
