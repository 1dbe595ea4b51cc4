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

@Suite(
  "pems fetch, and a plan with what it brought", .serialized,
  .enabled(
    if: ReferenceMaterial.has("simulators/providers.py") && ServerProcess.has("python3"),
    Comment(rawValue: ReferenceMaterial.missing("simulators/providers.py"))))
struct FetchCommandTests {
  private let folder: TemporaryFolder
  private let server: ServerProcess
  private let port: Int
  private let now = "2026-10-24T14:00:00Z"

  init() throws {
    folder = try TemporaryFolder()
    port = try ServerProcess.freePort()
    server = try ServerProcess(
      "python3",
      [
        ReferenceMaterial.url("simulators/providers.py").path, "--port", "\(port)", "--now",
        "2026-10-24T14:00:00+00:00",
      ], port: port)
    let key = folder.path("solcast.key")
    try Data("k\n".utf8).write(to: URL(filePath: key))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
  }

  private var store: String { folder.path("house.db") }

  private func configurationFile(prices: String) throws -> String {
    let base = "http://127.0.0.1:\(port)"
    let text = """
      version: 1
      site: {name: T, latitude: 49.2, longitude: 16.6, altitude_m: 237, time_zone: Europe/Prague,
        holidays: CZ, currency: CZK}
      grid: {main_fuse_a: 25, phases: 3, voltage_v: 230, export_limit_w: 10000}
      tariff:
        import: {spot: {fee_per_kwh: 0.35}}
        value_added_tax_percent: 21
      pv:
        inverter: {rated_power_w: 10000}
        arrays: [{name: south, peak_power_w: 5000, tilt_degrees: 35, azimuth_degrees: 180}]
      history: {store: house.db}
      prices:
        exchange_rates_address: \(base)/cnb/daily.txt
        services:
      \(prices.replacing("BASE", with: base))
      weather:
        services: [{service: open_meteo, address: "\(base)/openmeteo/v1/forecast"}]
      pv_forecast:
        services:
          - {service: forecast_solar, address: "\(base)/forecastsolar"}
          - {service: solcast, site: abc, key_file: solcast.key, address: "\(base)/solcast"}
      """
    let path = folder.path("pems.yaml")
    try Data(text.utf8).write(to: URL(filePath: path))
    return path
  }

  private func prices() throws -> [Sample] {
    try SQLiteHistory(file: store, access: .reading).samples(
      of: .spotPrice(currency: "CZK"), in: .distantPast..<Date.distantFuture)
  }

  @Test("stores 96 and 100 quarter-hours once, logs the forecasts, and a plan uses them")
  func fetches() async throws {
    let path = try configurationFile(
      prices: "    - {service: ote, address: \"BASE/ote/services/PublicDataService\"}")
    #expect(await Pems.run(["fetch", "--config", path, "--at", now]) == 0)
    let first = try prices()
    #expect(first.count == 196)
    #expect(first.first?.time == instant("2026-10-23T22:00:00Z"))
    #expect(first.last?.time == instant("2026-10-25T22:45:00Z"))
    // 87.48 EUR/MWh-like numbers at 24.315 CZK are between 0.1 and 10 CZK a kWh.
    #expect(first.allSatisfy { (0.1...10).contains(abs($0.value)) })
    #expect(await Pems.run(["fetch", "--config", path, "--at", now, "--json"]) == 0)
    #expect(try prices() == first)
    let log = try String(contentsOfFile: folder.path("house.weather.jsonl"), encoding: .utf8)
    #expect(log.split(separator: "\n").count == 2)
    let plan = ["plan", "--config", path, "--store", store, "--at", now, "--json"]
    #expect(await Pems.run(plan) == 0)
  }

  @Test("the next service steps in for one that fails; without any the exit code tells")
  func fallsBack() async throws {
    let path = try configurationFile(
      prices: """
            - {service: nord_pool, area: CZ, address: "http://127.0.0.1:1/none"}
            - {service: energy_charts, zone: CZ, address: "BASE/energycharts/price"}
        """)
    #expect(await Pems.run(["fetch", "--config", path, "--at", now, "--attempts", "1"]) == 0)
    #expect(try prices().count == 196)
    server.stop()
    #expect(await Pems.run(["fetch", "--config", path, "--at", now, "--attempts", "1"]) == 4)
    #expect(try prices().count == 196)
  }

  @Test("a running pems fetches by itself and tells where its weather comes from")
  func runsByItself() async throws {
    let path = try configurationFile(
      prices: "    - {service: ote, address: \"BASE/ote/services/PublicDataService\"}")
    let configuration = try configuration(at: path)
    let time = instant(now)
    let log = RunLog { time }
    let told = Mutex<[String]>([])
    let outlook = LiveOutlook(configuration: configuration, log: log) { text in
      told.withLock { $0.append(text) }
    }
    let grid = TimeGrid(start: time, stepSeconds: 900, count: 96)
    func known() -> ForecastInputs {
      outlook.known(at: time, on: grid, snapshot: Snapshot(time: time))
    }
    let history = try SQLiteHistory(file: store, access: .writing)
    #expect(known().weather == nil)
    #expect(told.withLock { $0.count } == 1)
    // Three weeks of a measured sun are a climate.
    let past = TimeGrid(
      start: time.addingTimeInterval(-21 * 86_400), stepSeconds: 900, count: 2_016)
    for signal in [SignalName.globalHorizontalIrradiance, .outdoorTemperature] {
      try history.store(
        past.indices.map { Sample(time: past.date(at: $0), value: 7) }, for: signal)
    }
    #expect(known().weather?.temperature[5] == Celsius(7))
    #expect(told.withLock { $0.last?.contains("the mean of the last weeks") } ?? false)
    let watch = FeedWatch(
      configuration: configuration, log: log, now: { time }, onNews: {})
    let fetching = Task { await watch.run() }
    let isFetched = try await eventually {
      try prices().count >= 196 && known().weather?.temperature[5] != Celsius(7)
        && known().servicePV?.count == 2
    }
    fetching.cancel()
    await fetching.value
    try #require(isFetched)
    #expect(known().publishedSpotPrice.missingCount == 0)
    #expect(told.withLock { $0.count } == 2)  // the return of the forecast is no alarm
    let quotas = try String(contentsOfFile: folder.path("house.quotas.json"), encoding: .utf8)
    #expect(quotas.contains("Solcast"))
    // Both services are asked for the roof, and what they say is known.
    let said = known().servicePV ?? []
    #expect(said.map(\.source) == [ForecastSolar.service, Solcast.service])
    #expect(said.allSatisfy { $0.power.values.contains { ($0 ?? .zero) > Watts(100) } })
  }

  @Test("a configuration without services, or with a secret in it, is refused")
  func refuses() async throws {
    let path = try configurationFile(prices: "    - {service: tibber, token: abc}")
    #expect(await Pems.run(["fetch", "--config", path, "--at", now]) == 3)
    let house = ReferenceMaterial.package.appending(path: "Examples/recorded-home/pems.yaml").path
    #expect(await Pems.run(["fetch", "--config", house, "--at", now]) == 3)
  }
}
