// SPDX-License-Identifier: MIT
internal import CCurl
import Foundation

/// What one transfer has brought so far; libcurl calls it from inside `curl_easy_perform`.
final class Transfer {
  /// How much of the body of a refusal is kept for the message.
  private static let keptOfRefusal = 600

  private let handle: UnsafeMutableRawPointer
  private let limit: Int
  private var receive: ((UnsafeRawBufferPointer) -> Bool)?
  private var received = 0
  private(set) var headers: [String: String] = [:]
  private(set) var refusal: [UInt8] = []
  private(set) var isTooLarge = false
  private(set) var isStopped = false

  init(
    handle: UnsafeMutableRawPointer, limit: Int,
    receive: @escaping (UnsafeRawBufferPointer) -> Bool
  ) {
    self.handle = handle
    self.limit = limit
    self.receive = receive
  }

  /// The transfer behind libcurl's user pointer.
  static func of(_ user: UnsafeMutableRawPointer?) -> Transfer? {
    user.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Lets go of the receiver, which must not outlive the call that lent it.
  func finish() { receive = nil }

  /// The status of the newest answer: of the last one where the server redirected.
  var status: Int { pems_curl_status(handle) }

  /// Takes a piece of the body; fewer bytes than given end the transfer.
  func body(_ bytes: UnsafePointer<CChar>?, count: Int) -> Int {
    let piece = UnsafeRawBufferPointer(start: bytes, count: count)
    guard (200..<300).contains(status) else {
      refusal.append(contentsOf: piece.prefix(max(0, Self.keptOfRefusal - refusal.count)))
      return count
    }
    received += count
    isTooLarge = received > limit
    guard !isTooLarge else { return 0 }
    isStopped = receive.map { !$0(piece) } ?? true
    return isStopped ? 0 : count
  }

  /// Takes one line above the body; a new status line forgets those of the answer before.
  func header(_ bytes: UnsafePointer<CChar>?, count: Int) -> Int {
    let line = String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
    if line.hasPrefix("HTTP/") {
      headers = [:]
    } else if let colon = line.firstIndex(of: ":") {
      headers[line[..<colon].lowercased()] =
        line[line.index(after: colon)...].trimmingCharacters(in: .whitespacesAndNewlines)
    }
    return count
  }
}
