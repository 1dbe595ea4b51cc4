// SPDX-License-Identifier: MIT
import Foundation

/// What is asked of a server.
public struct HTTPRequest: Sendable, Hashable {
  /// The verb.
  public enum Method: String, Sendable, Hashable {
    /// Reads.
    case get = "GET"
    /// Sends a body.
    case post = "POST"
  }

  /// How the server shall know who asks.
  public enum Authorization: Sendable, Hashable {
    /// It need not know.
    case none
    /// User and password, RFC 7617.
    case basic(user: String, password: Secret)
    /// `Authorization: SCHEME TOKEN`, for example `Bearer` or `Token`.
    case token(scheme: String, Secret)
  }

  /// How long and how much.
  public struct Limits: Sendable, Hashable {
    /// Seconds until the connection stands, TLS included.
    public var connectSeconds: Double
    /// Seconds for everything; `nil` for a stream that may last.
    public var totalSeconds: Double?
    /// Seconds during which nothing at all may come before the transfer counts as dead.
    public var silentSeconds: Int
    /// The largest body, after decompression, that is taken.
    public var bodyBytes: Int

    /// Limits that suit an answer of a weather or price service.
    public init(
      connectSeconds: Double = 5, totalSeconds: Double? = 30, silentSeconds: Int = 20,
      bodyBytes: Int = 16 << 20
    ) {
      self.connectSeconds = connectSeconds
      self.totalSeconds = totalSeconds
      self.silentSeconds = silentSeconds
      self.bodyBytes = bodyBytes
    }
  }

  /// The verb.
  public let method: Method
  /// The whole address with its query.
  public let address: String
  /// Lines above the body, by their names.
  public var headers: [String: String]
  /// The body of a `post`.
  public var body: [UInt8]
  /// Who asks.
  public var authorization: Authorization
  /// How long and how much.
  public var limits: Limits
  /// Whether the answer may come compressed.
  public var acceptsCompression: Bool
  /// A file with the certificates that are trusted in place of the system's.
  public var certificateAuthorityFile: String?
  /// Secrets inside the address, headers or body, which no message may show.
  public var secrets: [Secret]

  /// A request to `base`, with the words of the query added to it.
  public init(
    _ base: String, method: Method = .get, query: [(name: String, value: String)] = [],
    headers: [String: String] = [:], body: [UInt8] = [], secrets: [Secret] = []
  ) {
    self.method = method
    let separator = base.contains("?") ? "&" : "?"
    address = query.isEmpty ? base : base + separator + PercentEncoding.query(query)
    self.headers = headers
    self.body = body
    self.secrets = secrets
    authorization = .none
    limits = Limits()
    acceptsCompression = true
  }

  /// The address as a message may show it: without query, user and secrets.
  public var shownAddress: String {
    var text = String(address.prefix { $0 != "?" })
    if let at = text.firstIndex(of: "@"), let scheme = text.range(of: "://"), scheme.upperBound < at
    {
      text.removeSubrange(scheme.upperBound...at)
    }
    return withoutSecrets(text)
  }

  /// A text of the server without the secrets of the request.
  func withoutSecrets(_ text: String) -> String {
    var known = secrets
    switch authorization {
    case .none: break
    case .basic(_, let password): known.append(password)
    case .token(_, let token): known.append(token)
    }
    return known.reduce(text) { $1.removed(from: $0) }
  }
}

/// What a server answered.
public struct HTTPResponse: Sendable, Hashable {
  /// 200…299; others are thrown.
  public let status: Int
  /// Lines above the body by their names in lower case; the last one counts.
  public let headers: [String: String]
  /// The body, decompressed.
  public let body: [UInt8]

  /// The media type without its parameters, in lower case, for example `application/json`.
  public var mediaType: String? {
    headers["content-type"]?.split(separator: ";").first.map {
      $0.trimmingCharacters(in: .whitespaces).lowercased()
    }
  }

  /// An answer.
  public init(status: Int, headers: [String: String], body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}
