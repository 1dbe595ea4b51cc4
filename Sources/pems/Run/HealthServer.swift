// SPDX-License-Identifier: MIT
import Foundation
import Household
import Web

/// `GET /health` of a running pems: 200 when all is well, 503 with problems, as JSON both times.
final class HealthServer: Sendable {
  private let server: WebServer

  /// Listens; `nil` where the server is off or its port taken, which is told and ends nothing.
  init?(_ settings: WebSettings?, health: RunHealth, log: RunLog) {
    guard let settings else { return nil }
    do {
      server = try WebServer(address: settings.address, port: settings.port) { request in
        guard request.path == "/health" else {
          return WebResponse(404, body: Array("{\"error\":\"there is only /health\"}".utf8))
        }
        let report = health.current
        // Encoding fails only for numbers that are not finite, which a report has none of.
        let text = (try? report.json()) ?? "{}"
        return WebResponse(report.problems.isEmpty ? 200 : 503, body: Array(text.utf8))
      }
      log.write(.info, "web", ["address": settings.address, "port": settings.port])
    } catch {
      log.write(.warning, "web_unavailable", ["problem": "\(error)"])
      return nil
    }
  }

  /// Listens no more.
  func stop() { server.stop() }
}
