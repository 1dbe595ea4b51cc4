// SPDX-License-Identifier: MIT
import Foundation
import HTTP
import TestSupport

/// All services on one port of the loopback, with synthetic values and faults on demand.
struct SimulatedProviders {
  static let script = "simulators/providers.py"
  static let isPresent = ReferenceMaterial.has(script) && ServerProcess.has("python3")
  static let skipped = ReferenceMaterial.missing(script) + " (or python3 is missing)"

  let server: ServerProcess
  let address: String

  init(now: String) throws {
    let port = try ServerProcess.freePort()
    server = try ServerProcess(
      "python3",
      [ReferenceMaterial.url(Self.script).path, "--port", "\(port)", "--now", now], port: port)
    address = "http://127.0.0.1:\(port)"
  }

  /// Changes how the services behave: JSON with `fail`, `delay`, `truncate`, `missing_tomorrow`, …
  func control(_ json: String) async throws {
    _ = try await HTTPClient().send(
      HTTPRequest(address + "/ctl", method: .post, body: Array(json.utf8)))
  }
}
