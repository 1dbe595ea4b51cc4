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

@Suite(
  "A real InfluxDB", .serialized,
  .enabled(if: InfluxServerProcess.isPresent, Comment(rawValue: InfluxServerProcess.skipped)))
struct RealInfluxTests {
  private let start = instant("2025-01-01T00:00:00Z")
  private let signals = (0..<4).compactMap { SignalName("room_\($0)_c") }

  private func samples(_ signal: Int, count: Int) -> [Sample] {
    var random = SplitMix64(seed: UInt64(signal))
    return (0..<count).map {
      Sample(
        time: start.addingTimeInterval(Double($0) * 300),
        value: (Double.random(in: -20...40, using: &random) * 100).rounded() / 100)
    }
  }

  private func history(
    _ server: InfluxServer, attempts: Int = 5
  ) -> InfluxHistory {
    InfluxHistory(
      server, mapping: .own(signals),
      patience: .init(attempts: attempts, firstPauseSeconds: 0.2) {
        Thread.sleep(forTimeInterval: $0)
      })
  }

  @Test("gives back exactly what was written, also after a crash in between and a second write")
  func roundTrip() async throws {
    let folder = try TemporaryFolder()
    let influx = try InfluxServerProcess(in: folder.url)
    try await influx.execute("CREATE DATABASE home")
    let store = history(influx.server(database: "home"))
    let written = samples(0, count: 30_000)
    try store.store(Array(written.prefix(15_000)), for: signals[0])
    try influx.crashAndRestart()
    // What was sent before the crash is sent once more: nothing may be doubled.
    try store.store(written, for: signals[0])
    let all = start..<start.addingTimeInterval(30_000 * 300)
    #expect(try store.samples(of: signals[0], in: all) == written)
    let part = start.addingTimeInterval(300)..<start.addingTimeInterval(900)
    #expect(try store.samples(of: signals[0], in: part) == Array(written[1..<3]))
    let summary = try #require(try store.signals().first)
    #expect(summary.count == 30_000)
    #expect(summary.span == start...start.addingTimeInterval(29_999 * 300))
  }

  @Test("a wrong password, a missing database and a stopped server are told apart")
  func refusals() async throws {
    let folder = try TemporaryFolder()
    let influx = try InfluxServerProcess(in: folder.url, needsLogin: true)
    try await influx.execute("CREATE USER admin WITH PASSWORD 'secret' WITH ALL PRIVILEGES")
    try await influx.execute("CREATE DATABASE home", user: ("admin", "secret"))
    let right = InfluxServer.Login.user("admin", Secret("secret"))
    let point = samples(0, count: 1)
    try history(influx.server(database: "home", login: right)).store(point, for: signals[0])
    func failure(_ server: InfluxServer) -> InfluxError? {
      do throws(InfluxError) {
        try history(server, attempts: 1).store(point, for: signals[0])
        return nil
      } catch { return error }
    }
    func status(_ error: InfluxError?) -> Int? {
      if case .transport(let error) = error { return error.statusCode }
      return nil
    }
    let wrong = InfluxServer.Login.user("admin", Secret("wrong"))
    #expect(status(failure(influx.server(database: "home", login: wrong))) == 401)
    #expect(status(failure(influx.server(database: "nope", login: right))) == 404)
    #expect(throws: InfluxError.self) {
      try history(influx.server(database: "nope", login: right), attempts: 1)
        .samples(of: signals[0], in: start..<start.addingTimeInterval(1))
    }
    influx.process.kill()
    let gone = failure(influx.server(database: "home", login: right))
    guard case .transport(.unreachable) = gone else {
      Issue.record("expected an unreachable server, got \(String(describing: gone))")
      return
    }
  }

  @Test(
    "streams are copied side by side, a failing one is named, and a second run brings only news")
  func extraction() async throws {
    let folder = try TemporaryFolder()
    let influx = try InfluxServerProcess(in: folder.url)
    try await influx.execute("CREATE DATABASE home")
    let server = influx.server(database: "home")
    for index in 0..<3 {
      try history(server).store(samples(index, count: 20_000), for: signals[index])
    }
    let path = folder.path("house.db")
    let missing = try #require(SignalName("room_9_c"))
    let extraction = HistoryExtraction(
      groups: [Array(signals.prefix(3)) + [missing]],
      range: start..<start.addingTimeInterval(25_000 * 300), sourceName: "influx", workers: 3)
    let steps = Mutex(0)
    let known = signals
    @Sendable func reader() -> InfluxHistory {
      InfluxHistory(server, mapping: .own(known), patience: .init(attempts: 1) { _ in })
    }
    func run() -> [HistoryExtraction.Outcome] {
      extraction.run(from: reader, to: { try SQLiteHistory(file: path, access: .writing) }) { _ in
        steps.withLock { $0 += 1 }
      }
    }
    let first = run()
    #expect(first.map(\.copied) == [20_000, 20_000, 20_000, 0])
    #expect(first.map { $0.failure == nil } == [true, true, true, false])
    #expect(steps.withLock { $0 } >= 9)
    try history(server).store(samples(0, count: 20_010), for: signals[0])
    let second = run()
    #expect(second.map(\.copied) == [11, 1, 1, 0])  // the newest known reading is read once more
    let store = try SQLiteHistory(file: path, access: .reading)
    let all = start..<start.addingTimeInterval(25_000 * 300)
    #expect(try store.samples(of: signals[0], in: all) == samples(0, count: 20_010))
    #expect(try store.samples(of: signals[2], in: all) == samples(2, count: 20_000))
  }

  @Test(
    "what the embedded store has goes over, a second time only what is new; means by the server")
  func upload() async throws {
    let folder = try TemporaryFolder()
    let influx = try InfluxServerProcess(in: folder.url)
    try await influx.execute("CREATE DATABASE home")
    let server = influx.server(database: "home")
    let path = folder.path("house.db")
    let store = try SQLiteHistory(file: path, access: .writing)
    for index in 0..<2 { try store.store(samples(index, count: 20_000), for: signals[index]) }
    let known = Array(signals.prefix(2))
    let all = start..<start.addingTimeInterval(25_000 * 300)
    func send(again: Bool = false) -> [HistoryUpload.Outcome] {
      HistoryUpload(signals: known, range: all, sendsAgain: again, workers: 2).run(
        from: { try SQLiteHistory(file: path, access: .reading) },
        to: { InfluxHistory(server, mapping: .own(known), patience: .init(attempts: 1) { _ in }) },
        progress: { _ in })
    }
    #expect(send().map(\.sent) == [20_000, 20_000])
    try store.store(samples(0, count: 20_010), for: signals[0])
    #expect(send().map(\.sent) == [11, 1])  // the newest known reading is sent once more
    let far = history(server)
    #expect(try far.samples(of: signals[0], in: all) == samples(0, count: 20_010))
    try store.store([Sample(time: start, value: 99)], for: signals[0])
    #expect(send(again: true).map(\.sent) == [20_010, 20_000])
    #expect(try far.samples(of: signals[0], in: all).first?.value == 99)
    #expect(try far.signals().map(\.count) == [20_010, 20_000])
    let means = try InfluxHistory(
      server, mapping: .own(known), patience: .init(attempts: 1) { _ in }, stepSeconds: 900
    ).samples(of: signals[1], in: start..<start.addingTimeInterval(1_800))
    let first = samples(1, count: 6).map(\.value)
    #expect(means.map(\.time) == [start, start.addingTimeInterval(900)])
    #expect(abs(means[0].value - (first[0] + first[1] + first[2]) / 3) < 1e-9)
    #expect(abs(means[1].value - (first[3] + first[4] + first[5]) / 3) < 1e-9)
    influx.process.kill()
    #expect(send().allSatisfy { $0.failure?.contains("no connection") ?? false })
  }

  @Test(
    "tokens of generation 3 through the façade",
    .enabled(
      if: ReferenceMaterial.has("simulators/influxdb/v2_facade.py") && ServerProcess.has("python3"),
      Comment(rawValue: ReferenceMaterial.missing("simulators/influxdb/v2_facade.py"))),
    arguments: [InfluxServer.Generation.three])
  func tokens(generation: InfluxServer.Generation) async throws {
    let folder = try TemporaryFolder()
    let influx = try InfluxServerProcess(in: folder.url)
    try await influx.execute("CREATE DATABASE home")
    let (facade, port) = try influx.facade(
      token: "tok", database: "home", isThree: generation == .three)
    defer { facade.stop() }
    func store(_ token: String) -> InfluxHistory {
      history(
        influx.server(
          database: "home", login: .token(Secret(token)), at: "http://127.0.0.1:\(port)",
          generation: generation), attempts: 1)
    }
    let written = samples(1, count: 12_000)
    try store("tok").store(written, for: signals[1])
    let all = start..<start.addingTimeInterval(12_000 * 300)
    #expect(try store("tok").samples(of: signals[1], in: all) == written)
    #expect(throws: InfluxError.self) { try store("no").samples(of: signals[1], in: all) }
    #expect(throws: InfluxError.self) { try store("no").store(written, for: signals[1]) }
  }
}
