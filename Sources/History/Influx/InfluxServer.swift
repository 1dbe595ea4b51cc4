// SPDX-License-Identifier: MIT
public import Configuration
import HTTP

/// Which InfluxDB, and who asks.
public struct InfluxServer: Sendable, Hashable {
  /// The generation of the server: they share InfluxQL queries and differ in writing and login.
  public typealias Generation = InfluxSettings.Generation
  /// Who asks: user and password in generation 1, a token in 2 and 3.
  public typealias Login = InfluxSettings.Login
  /// What queries are written in.
  public typealias Language = InfluxSettings.Language

  /// `http://host:8086`, without a path.
  public let address: String
  /// The generation.
  public let generation: Generation
  /// The database, or bucket in generation 2.
  public let database: String
  /// The retention policy of generation 1; the default one when `nil`.
  public let retentionPolicy: String?
  /// The organisation, needed by generation 2 for writing.
  public let organisation: String?
  /// What queries are written in.
  public let language: Language
  /// Who asks.
  public let login: Login
  /// A file with certificates that are trusted in place of the system's.
  public let certificateAuthorityFile: String?

  /// A server.
  public init(
    address: String, generation: Generation, database: String, retentionPolicy: String? = nil,
    organisation: String? = nil, language: Language = .influxQL, login: Login = .none,
    certificateAuthorityFile: String? = nil
  ) {
    self.address = address.hasSuffix("/") ? String(address.dropLast()) : address
    self.generation = generation
    self.database = database
    self.retentionPolicy = retentionPolicy
    self.organisation = organisation
    self.language = language
    self.login = login
    self.certificateAuthorityFile = certificateAuthorityFile
  }

  /// A query that answers in CSV, times in microseconds.
  func query(_ text: String, database: String? = nil) -> HTTPRequest {
    var words = [("db", database ?? self.database)]
    if let retentionPolicy { words.append(("rp", retentionPolicy)) }
    words += [("epoch", "u"), ("chunked", "true"), ("chunk_size", "20000"), ("q", text)]
    var request = HTTPRequest(
      address + "/query", query: words, headers: ["Accept": "application/csv"])
    request.limits.totalSeconds = nil
    request.limits.bodyBytes = .max
    // On the same machine compression costs more than it saves.
    request.acceptsCompression =
      !address.contains("//127.0.0.1") && !address.contains("//localhost")
    return signed(request)
  }

  /// A script in Flux that answers in CSV.
  func flux(_ script: String) -> HTTPRequest {
    var request = HTTPRequest(
      address + "/api/v2/query", method: .post, query: [("org", organisation ?? "")],
      headers: ["Accept": "application/csv", "Content-Type": "application/vnd.flux"],
      body: Array(script.utf8))
    request.limits.totalSeconds = nil
    request.limits.bodyBytes = .max
    return signed(request)
  }

  /// A write of line protocol, times in microseconds.
  func write(_ lines: [UInt8]) -> HTTPRequest {
    let headers = ["Content-Type": "text/plain; charset=utf-8"]
    var words: [(name: String, value: String)]
    let path: String
    switch generation {
    case .one:
      path = "/write"
      words = [("db", database), ("precision", "u")]
      if let retentionPolicy { words.append(("rp", retentionPolicy)) }
    case .two, .three:
      path = "/api/v2/write"
      words = [("bucket", database), ("precision", "us"), ("org", organisation ?? "")]
    }
    return signed(
      HTTPRequest(
        address + path, method: .post, query: words, headers: headers, body: lines))
  }

  private func signed(_ request: HTTPRequest) -> HTTPRequest {
    var request = request
    request.certificateAuthorityFile = certificateAuthorityFile
    switch login {
    case .none: break
    case .user(let name, let password):
      request.authorization = .basic(user: name, password: password)
    case .token(let token):
      request.authorization = .token(
        scheme: generation == .three ? "Bearer" : "Token", token)
    }
    return request
  }
}
