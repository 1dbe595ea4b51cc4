// SPDX-License-Identifier: MIT
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import pems

/// The whole of `pems run` in this process, with a clock of the test and a price service of its own.
@Suite("Prices that come while pems runs")
struct RunningFeedTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Quarter-hours of today, and of tomorrow once they are out, by the clock of the market.
  private static func answer(at now: Date) -> String {
    let today = instant("2026-06-09T22:00:00Z").timeIntervalSince1970
    let count = now < instant("2026-06-10T11:05:00Z") ? 96 : 192
    let starts = (0..<count).map { "\(Int(today) + $0 * 900)" }.joined(separator: ",")
    let prices = (0..<count).map { "\(80 + $0 % 40)" }.joined(separator: ",")
    return """
      {"license_info":"x","unix_seconds":[\(starts)],"price":[\(prices)],"unit":"EUR / MWh"}
      """
  }

  private func configurationFile(prices address: String) throws -> String {
    let path = folder.path("pems.yaml")
    try """
    version: 1
    site: {name: Run, latitude: 49.195, longitude: 16.607, altitude_m: 237,
      time_zone: Europe/Prague, holidays: CZ, currency: EUR}
    grid: {main_fuse_a: 16, phases: 3, voltage_v: 230, export_limit_w: 10000}
    tariff: {import: {spot: {factor: 1, fee_per_kwh: 0.02}}, value_added_tax_percent: 21,
      export: {spot: {factor: 1, fee_per_kwh: 0.01}}}
    history: {store: house.db}
    prices: {services: [{service: energy_charts, zone: CZ, address: "\(address)/price"}]}
    control: {stage: simulation, cycle_min: 15, safety_seconds: 0.2, state_folder: state}
    """.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func journal() -> String {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path("state"))) ?? []
    return files.filter { $0.hasSuffix(".journal.jsonl") }.compactMap {
      try? String(contentsOfFile: folder.path("state/\($0)"), encoding: .utf8)
    }.joined()
  }

  @Test("tomorrow's prices at five past one make a new plan at once, and the journal says why")
  func tomorrow() async throws {
    // Half a minute into a quarter-hour: no cycle is due before 13:15 in Prague.
    let clock = Mutex(instant("2026-06-10T11:00:30Z"))
    let now: @Sendable () -> Date = { clock.withLock { $0 } }
    let server = try LoopbackServer { _, _ in
      LoopbackServer.answer(
        Self.answer(at: now()), headers: ["Content-Type: application/json"])
    }
    let path = try configurationFile(prices: server.address)
    let service = try RunService(
      configuration: configuration(at: path), options: .init(), now: now)
    let isEnding = Atomic(false)
    async let run: Void = service.run(
      until: { isEnding.load(ordering: .relaxed) }, decide: { .handBack })
    func plans(_ cause: String) -> Int { journal().components(separatedBy: cause).count - 1 }
    let isPlanned = await eventually { plans("first plan") > 0 || plans("new prices") > 0 }
    // The first plan may have been asked for before today's prices were there.
    let before = plans("new prices")
    clock.withLock { $0 = instant("2026-06-10T11:05:10Z") }
    let isPlannedAnew = await eventually { plans("new prices") > before }
    isEnding.store(true, ordering: .relaxed)
    await run
    server.stop()
    #expect(isPlanned && isPlannedAnew, "\(journal())")
    #expect(journal().contains("2026-06-10T11:05:10Z"))
  }
}
