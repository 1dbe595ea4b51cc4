// SPDX-License-Identifier: MIT
import Foundation

/// A certificate for `localhost` that signs itself.
public struct TestCertificate {
  /// Whether what makes it and what uses it is installed.
  public static let isAvailable =
    ServerProcess.has("openssl") && ServerProcess.has("mosquitto_passwd")
  /// What a skipped test says.
  public static let missing = "skipped: openssl or mosquitto_passwd is not installed"

  /// The certificate, which is its own authority.
  public let file: String
  /// Its key.
  public let keyFile: String
  private let folder: TemporaryFolder

  /// A new one for two days.
  public init() throws {
    folder = try TemporaryFolder()
    (file, keyFile) = (folder.path("certificate.pem"), folder.path("key.pem"))
    try ServerProcess.run(
      "openssl",
      [
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
        "-addext", "subjectAltName=DNS:localhost", "-keyout", keyFile, "-out", file,
      ])
  }
}
