// SPDX-License-Identifier: MIT
import Configuration
import Foundation
import HTTP
import History
import Household
import Synchronization
import TestSupport
import Testing
import TimeSeries

/// What goes wrong on the way between a real InfluxDB and the store: afterwards the counts are proven.
@Suite(
  "InfluxDB in trouble", .serialized,
  .enabled(if: InfluxServerProcess.isPresent, Comment(rawValue: InfluxServerProcess.skipped)))
struct InfluxFailureTests {
  private static let perSignal = 9_000

  private let start = instant("2025-01-01T00:00:00Z")
  private let signals = (0..<4).compactMap { SignalName("room_\($0)_c") }
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var range: Range<Date> {
    start..<start.addingTimeInterval(Double(Self.perSignal) * 300)
  }

  private func readings(_ index: Int, count: Int = perSignal) -> [Sample] {
    var random = SplitMix64(seed: UInt64(index))
    return (0..<count).map {
      Sample(
        time: start.addingTimeInterval(Double($0) * 300),
        value: (Double.random(in: 1...40, using: &random) * 100).rounded() / 100)
    }
  }

  private func history(_ server: InfluxServer, attempts: Int = 120) -> InfluxHistory {
    InfluxHistory(
      server, mapping: .own(signals),
      patience: .init(attempts: attempts, firstPauseSeconds: 0.05) {
        Thread.sleep(forTimeInterval: min($0, 0.5))
      })
  }

  private func fill(_ server: InfluxServer) throws {
    for (index, signal) in signals.enumerated() {
      try history(server).store(readings(index), for: signal)
    }
  }

  private func copy(
    from server: InfluxServer, to path: String, attempts: Int = 120,
    afterPiece: @escaping @Sendable (Int) -> Void = { _ in }
  ) -> [HistoryExtraction.Outcome] {
    let pieces = Mutex(0)
    let (history, signals) = (history, signals)
    return HistoryExtraction(
      groups: [signals], range: range, sourceName: "influx", piece: .hours(15 * 24), workers: 2
    ).run(
      from: { history(server, attempts) },
      to: { try SQLiteHistory(file: path, access: .writing) },
      progress: { _ in
        afterPiece(
          pieces.withLock { count in
            count += 1
            return count
          })
      })
  }

  /// Every reading of every signal once, as it was written.
  private func expectEverything(in path: String) throws {
    let store = try SQLiteHistory(file: path, access: .reading)
    for (index, signal) in signals.enumerated() {
      #expect(
        try store.samples(of: signal, in: .distantPast..<Date.distantFuture) == readings(index))
    }
  }

  @Test("killed while it is read: the copy goes on and has every reading once")
  func killedWhileRead() async throws {
    let influx = try InfluxServerProcess(in: folder.url)
    try await influx.execute("CREATE DATABASE home")
    let server = influx.server(database: "home")
    try fill(server)
    let crash = CrashOnce(influx)
    let outcomes = try await onOwnThread {
      copy(from: server, to: folder.path("house.db")) { if $0 == 3 { crash.run() } }
    }
    #expect(outcomes.allSatisfy { $0.failure == nil && $0.added == Self.perSignal })
    #expect(crash.happened)
    try expectEverything(in: folder.path("house.db"))
  }

  @Test("killed while it is written: after sending again every point is there once")
  func killedWhileWritten() async throws {
    for attempt in 1... {
      do {
        return try await killWhileWriting(in: try TemporaryFolder())
      } catch {
        // A kill now and then leaves a shard that the server itself cannot open any more.
        guard attempt < 3, "\(error)".contains("[shard") else { throw error }
      }
    }
  }

  private func killWhileWriting(in folder: TemporaryFolder) async throws {
    let influx = try InfluxServerProcess(in: folder.url)
    try await influx.execute("CREATE DATABASE home")
    let server = influx.server(database: "home")
    let crash = CrashOnce(influx)
    let place = folder.url
    Thread.detachNewThread {
      // As soon as a part of it is written, and long before the end.
      while InfluxServerProcess.writtenBytes(in: place) < 50_000 {
        Thread.sleep(forTimeInterval: 0.002)
      }
      crash.run()
    }
    let (isSame, count) = try await onOwnThread {
      let (store, written) = (history(server), readings(0, count: 80_000))
      try store.store(written, for: signals[0])
      crash.wait()
      // A crash after the answer may lose what the server had not flushed; then it is sent once more.
      try store.store(written, for: signals[0])
      let all = start..<start.addingTimeInterval(80_000 * 300)
      return (
        try store.samples(of: signals[0], in: all) == written, try store.signals().first?.count
      )
    }
    #expect(isSame && count == 80_000)
  }

  @Test("a right that is taken away is told, and the copy goes on once it is back")
  func revoked() async throws {
    let influx = try InfluxServerProcess(in: folder.url, needsLogin: true)
    let admin = ("admin", "secret")
    try await influx.execute("CREATE USER admin WITH PASSWORD 'secret' WITH ALL PRIVILEGES")
    for statement in [
      "CREATE DATABASE home", "CREATE USER reader WITH PASSWORD 'reader-pw'",
      "GRANT READ ON home TO reader",
    ] { try await influx.execute(statement, user: admin) }
    try fill(influx.server(database: "home", login: .user("admin", Secret("secret"))))
    let server = influx.server(database: "home", login: .user("reader", Secret("reader-pw")))
    let (path, address) = (folder.path("house.db"), influx.address)
    let outcomes = copy(from: server, to: path) { piece in
      guard piece == 4 else { return }
      var request = HTTPRequest(
        address + "/query", method: .post, query: [("q", "REVOKE READ ON home FROM reader")])
      request.authorization = .basic(user: "admin", password: Secret("secret"))
      _ = try? HTTPConnection().send(request)
    }
    let failures = outcomes.compactMap(\.failure)
    #expect(!failures.isEmpty)
    #expect(
      failures.allSatisfy { $0.contains("no right") || $0.contains("not authorized") },
      "\(failures)")
    #expect(failures.allSatisfy { !$0.contains("reader-pw") })
    try await influx.execute("GRANT READ ON home TO reader", user: admin)
    let rest = copy(from: server, to: path)
    #expect(rest.allSatisfy { $0.failure == nil })
    #expect((outcomes + rest).reduce(0) { $0 + $1.added } == 4 * Self.perSignal)
    try expectEverything(in: path)
  }

  @Test("a name without an address is told, and nothing has to be begun anew afterwards")
  func nameNotFound() async throws {
    let influx = try InfluxServerProcess(in: folder.url)
    try await influx.execute("CREATE DATABASE home")
    let server = influx.server(database: "home")
    try fill(server)
    let path = folder.path("house.db")
    let nowhere = influx.server(database: "home", at: "http://pems.invalid:8086")
    let failed = copy(from: nowhere, to: path, attempts: 2)
    #expect(failed.allSatisfy { $0.failure?.contains("DNS") ?? false })
    #expect(copy(from: server, to: path).allSatisfy { $0.added == Self.perSignal })
    try expectEverything(in: path)
  }

  @Test(
    "full disks of the server and of the store are told; with room again every reading is there once",
    .enabled(if: SmallDisk.isPossible, Comment(rawValue: SmallDisk.skipped)))
  func fullDisks() async throws {
    let disk = try SmallDisk(megabytes: 4)
    let influx = try InfluxServerProcess(in: disk.folder.url)
    defer { influx.process.kill() }
    try await influx.execute("CREATE DATABASE home")
    try await influx.execute("CREATE DATABASE filler")
    let server = influx.server(database: "home")
    let error = #expect(throws: InfluxError.self) {
      for round in 0..<40 {
        var random = SplitMix64(seed: UInt64(round))
        let noise = (0..<20_000).map {
          Sample(
            time: start.addingTimeInterval(Double(round * 20_000 + $0)),
            value: .random(in: 0...1, using: &random))
        }
        try history(influx.server(database: "filler"), attempts: 2).store(noise, for: signals[0])
      }
    }
    #expect(
      "\(String(describing: error))".contains("no space left"), "\(String(describing: error))")
    try disk.grow(toMegabytes: 200)
    try fill(server)
    let small = try SmallDisk(megabytes: 1)
    let path = small.folder.path("house.db")
    let outcomes = copy(from: server, to: path)
    let failures = outcomes.compactMap(\.failure)
    #expect(!failures.isEmpty)
    #expect(failures.allSatisfy { $0.contains("make room") }, "\(failures)")
    try small.grow(toMegabytes: 50)
    let rest = copy(from: server, to: path)
    #expect((outcomes + rest).reduce(0) { $0 + $1.added } == 4 * Self.perSignal)
    try expectEverything(in: path)
  }

  @Test(
    "a token over TLS: only with the right authority, and the token never shows",
    .enabled(
      if: TLSProxy.isPresent && ReferenceMaterial.has("simulators/influxdb/v2_facade.py"),
      Comment(rawValue: TLSProxy.skipped)))
  func tokenOverTLS() async throws {
    let influx = try InfluxServerProcess(in: folder.url)
    try await influx.execute("CREATE DATABASE home")
    let (facade, port) = try influx.facade(token: "s3cr3t", database: "home")
    defer { facade.stop() }
    let proxy = try TLSProxy(to: port, in: folder)
    defer { proxy.stop() }
    func store(_ token: String, trusts file: String?) -> InfluxHistory {
      history(
        InfluxServer(
          address: proxy.address, generation: .two, database: "home", organisation: "home",
          login: .token(Secret(token)), certificateAuthorityFile: file), attempts: 1)
    }
    let trusted = store("s3cr3t", trusts: proxy.certificateFile)
    try trusted.store(readings(0), for: signals[0])
    #expect(try trusted.samples(of: signals[0], in: range) == readings(0))
    for wrong in [store("s3cr3t", trusts: nil), store("wr0ng", trusts: proxy.certificateFile)] {
      let error = #expect(throws: InfluxError.self) {
        try wrong.samples(of: signals[0], in: range)
      }
      let text = "\(String(describing: error))"
      #expect(!text.contains("s3cr3t") && !text.contains("wr0ng"))
      #expect(text.contains("TLS failed") || text.contains("401"))
    }
  }

  /// Kills a server as a crash would and starts it again, once.
  private final class CrashOnce: @unchecked Sendable {
    private let influx: InfluxServerProcess
    private let done = DispatchSemaphore(value: 0)
    private let state = Mutex(false)

    init(_ influx: InfluxServerProcess) { self.influx = influx }

    var happened: Bool { state.withLock { $0 } }

    func run() {
      state.withLock { happened in
        guard !happened else { return }
        happened = (try? influx.crashAndRestart()) != nil
        done.signal()
      }
    }

    func wait() { done.wait() }
  }
}
