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

@Suite("InfluxDB answers without a server")
struct InfluxAnswerTests {
  private let signal = SignalName.pvPower
  private let range = Date(timeIntervalSince1970: 0)..<Date(timeIntervalSince1970: 1_000)

  private func history(
    attempts: Int = 1,
    _ respond: @escaping @Sendable (Int, LoopbackServer.Request) -> [LoopbackServer.Action]
  ) throws -> (InfluxHistory, LoopbackServer) {
    let server = try LoopbackServer(respond: respond)
    let history = InfluxHistory(
      InfluxServer(address: server.address, generation: .one, database: "db"),
      mapping: .own([signal]), patience: .init(attempts: attempts) { _ in })
    return (history, server)
  }

  private func answer(_ body: String, status: String = "200 OK") -> [LoopbackServer.Action] {
    LoopbackServer.answer(body, status: status)
  }

  @Test("reads numbers of every form, skips empty values and repeated headers")
  func reads() throws {
    let (history, server) = try history { _, _ in
      answer(
        "name,tags,time,value\nm,,1000000,1.5\nm,\"a=x,b=y\",2000000,-3\nm,,3000000,\n"
          + "name,tags,time,value\nm,,4000000,1e-05\nm,,5000000,0.1234567890123456789\n"
          + "\nname,tags,time,value\nm,,6000000,true\n")
    }
    #expect(
      try history.samples(of: signal, in: range)
        == [(1, 1.5), (2, -3), (4, 1e-5), (5, 0.1234567890123456789), (6, 1)].map {
          Sample(time: Date(timeIntervalSince1970: $0), value: $1)
        })
    server.stop()
  }

  @Test("an empty answer is no reading, once the server has said that nothing failed")
  func readsNothing() throws {
    let (history, server) = try history { _, request in
      request.head.contains("application/json")
        ? answer(#"{"results":[{"statement_id":0}]}"#) : answer("")
    }
    #expect(try history.samples(of: signal, in: range).isEmpty)
    let head = server.requests[0].head
    #expect(head.contains("time%20%3E%3D%200u%20AND%20time%20%3C%201000000000u"))
    #expect(head.contains("SELECT%20%22pv_power_w%22%20FROM%20%22pems%22"))
  }

  @Test("an empty table whose statement failed is an error, not an empty signal")
  func tellsHiddenFailure() throws {
    let (history, server) = try history { _, request in
      request.head.contains("application/json")
        ? answer(#"{"results":[{"statement_id":0,"error":"database not found: db"}]}"#) : answer("")
    }
    #expect(throws: InfluxError.statement("database not found: db")) {
      try history.samples(of: signal, in: range)
    }
    #expect(server.requests.count == 2)
  }

  @Test("a failed statement, text for a number, and an answer cut inside a line are errors")
  func tellsTrouble() throws {
    let bodies = [
      "error\n\"database not found: nope\"\n", "name,tags,time,value\nm,,1,abc\n",
      "name,tags,time,value\nm,,1000000,1\nm,,2000", "name,tags,time,value\nonly one\n",
      #"{"results":[{"statement_id":0,"error":"x"}]}"# + "\n",
      "name,tags,time,value\nm,,99999999999999999999,1\n", "name,tags,time,value\nm,,1,nan\n",
    ]
    for body in bodies {
      let (history, server) = try history { _, _ in answer(body) }
      #expect(throws: InfluxError.self, "\(body)") {
        try history.samples(of: signal, in: range)
      }
      server.stop()
    }
  }

  @Test("a server that is busy or breaks off is asked again, and nothing is doubled")
  func asksAgain() throws {
    let whole = "name,tags,time,value\nm,,1000000,1\nm,,2000000,2\n"
    let (history, server) = try history(attempts: 4) { position, _ in
      switch position {
      case 0: answer("busy", status: "503 Busy")
      case 1:
        [
          .send(
            Array(
              "HTTP/1.1 200 OK\r\nContent-Length: \(whole.utf8.count)\r\n\r\n\(whole.prefix(40))"
                .utf8)),
          .close,
        ]
      default: answer(whole)
      }
    }
    #expect(try history.samples(of: signal, in: range).map(\.value) == [1, 2])
    #expect(server.requests.count == 3)
  }

  @Test("writes floats in microseconds, escaped, and refuses NaN before anything is sent")
  func writes() throws {
    let server = try LoopbackServer { _, _ in LoopbackServer.answer("", status: "204 No Content") }
    let source = InfluxSource(
      terms: [.init(measurement: "my m", field: "f=1", tags: ["t,a": "x y"])])
    let history = InfluxHistory(
      InfluxServer(
        address: server.address, generation: .two, database: "b", organisation: "o",
        login: .token(Secret("tok"))),
      mapping: InfluxMapping([signal: source]), patience: .init(attempts: 1) { _ in })
    let samples = [(1.0, 5.0), (2.5, -0.25), (-3, 0)].map {
      Sample(time: Date(timeIntervalSince1970: $0), value: $1)
    }
    try history.store(samples, for: signal)
    let request = server.requests[0]
    #expect(request.head.hasPrefix("POST /api/v2/write?bucket=b&precision=us&org=o "))
    #expect(request.head.contains("Authorization: Token tok"))
    #expect(
      String(decoding: request.body, as: UTF8.self)
        == "my\\ m,t\\,a=x\\ y f\\=1=0.0 -3000000\nmy\\ m,t\\,a=x\\ y f\\=1=5.0 1000000\n"
        + "my\\ m,t\\,a=x\\ y f\\=1=-0.25 2500000\n")
    #expect(throws: InfluxError.notFinite(signal)) {
      try history.store([Sample(time: Date(), value: .nan)], for: signal)
    }
    #expect(server.requests.count == 1)
  }

  @Test("a partial write is told and never sent again")
  func partialWrite() throws {
    let (history, server) = try history(attempts: 3) { _, _ in
      answer(
        #"{"error":"partial write: points beyond retention policy dropped=1"}"#, status: "400 Bad")
    }
    let error = #expect(throws: InfluxError.self) {
      try history.store([Sample(time: Date(timeIntervalSince1970: 1), value: 1)], for: signal)
    }
    guard case .partialWrite = error else {
      Issue.record("expected a partial write")
      return
    }
    #expect(server.requests.count == 1)
  }

  @Test("a signal of several fields is their sum where all of them have a reading")
  func sums() throws {
    let server = try LoopbackServer { position, _ in
      LoopbackServer.answer(
        "name,tags,time,v\n"
          + (position == 0 ? "m,,1,10\nm,,2,20\nm,,3,30\n" : "m,,2,1\nm,,3,2\nm,,4,3\n"))
    }
    let source = InfluxSource(
      database: "solar",
      terms: [.init(measurement: "s", field: "a"), .init(measurement: "s", field: "b", factor: -1)])
    let history = InfluxHistory(
      InfluxServer(address: server.address, generation: .one, database: "db"),
      mapping: InfluxMapping([signal: source]), patience: .init(attempts: 1) { _ in })
    #expect(try history.samples(of: signal, in: range).map(\.value) == [19, 28])
    #expect(server.requests[0].head.contains("db=solar"))
  }
}

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
      signals: Array(signals.prefix(3)) + [missing],
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
    let port = try ServerProcess.freePort()
    let facade = try ServerProcess(
      "python3",
      [
        ReferenceMaterial.url("simulators/influxdb/v2_facade.py").path, "--port", "\(port)",
        "--upstream", influx.address, "--token", "tok", "--org", "home", "--map",
        "home/autogen=home",
      ] + (generation == .three ? ["--v3"] : []), port: port)
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
