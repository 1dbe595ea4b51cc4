// SPDX-License-Identifier: MIT
import Dispatch
public import Foundation
import Synchronization

/// A program that serves on the loopback while a test runs, and is stopped when the value goes away.
public final class ServerProcess: @unchecked Sendable {
  private let process = Process()
  private let ended = DispatchGroup()

  /// Whether a program of this name can be run.
  public static func has(_ program: String) -> Bool { path(of: program) != nil }

  /// Starts a program and waits until something listens on `port`; its output is thrown away.
  public convenience init(
    _ program: String, _ arguments: [String], port: Int, in folder: URL? = nil,
    environment: [String: String] = [:], patienceSeconds: Double = 120
  ) throws {
    guard let path = Self.path(of: program) else { throw CocoaError(.fileNoSuchFile) }
    self.init(path, arguments)
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    try start()
    let deadline = ContinuousClock.now + .seconds(patienceSeconds)
    while !Self.listens(on: port) {
      guard process.isRunning, ContinuousClock.now < deadline else {
        stop()
        throw CocoaError(.executableLoad)
      }
      Thread.sleep(forTimeInterval: 0.02)
    }
  }

  /// Starts a program that listens on no port; its output is thrown away.
  public convenience init(
    background program: String, _ arguments: [String], in folder: URL? = nil,
    environment: [String: String] = [:]
  ) throws {
    guard let path = Self.path(of: program) else { throw CocoaError(.fileNoSuchFile) }
    self.init(path, arguments)
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    try start()
  }

  /// Whether it still runs.
  public var isRunning: Bool { process.isRunning }

  /// The number the system knows it by.
  public var identifier: Int32 { process.processIdentifier }

  /// Stops it where it is, as a hung machine does, or lets it go on.
  public func pause(_ isPaused: Bool) {
    Foundation.kill(process.processIdentifier, isPaused ? SIGSTOP : SIGCONT)
  }

  /// Runs a program to its end and gives its exit status; its output is thrown away.
  @discardableResult
  public static func run(_ program: String, _ arguments: [String]) throws -> Int32 {
    guard let path = Self.path(of: program) else { throw CocoaError(.fileNoSuchFile) }
    let server = ServerProcess(path, arguments)
    try server.start()
    server.ended.wait()
    return server.process.terminationStatus
  }

  private init(_ path: String, _ arguments: [String]) {
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
  }

  /// `waitUntilExit` turns the caller's run loop and may never come back on a pool thread.
  private func start() throws {
    ended.enter()
    process.terminationHandler = { [ended] _ in ended.leave() }
    do { try process.run() } catch {
      ended.leave()
      throw error
    }
  }

  deinit { stop() }

  /// Ends the program and waits until it is gone.
  public func stop() {
    guard process.isRunning else { return }
    process.terminate()
    if ended.wait(timeout: .now() + 5) == .timedOut { kill() }
  }

  /// Ends the program at once, as a crash would.
  public func kill() {
    guard process.isRunning else { return }
    Foundation.kill(process.processIdentifier, SIGKILL)
    ended.wait()
  }

  /// Below those that Linux takes for outgoing connections and for servers that do not mind (from 32 768
  /// on): nobody is given one of these before its server takes it.
  private static let ports = 12_000..<32_000
  /// Two runs of the tests beside each other begin at different places.
  private static let nextPort = Mutex(Int.random(in: ports))

  /// A port that nobody uses now, neither over TCP nor over UDP, and that no other test is given.
  public static func freePort() throws -> Int {
    for _ in ports {
      let port = nextPort.withLock { next in
        defer { next = ports.contains(next + 1) ? next + 1 : ports.lowerBound }
        return next
      }
      if isFree(port, SOCK_STREAM), isFree(port, SOCK_DGRAM) { return port }
    }
    throw POSIXError(.EADDRINUSE)
  }

  private static func isFree(_ port: Int, _ kind: __socket_type) -> Bool {
    let descriptor = socket(AF_INET, Int32(kind.rawValue), 0)
    defer { close(descriptor) }
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = UInt16(port).bigEndian
    return withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  private static func path(of program: String) -> String? {
    if program.contains("/") {
      return FileManager.default.isExecutableFile(atPath: program) ? program : nil
    }
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/\(program)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  private static func listens(on port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    name.sin_port = UInt16(port).bigEndian
    return withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }
}
