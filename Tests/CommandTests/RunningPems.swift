// SPDX-License-Identifier: MIT
import Foundation
import Synchronization
import TestSupport
import Testing

/// `pems run` on a small house, with its log and with a socket as systemd gives one.
final class RunningPems {
  let folder: TemporaryFolder
  let notices: NoticeSocket
  /// Where it answers over HTTP.
  let webPort: Int
  private(set) var process: ServerProcess

  /// Runs on a broker; without one it has no devices.
  init(
    broker: Int? = nil, stage: String = "simulation", webPort: Int? = nil,
    in folder: TemporaryFolder? = nil
  ) throws {
    let folder = try folder ?? TemporaryFolder()
    self.folder = folder
    notices = try NoticeSocket(path: folder.path("notify"))
    self.webPort = try Self.write(stage: stage, broker: broker, webPort: webPort, in: folder)
    process = try ServerProcess(
      background: "/bin/bash",
      [
        "-c", #"exec "$0" run --config "$1" --simulated-outlook 1 2>>"$2""#, PemsProcess.executable,
        folder.path("pems.yaml"), folder.path("log"),
      ], environment: ["NOTIFY_SOCKET": folder.path("notify")])
  }

  /// Writes the configuration.
  ///
  /// - Returns: the port of its web server.
  @discardableResult
  static func write(
    stage: String, broker: Int?, webPort: Int? = nil, in folder: TemporaryFolder
  ) throws -> Int {
    let webPort = try webPort ?? ServerProcess.freePort()
    let mqtt = broker.map { "mqtt: {host: 127.0.0.1, port: \($0)}" } ?? ""
    try """
    version: 1
    site: {name: Run, latitude: 49.195, longitude: 16.607, altitude_m: 237,
      time_zone: Europe/Prague, holidays: CZ, currency: CZK}
    grid: {main_fuse_a: 16, phases: 3, voltage_v: 230, export_limit_w: 10000}
    tariff: {import: {spot: {factor: 1, fee_per_kwh: 0.35}}, value_added_tax_percent: 21,
      export: {spot: {factor: 1, fee_per_kwh: 0.4}}}
    history: {store: \(folder.path("store.db"))}
    web: {port: \(webPort)}
    control: {stage: \(stage), cycle_min: 1, safety_seconds: 0.2, state_folder: \(folder.path("state"))}
    \(mqtt)
    """.write(toFile: folder.path("pems.yaml"), atomically: true, encoding: .utf8)
    return webPort
  }

  /// The events of its log so far.
  var events: [String] {
    let text = (try? String(contentsOfFile: folder.path("log"), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { line in
      let fields = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return fields?["event"] as? String
    }
  }

  /// Sends a signal.
  func signal(_ number: Int32) { kill(process.identifier, number) }

  /// Asks it to end, and waits until it has.
  func end() async throws {
    signal(SIGTERM)
    try #require(await eventually { !process.isRunning }, "it does not end: \(events)")
  }
}

/// What a service tells systemd.
final class NoticeSocket: Sendable {
  private let descriptor: Int32
  private let messages = Mutex<[String]>([])

  init(path: String) throws {
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    self.descriptor = descriptor
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let isBound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
    guard descriptor >= 0, isBound else { throw POSIXError(.EADDRINUSE) }
    // Read at once, whatever the test does: ten messages find room, and nobody waits to send another.
    Thread.detachNewThread { [weak self] in
      var buffer = [UInt8](repeating: 0, count: 256)
      while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0, let self {
        let text = String(decoding: buffer[..<count], as: UTF8.self)
        self.messages.withLock { $0.append(text) }
      }
      close(descriptor)
    }
  }

  deinit { shutdown(descriptor, Int32(SHUT_RDWR)) }

  /// All messages so far, in their order.
  var all: [String] { messages.withLock { $0 } }
}
