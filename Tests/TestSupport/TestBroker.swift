// SPDX-License-Identifier: MIT
import Foundation

/// A real mosquitto on a free port of the loopback.
public final class TestBroker {
  /// Its port.
  public let port: Int
  private let folder: TemporaryFolder
  private var server: ServerProcess?

  /// Whether mosquitto is installed.
  public static var isAvailable: Bool {
    ServerProcess.has("mosquitto") || ServerProcess.has("/usr/sbin/mosquitto")
  }
  /// What a skipped test says.
  public static let missing = "skipped: mosquitto is not installed"

  /// Starts a broker that asks nobody who he is.
  public init() throws {
    port = try ServerProcess.freePort()
    folder = try TemporaryFolder()
    try """
    listener \(port) 127.0.0.1
    allow_anonymous true
    persistence false
    max_queued_messages 100000
    """.write(toFile: folder.path("mosquitto.conf"), atomically: true, encoding: .utf8)
    try start()
  }

  /// Starts a broker that speaks TLS and asks for the user `pems` with the password `secret`.
  public init(certificate: TestCertificate) throws {
    port = try ServerProcess.freePort()
    folder = try TemporaryFolder()
    let users = folder.path("users")
    try ServerProcess.run("mosquitto_passwd", ["-b", "-c", users, "pems", "secret"])
    // A broker that was started by root gives its rights away before it reads its files.
    for path in [users, certificate.keyFile] {
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    }
    try """
    listener \(port) 127.0.0.1
    allow_anonymous false
    password_file \(users)
    certfile \(certificate.file)
    keyfile \(certificate.keyFile)
    persistence false
    """.write(toFile: folder.path("mosquitto.conf"), atomically: true, encoding: .utf8)
    try start()
  }

  /// Starts it again after ``kill()``, on the same port and with an empty memory.
  public func start() throws {
    let program = ServerProcess.has("mosquitto") ? "mosquitto" : "/usr/sbin/mosquitto"
    server = try ServerProcess(program, ["-c", folder.path("mosquitto.conf")], port: port)
  }

  /// Ends it as a power cut would.
  public func kill() {
    server?.kill()
    server = nil
  }

  deinit { kill() }
}

/// The simulators of the reference material, run by a Python that has what they need.
public enum Simulator {
  /// The Python that has paho-mqtt and pymodbus: the one `PEMS_SIMULATOR_PYTHON` names, else the
  /// one that `make setup` made, else `python3`.
  public static let python: String? = {
    let named = ProcessInfo.processInfo.environment["PEMS_SIMULATOR_PYTHON"]
    let made = ReferenceMaterial.package.appending(path: ".deps/simulators/bin/python3").path
    return [named, made, "python3"].compactMap { $0 }.first { python in
      (try? ServerProcess.run(python, ["-c", "import paho.mqtt, pymodbus, tzdata"])) == 0
    }
  }()

  /// Whether a simulator and its Python are here.
  public static func has(_ name: String) -> Bool {
    ReferenceMaterial.has("simulators/\(name)") && python != nil
  }

  /// What a skipped test says.
  public static let missing =
    "skipped: no simulators beside the project, or no Python with paho-mqtt and pymodbus"
    + " (run make setup, or name one in PEMS_SIMULATOR_PYTHON)"

  /// Starts a simulator; with a port, waits until it listens.
  public static func start(
    _ name: String, _ arguments: [String], port: Int? = nil
  ) throws -> ServerProcess {
    let script = ReferenceMaterial.url("simulators/\(name)")
    let folder = script.deletingLastPathComponent()
    let all = [script.path] + arguments
    let environment = ["PYTHONDONTWRITEBYTECODE": "1"]
    guard let port else {
      return try ServerProcess(
        background: python ?? "python3", all, in: folder, environment: environment)
    }
    return try ServerProcess(
      python ?? "python3", all, port: port, in: folder, environment: environment)
  }
}
