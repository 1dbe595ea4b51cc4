// SPDX-License-Identifier: MIT
import Configuration
import Foundation
import HTTP
import Household
import TestSupport
import Testing
import TimeSeries

@testable import History

/// Answers as InfluxDB's reference of the annotated CSV shows them; no server of generation 2 is here.
@Suite("Flux of InfluxDB 2")
struct FluxTests {
  private let signal = SignalName.pvPower
  private let range = Date(timeIntervalSince1970: 0)..<Date(timeIntervalSince1970: 1_000)

  private func history(
    stepSeconds: Int? = nil, _ body: String, status: String = "200 OK"
  ) throws -> (InfluxHistory, LoopbackServer) {
    let server = try LoopbackServer { _, _ in LoopbackServer.answer(body, status: status) }
    let source = InfluxSource(
      database: "the \"solar\"",
      terms: [.init(measurement: "solar", field: "power", tags: ["roof": "${south}"])])
    let influx = InfluxServer(
      address: server.address, generation: .two, database: "home", organisation: "my org",
      language: .flux, login: .token(Secret("tok")))
    let history = InfluxHistory(
      influx, mapping: InfluxMapping([signal: source]), patience: .init(attempts: 1) { _ in },
      stepSeconds: stepSeconds)
    return (history, server)
  }

  @Test("tables of several series, with and without annotations, become one ordered signal")
  func reads() throws {
    let (history, server) = try history(
      "#datatype,string,long,long,double\r\n#group,false,false,false,false\r\n"
        + "#default,_result,,,\r\n,result,table,_time,_value\r\n,,0,1000000,1.5\r\n"
        + ",,0,3000000,-2\r\n\r\n,result,table,_value,_time\r\n,_result,1,7,2000000\r\n"
        + ",_result,1,,2500000\r\n\r\n")
    #expect(
      try history.samples(of: signal, in: range)
        == [(1, 1.5), (2, 7), (3, -2)].map {
          Sample(time: Date(timeIntervalSince1970: $0), value: $1)
        })
    let request = server.requests[0]
    #expect(request.head.hasPrefix("POST /api/v2/query?org=my%20org "))
    #expect(request.head.contains("Content-Type: application/vnd.flux"))
    #expect(request.head.contains("Authorization: Token tok"))
    #expect(
      String(decoding: request.body, as: UTF8.self)
        == #"from(bucket: "the \"solar\"") |> range(start: time(v: 0000), "#
        + #"stop: time(v: 1000000000000)) |> filter(fn: (r) => r._measurement == "solar" "#
        + #"and r._field == "power" and r["roof"] == "\${south}") "#
        + "|> map(fn: (r) => ({_time: int(v: r._time) / 1000, _value: float(v: r._value)}))")
    server.stop()
  }

  @Test("means are stamped with the start of their window, not with its end")
  func means() throws {
    let (history, server) = try history(
      stepSeconds: 900, ",result,table,_time,_value\r\n,_result,0,0,4\r\n")
    #expect(try history.samples(of: signal, in: range).map(\.value) == [4])
    let script = String(decoding: server.requests[0].body, as: UTF8.self)
    #expect(
      script.contains(
        #"aggregateWindow(every: 900s, fn: mean, createEmpty: false, timeSrc: "_start")"#))
    server.stop()
  }

  @Test(
    "no table is no reading; a failure in the middle, a foreign table and a cut line are errors")
  func tellsTrouble() throws {
    let (empty, server) = try history("\r\n")
    #expect(try empty.samples(of: signal, in: range).isEmpty)
    server.stop()
    for body in [
      ",result,table,_time,_value\r\n,_result,0,1,2\r\n\r\nerror,reference\r\nout of memory,897\r\n",
      ",error,reference\r\n,bucket not found,\r\n", "error,reference\r\n", "<html></html>\r\n",
      ",result,table,_time,_value\r\n,_result,0,1", ",result,table,_time,_value\r\n,_result\r\n",
      ",result,table,_time,_value\r\n,_result,0,1,NaN\r\n",
      ",result,table,_time,_value\r\n,_result,0,soon,1\r\n",
    ] {
      let (history, server) = try history(body)
      #expect(throws: InfluxError.self, "\(body)") { try history.samples(of: signal, in: range) }
      server.stop()
    }
    let (refused, other) = try history(
      #"{"code":"unauthorized","message":"unauthorized access"}"#, status: "401 Unauthorized")
    let error = #expect(throws: InfluxError.self) { try refused.newestTime(of: signal) }
    #expect("\(String(describing: error))".contains("check user, password or token"))
    other.stop()
  }

  @Test("names of measurements and fields, for what a mapping misses")
  func catalogue() throws {
    let server = try LoopbackServer { _, _ in
      LoopbackServer.answer(
        ",result,table,_value\r\n,_result,0,solar\r\n,_result,0,loxone\r\n\r\n")
    }
    let catalogue = InfluxCatalogue(
      InfluxServer(
        address: server.address, generation: .two, database: "home", organisation: "o",
        language: .flux))
    #expect(try catalogue.measurements(in: nil) == ["solar", "loxone"])
    _ = try catalogue.fields(of: "solar", in: "other")
    #expect(
      String(decoding: server.requests[1].body, as: UTF8.self).hasSuffix(
        #"schema.measurementFieldKeys(bucket: "other", measurement: "solar", "#
          + "start: 1970-01-01T00:00:00Z)"))
    server.stop()
  }
}

@Suite("Line protocol")
struct LineProtocolTests {
  @Test("numbers of every size read back as the same number")
  func numbers() throws {
    var random = SplitMix64(seed: 11)
    var values = [
      0, -0.0001, 0.1, 0.3, -1, 1e15, 999_999_999_999.9999, 1e-5, Double.leastNonzeroMagnitude,
      1e300,
    ]
    for decimals in 0..<6 {
      let scale = [1.0, 10, 100, 1e3, 1e4, 1e5][decimals]
      for magnitude in [1.0, 1e3, 1e9, 1e12] {
        for _ in 0..<200 {
          values.append(
            (.random(in: -magnitude...magnitude, using: &random) * scale).rounded() / scale)
        }
      }
    }
    var lines = LineProtocol(measurement: "m", tags: [:], fields: ["f"])
    for value in values { lines.add(1_000_000, [(0, value)]) }
    let text = String(decoding: lines.bytes, as: UTF8.self).split(separator: "\n")
    try #require(text.count == values.count)
    for (line, value) in zip(text, values) {
      #expect(line.hasPrefix("m f=") && line.hasSuffix(" 1000000"))
      #expect(Double(line.dropFirst(4).dropLast(8)) == value, "\(line)")
    }
  }

  @Test("signals share a line where they share an instant; of equal instants the last counts")
  func lines() throws {
    func samples(_ pairs: [(Double, Double)]) -> [Sample] {
      pairs.map { Sample(time: Date(timeIntervalSince1970: $0), value: $1) }
    }
    let server = try LoopbackServer { _, _ in LoopbackServer.answer("", status: "204 No Content") }
    let signals = [SignalName.pvPower, .gridPower, .loadPower]
    let history = InfluxHistory(
      InfluxServer(address: server.address, generation: .one, database: "db"),
      mapping: .own(signals), patience: .init(attempts: 1) { _ in })
    try history.store([
      (.pvPower, samples([(1, 1), (2, 2), (2, 2.5)])),
      (.gridPower, samples([(3, -3), (2, 7)])), (.loadPower, []),
    ])
    #expect(
      String(decoding: server.requests[0].body, as: UTF8.self)
        == "pems pv_power_w=1.0 1000000\npems pv_power_w=2.5,grid_power_w=7.0 2000000\n"
        + "pems grid_power_w=-3.0 3000000\n")
    #expect(server.requests.count == 1)
    server.stop()
  }
}
