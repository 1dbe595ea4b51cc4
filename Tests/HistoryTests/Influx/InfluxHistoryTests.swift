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
    let server = try LoopbackServer { _, _ in
      LoopbackServer.answer("name,tags,time,a,b\nm,,1,10,\nm,,2,20,1\nm,,3,30,2\nm,,4,,3\n")
    }
    let source = InfluxSource(
      database: "solar",
      terms: [.init(measurement: "s", field: "a"), .init(measurement: "s", field: "b", factor: -1)])
    let history = InfluxHistory(
      InfluxServer(address: server.address, generation: .one, database: "db"),
      mapping: InfluxMapping([signal: source]), patience: .init(attempts: 1) { _ in })
    #expect(try history.samples(of: signal, in: range).map(\.value) == [19, 28])
    #expect(server.requests[0].head.contains("db=solar"))
    #expect(server.requests[0].head.contains("SELECT%20%22a%22%2C%20%22b%22%20FROM%20%22s%22"))
  }

  private let kitchen = SignalName.roomTemperature("kitchen")

  /// Two signals in one measurement.
  private func pair(_ server: LoopbackServer) -> InfluxHistory {
    InfluxHistory(
      InfluxServer(address: server.address, generation: .one, database: "db"),
      mapping: .own([signal, kitchen]), patience: .init(attempts: 1) { _ in })
  }

  @Test("signals of one measurement come in one answer, each with its own readings")
  func columns() throws {
    let server = try LoopbackServer { _, _ in
      LoopbackServer.answer(
        "name,tags,time,a,b\nm,,1000000,10,1.5\nm,,2000000,,2.5\nm,,3000000,30,\n")
    }
    let found = try pair(server).samples(of: [signal, kitchen], in: range)
    #expect(found.map { $0.map(\.value) } == [[10, 30], [1.5, 2.5]])
    #expect(found[1].map(\.time.timeIntervalSince1970) == [1, 2])
    #expect(server.requests.count == 1)
    server.stop()
  }

  @Test("a value that is no number in one column makes the whole answer an error")
  func wrongColumn() throws {
    let server = try LoopbackServer { _, _ in
      LoopbackServer.answer("name,tags,time,a,b\nm,,1000000,10,1.5\nm,,2000000,20,on\n")
    }
    #expect(throws: InfluxError.self) {
      try pair(server).samples(of: [signal, kitchen], in: range)
    }
    server.stop()
  }

  @Test("fields that never share an instant are asked for one by one from then on")
  func scattered() throws {
    let server = try LoopbackServer { position, _ in
      LoopbackServer.answer(
        position == 0
          ? "name,tags,time,a,b\nm,,1,10,\nm,,2,,2.5\nm,,3,30,\n"
            + "m,,4,,4.5\nm,,5,50,\nm,,6,,6.5\n"
          : "name,tags,time,a\nm,,7,\(position)\n")
    }
    let history = InfluxHistory(
      InfluxServer(address: server.address, generation: .one, database: "db"),
      mapping: .own([signal, kitchen, .loadPower]), patience: .init(attempts: 1) { _ in })
    _ = try history.samples(of: [signal, kitchen], in: range)
    let found = try history.samples(of: [signal, kitchen], in: range)
    #expect(found.map { $0.map(\.value) } == [[1], [2]])
    #expect(server.requests.count == 3)
    server.stop()
  }
}
