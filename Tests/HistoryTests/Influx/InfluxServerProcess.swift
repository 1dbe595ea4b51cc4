// SPDX-License-Identifier: MIT
import Configuration
import Foundation
import HTTP
import History
import TestSupport

/// A real InfluxDB 1.x on the loopback. The binary is `influxd` of Debian's package `influxdb`, or
/// the one that PEMS_INFLUXD names.
final class InfluxServerProcess {
  static let program = ProcessInfo.processInfo.environment["PEMS_INFLUXD"] ?? "influxd"
  static let isPresent = ServerProcess.has(program)
  static let skipped = "skipped: influxd is not installed (Debian package influxdb)"

  let port: Int
  let folder: URL
  private(set) var process: ServerProcess
  private let needsLogin: Bool

  init(in folder: URL, needsLogin: Bool = false) throws {
    self.folder = folder
    self.needsLogin = needsLogin
    port = try ServerProcess.freePort()
    process = try Self.start(in: folder, port: port, needsLogin: needsLogin)
  }

  var address: String { "http://127.0.0.1:\(port)" }

  func server(
    database: String, login: InfluxServer.Login = .none, at address: String? = nil,
    generation: InfluxServer.Generation = .one
  ) -> InfluxServer {
    InfluxServer(
      address: address ?? self.address, generation: generation, database: database,
      organisation: "home", login: login)
  }

  /// A statement such as CREATE DATABASE.
  func execute(_ statement: String, user: (String, String)? = nil) async throws {
    var request = HTTPRequest(address + "/query", method: .post, query: [("q", statement)])
    if let user { request.authorization = .basic(user: user.0, password: Secret(user.1)) }
    _ = try await HTTPClient().send(request)
  }

  /// Ends the server as a crash would and starts it again on the same files.
  func crashAndRestart() throws {
    process.kill()
    process = try Self.start(in: folder, port: port, needsLogin: needsLogin)
  }

  /// The bytes that the server has put into its log of writes.
  static func writtenBytes(in folder: URL) -> Int {
    let files = FileManager.default.enumerator(
      at: folder.appending(path: "wal"), includingPropertiesForKeys: [.fileSizeKey])
    var sum = 0
    while let file = files?.nextObject() as? URL {
      sum += (try? file.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0
    }
    return sum
  }

  private static func start(in folder: URL, port: Int, needsLogin: Bool) throws -> ServerProcess {
    let backup = try ServerProcess.freePort()
    let path = folder.path
    let configuration = """
      reporting-disabled = true
      bind-address = "127.0.0.1:\(backup)"
      [meta]
        dir = "\(path)/meta"
      [data]
        dir = "\(path)/data"
        wal-dir = "\(path)/wal"
        index-version = "tsi1"
        query-log-enabled = false
      [http]
        bind-address = "127.0.0.1:\(port)"
        auth-enabled = \(needsLogin)
        log-enabled = false
        max-row-limit = 0
      [monitor]
        store-enabled = false
      """
    let file = folder.appending(path: "influxdb.conf")
    try Data(configuration.utf8).write(to: file)
    return try ServerProcess(program, ["-config", file.path], port: port)
  }

  /// Starts the façade that speaks like generation 2 or 3 before this server.
  func facade(
    token: String, database: String, isThree: Bool = false
  ) throws -> (ServerProcess, port: Int) {
    let port = try ServerProcess.freePort()
    let script = ReferenceMaterial.url("simulators/influxdb/v2_facade.py").path
    let words = [
      "--port", "\(port)", "--upstream", address, "--token", token, "--org", "home", "--map",
      "\(database)/autogen=\(database)",
    ]
    return (
      try ServerProcess("python3", [script] + words + (isThree ? ["--v3"] : []), port: port), port
    )
  }
}
