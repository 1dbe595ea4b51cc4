// SPDX-License-Identifier: MIT

/// Where the HTTP server of a running pems listens.
public struct WebSettings: Sendable, Hashable {
  /// An address of this machine; this machine only by default.
  public var address = "127.0.0.1"
  /// 1…65535.
  public var port = WebSettings.usualPort

  /// The port where nothing else is said.
  public static let usualPort = 8_477

  /// This machine only, on the usual port.
  public init() {}
}
