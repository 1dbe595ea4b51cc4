// SPDX-License-Identifier: MIT
import Feeds
import Forecasting
import Foundation
import History
import Household
import Synchronization
import TestSupport
import Testing
import TimeSeries

@testable import pems

/// A sunny home that plans for scenarios, with a weather service and an ensemble of the test.
@Suite("A weather ensemble in a running home")
struct RunningEnsembleTests {
  private static let model = "Open-Meteo icon_seamless"
  private static let midnight = instant("2026-06-10T00:00:00Z")
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var store: String { folder.path("house.db") }

  private static func answer(
    _ block: String, step: Int, days: Int, _ columns: [String: (Double) -> Double]
  ) -> String {
    let times = (0..<days * 86_400 / step).map { Int(midnight.timeIntervalSince1970) + $0 * step }
    let lines = columns.map { name, value in
      let values = times.map { time in
        let hour = Double(time % 86_400) / 3_600
        return String(format: "%.1f", value(hour + 24 * Double(time / 86_400 % 7)))
      }
      return #""\#(name)":[\#(values.joined(separator: ","))]"#
    }
    let labels = times.map(String.init).joined(separator: ",")
    return #"{"utc_offset_seconds":0,"\#(block)_units":{"time":"unixtime"},"\#(block)":{"time":["#
      + labels + "]," + lines.sorted().joined(separator: ",") + "}}"
  }

  private static func sun(_ hour: Double) -> Double {
    max(0, sin((hour.truncatingRemainder(dividingBy: 24) - 4) / 15 * .pi)) * 700
  }

  private static let weather = answer(
    "minutely_15", step: 900, days: 3,
    ["temperature_2m": { _ in 18 }, "shortwave_radiation": { sun($0) }])

  private static let members = answer(
    "hourly", step: 3_600, days: 4,
    Dictionary(
      uniqueKeysWithValues: (0..<20).flatMap { member -> [(String, (Double) -> Double)] in
        let suffix = member == 0 ? "" : String(format: "_member%02d", member)
        return [
          ("temperature_2m" + suffix, { _ in 18 }),
          (
            "shortwave_radiation" + suffix,
            { sun($0) * (0.2 + 0.04 * Double((member * 7 + Int($0) * 11) % 20)) }
          ),
        ]
      }))

  /// A server whose ensemble answers as a test wishes.
  private static func server(
    ensemble: @escaping @Sendable () -> [LoopbackServer.Action]
  ) throws -> LoopbackServer {
    try LoopbackServer { _, request in
      request.head.hasPrefix("GET /ensemble")
        ? ensemble()
        : LoopbackServer.answer(weather, headers: ["Content-Type: application/json"])
    }
  }

  private static let good = LoopbackServer.answer(
    members, headers: ["Content-Type: application/json"])

  private func configurationFile(
    _ server: LoopbackServer, uncertainty: String = "scenarios"
  ) throws -> String {
    let path = folder.path("pems.yaml")
    try """
    version: 1
    site: {name: Sun, latitude: 49.2, longitude: 16.6, altitude_m: 237, time_zone: Europe/Prague,
      holidays: CZ, currency: CZK}
    grid: {main_fuse_a: 25, phases: 3, voltage_v: 230, export_limit_w: 10000}
    tariff: {import: {fixed_per_kwh: 3}, value_added_tax_percent: 21}
    pv:
      inverter: {rated_power_w: 8000}
      arrays: [{name: south, peak_power_w: 6000, tilt_degrees: 35, azimuth_degrees: 180}]
    planning: {uncertainty: \(uncertainty)}
    history: {store: house.db}
    weather: {services: [{service: open_meteo, address: "\(server.address)/weather",
      ensemble: icon_seamless, ensemble_address: "\(server.address)/ensemble"}]}
    control: {stage: simulation, cycle_min: 15, safety_seconds: 0.2, state_folder: state}
    """.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func cycles() -> String {
    (try? String(contentsOfFile: folder.path("state/2026-06-10.cycles.jsonl"), encoding: .utf8))
      ?? ""
  }

  private func run(_ path: String, at time: Date, until condition: () -> Bool) async throws -> Bool
  {
    let service = try RunService(
      configuration: configuration(at: path), options: .init(), now: { time })
    let isEnding = Atomic(false)
    async let run: Void = service.run(
      until: { isEnding.load(ordering: .relaxed) }, decide: { .handBack })
    let isSo = await eventually(condition)
    isEnding.store(true, ordering: .relaxed)
    await run
    return isSo
  }

  @Test("its members shape the scenarios, survive a restart, and every decision is replayed")
  func running() async throws {
    let server = try Self.server { Self.good }
    defer { server.stop() }
    let path = try configurationFile(server)
    _ = try SQLiteHistory(file: store, access: .writing)
    let morning = instant("2026-06-10T06:00:30Z")
    let told = "scenarios follow 20 members of \(Self.model)"
    #expect(try await run(path, at: morning) { cycles().contains(told) })
    let before = cycles()
    // An hour later, after a restart: the log is fresh enough to be asked nothing.
    #expect(
      try await run(path, at: morning.addingTimeInterval(3_700)) {
        cycles().dropFirst(before.count).contains(told)
      })
    #expect(server.requests.count { $0.head.hasPrefix("GET /ensemble") } == 1)
    let asked = try #require(server.requests.first { $0.head.hasPrefix("GET /ensemble") }?.head)
    #expect(asked.contains("models=icon_seamless"))
    #expect(asked.contains("hourly=temperature_2m%2Cshortwave_radiation"))
    let file = folder.path("state/2026-06-10.cycles.jsonl")
    #expect(await Pems.run(["replay", "--config", path, "--file", file]) == 0)
  }

  @Test("one that fails or grows old is told, and plans go on without it")
  func fails() async throws {
    let reply = Mutex(LoopbackServer.answer("oops", status: "500 No"))
    let server = try Self.server { reply.withLock { $0 } }
    defer { server.stop() }
    let configuration = try configuration(at: try configurationFile(server))
    let now = instant("2026-06-10T06:00:30Z")
    _ = try SQLiteHistory(file: store, access: .writing)
    let told = Mutex<[String]>([])
    let outlook = LiveOutlook(configuration: configuration, log: RunLog { now }) { text in
      told.withLock { $0.append(text) }
    }
    func known(_ hours: Double) -> ForecastInputs {
      let time = now.addingTimeInterval(hours * 3_600)
      let grid = TimeGrid(
        start: TimeGrid.floor(time, stepSeconds: 900), stepSeconds: 900, count: 96)
      return outlook.known(at: time, on: grid, snapshot: Snapshot(time: time))
    }
    func fetch() async throws -> String {
      try await FeedRun(
        configuration: configuration, store: store, now: now, policy: RetryPolicy(attempts: 1)
      ).run([.weather, .ensemble]).text
    }
    func doctor(_ hours: Double) -> [StreamDoctor.Status] {
      StreamDoctor(
        configuration: configuration, store: store, now: now.addingTimeInterval(hours * 3_600),
        staleAfterSeconds: 86_400
      ).checkForecasts().map(\.status)
    }
    #expect(doctor(0) == [.missing, .missing])
    let cut: [LoopbackServer.Action] = [
      .send(Array("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n".utf8)),
      .send(Array("Content-Length: 900\r\n\r\n{\"hourly\":".utf8)), .close,
    ]
    let faults: [(reply: [LoopbackServer.Action], word: String)] = [
      (LoopbackServer.answer("oops", status: "500 No"), "status 500"),
      (LoopbackServer.answer("slow down", status: "429 No"), "status 429"),
      (cut, "broke before the end"),
      (
        LoopbackServer.answer(Self.weather, headers: ["Content-Type: application/json"]),
        "0 members"
      ),
    ]
    for fault in faults {
      reply.withLock { $0 = fault.reply }
      let text = try await fetch()
      #expect(text.contains("FAILED") && text.contains(fault.word), "\(text)")
      #expect(text.contains("288 steps"))
    }
    #expect(known(0).ensemble == nil && known(0).weather != nil)
    #expect(
      told.withLock { $0 } == [
        "ensemble: none of \(Self.model) has been received; "
          + "scenarios do without"
      ])
    #expect(doctor(0) == [.found, .missing])
    reply.withLock { $0 = Self.good }
    #expect(try await fetch().contains("20 members until 2026-06-14T00:00:00Z"))
    #expect(known(1).ensemble?.members.count == 20)
    #expect(known(1).ensemble?.grid.count == 24)
    #expect(doctor(1) == [.found, .found])
    #expect(known(25).ensemble == nil && known(25).weather != nil)
    #expect(told.withLock { $0.count } == 2)
    #expect(told.withLock { $0.last?.contains("is 25 h old") } == true)
    #expect(doctor(25) == [.stale, .stale])
  }

  @Test("a home that plans for expected values logs it, and says in pems check that it is not used")
  func unused() async throws {
    let server = try Self.server { Self.good }
    defer { server.stop() }
    let configuration = try configuration(
      at: try configurationFile(server, uncertainty: "expected"))
    let now = instant("2026-06-10T06:00:30Z")
    _ = try SQLiteHistory(file: store, access: .writing)
    let report = try await FeedRun(
      configuration: configuration, store: store, now: now, policy: RetryPolicy(attempts: 1)
    ).run([.ensemble])
    #expect(report.isUsable)
    #expect(FileManager.default.fileExists(atPath: folder.path("house.ensemble.jsonl")))
    let grid = TimeGrid(start: now, stepSeconds: 900, count: 96)
    let outlook = try StoredOutlook(
      configuration: configuration, store: store, at: now, until: grid.end)
    #expect(outlook.known(at: now, on: grid, snapshot: Snapshot(time: now)).ensemble == nil)
    let lines = HomeSummary.serviceLines(configuration).map(\.text)
    #expect(lines.contains { $0.contains(Self.model) && $0.contains("only scenarios use it") })
  }
}
