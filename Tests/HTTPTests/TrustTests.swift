// SPDX-License-Identifier: MIT
import Foundation
import HTTP
import TestSupport
import Testing

@Suite("TLS and secrets")
struct TrustTests {
  @Test(
    "trusts a certificate only when its authority is named",
    .enabled(if: ServerProcess.has("openssl"), "skipped: openssl is not installed"))
  func trusts() async throws {
    let folder = try TemporaryFolder()
    let (certificate, key) = (folder.path("certificate.pem"), folder.path("key.pem"))
    try ServerProcess.run(
      "openssl",
      [
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
        "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate,
      ])
    let port = try ServerProcess.freePort()
    let server = try ServerProcess(
      "openssl",
      ["s_server", "-accept", "127.0.0.1:\(port)", "-cert", certificate, "-key", key, "-www"],
      port: port)
    defer { server.kill() }
    var request = HTTPRequest("https://localhost:\(port)/")
    let error = await #expect(throws: HTTPError.self) { _ = try await HTTPClient().send(request) }
    guard case .untrusted = error else {
      Issue.record("expected no trust, got \(String(describing: error))")
      return
    }
    request.certificateAuthorityFile = certificate
    #expect(try await HTTPClient().send(request).status == 200)
  }

  @Test("reads a secret only from a file that is closed to others")
  func readsSecretFile() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("token")
    try Data("abc\nsecond line\n".utf8).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    #expect(throws: SecretError.fileOpenToOthers(path, mode: 0o640)) { try Secret(file: path) }
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    #expect(try Secret(file: path).revealed == "abc")
    #expect(throws: SecretError.fileUnreadable(path + "x")) { try Secret(file: path + "x") }
  }

  @Test("reads a secret from the environment and refuses an empty one")
  func readsSecretVariable() throws {
    #expect(try Secret(variable: "T", in: ["T": "abc"]).revealed == "abc")
    #expect(throws: SecretError.variableMissing("T")) { try Secret(variable: "T", in: ["T": ""]) }
  }
}
