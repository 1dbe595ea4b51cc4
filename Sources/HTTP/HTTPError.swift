// SPDX-License-Identifier: MIT

/// Why a request has no answer. No case carries a secret, a query or a password.
public enum HTTPError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The address cannot be understood, or is neither http nor https.
  case invalidAddress(String)
  /// The name of the host has no address.
  case hostNotFound(address: String)
  /// Nobody listens there, or the network does not lead there.
  case unreachable(address: String, reason: String)
  /// The time was up, or nothing came for too long.
  case timedOut(address: String, reason: String)
  /// No trust: certificate or handshake.
  case untrusted(address: String, reason: String)
  /// The connection broke inside the request or the answer.
  case interrupted(address: String, reason: String)
  /// The server answered with another status than 200…299; the text is the start of its body.
  case status(address: String, Int, message: String, retryAfterSeconds: Double?)
  /// The body is larger than the request's limit.
  case tooLarge(address: String, limitBytes: Int)
  /// The receiver of the body wanted no more.
  case stopped(address: String)
  /// The task was cancelled.
  case cancelled(address: String)

  /// Whether the same request may succeed later without anybody doing anything.
  public var isTransient: Bool {
    switch self {
    case .hostNotFound, .unreachable, .timedOut, .interrupted: true
    case .status(_, let code, _, _): code == 408 || code == 425 || code == 429 || code >= 500
    case .invalidAddress, .untrusted, .tooLarge, .stopped, .cancelled: false
    }
  }

  /// The status of the answer, where there was one.
  public var statusCode: Int? {
    if case .status(_, let code, _, _) = self { return code }
    return nil
  }

  /// What happened and what to do.
  public var description: String {
    switch self {
    case .invalidAddress(let address):
      "'\(address)' is not an http or https address: correct it in the configuration"
    case .hostNotFound(let address):
      "\(address): the host's name cannot be resolved: check the name and the network's DNS"
    case .unreachable(let address, let reason):
      "\(address): no connection (\(reason)): check that the service runs and the port is right"
    case .timedOut(let address, let reason): "\(address): no answer in time (\(reason))"
    case .untrusted(let address, let reason):
      "\(address): TLS failed (\(reason)): check the clock and the certificate, "
        + "or name the certificate authority's file"
    case .interrupted(let address, let reason):
      "\(address): the connection broke before the end (\(reason))"
    case .status(let address, let code, let message, _):
      "\(address): status \(code)\(Self.advice(code))"
        + (message.isEmpty ? "" : ": \(message)")
    case .tooLarge(let address, let limit):
      "\(address): the answer is larger than \(limit) bytes"
    case .stopped(let address): "\(address): the rest of the answer was not taken"
    case .cancelled(let address): "\(address): cancelled"
    }
  }

  private static func advice(_ code: Int) -> String {
    switch code {
    case 401: " (not logged in: check user, password or token)"
    case 403: " (no right to do this: check what the user or token may do)"
    case 404: " (not found: check the address)"
    case 429: " (asked too often)"
    case 500...: " (the server's own fault)"
    default: ""
    }
  }
}
