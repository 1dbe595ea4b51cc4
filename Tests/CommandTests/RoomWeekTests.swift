// SPDX-License-Identifier: MIT
import Configuration
import Control
import Foundation
import History
import Household
import Physics
import Planning
import Simulation
import Synchronization
import TestSupport
import Testing
import TimeSeries

@testable import pems

/// The simulated home behind the running loop. Its clock moves by a minute with every beat and stands
/// still while a plan is made, so that a busy machine changes nothing.
private final class FastHouse: HouseConnection {
  private let house: Mutex<SimulatedHome>
  private let clock = Mutex((minutes: 0, isPaused: false))
  private let start: Date
  let coldest = Mutex<[String: (celsius: Double, time: Date)]>([:])

  init(_ house: SimulatedHome) {
    start = house.time
    self.house = Mutex(house)
  }

  var now: Date { start.addingTimeInterval(60 * Double(clock.withLock { $0.minutes })) }

  /// The time of the next beat.
  func tick() -> Date {
    clock.withLock { clock in
      if !clock.isPaused { clock.minutes += 1 }
    }
    return now
  }

  /// Stops the clock, or lets it go on.
  func pause(_ isPaused: Bool) { clock.withLock { $0.isPaused = isPaused } }

  func snapshot(at time: Date) -> Snapshot {
    let snapshot = house.withLock { house in
      house.advance(to: time)
      return house.snapshot(at: time)
    }
    coldest.withLock { coldest in
      for (room, reading) in snapshot.roomTemperatures {
        let celsius = reading.value.rawValue
        if celsius < coldest[room]?.celsius ?? 99 { coldest[room] = (celsius, time) }
      }
    }
    return snapshot
  }

  func apply(_ commands: [Command], at time: Date) -> [CommandOutcome] {
    house.withLock { $0.apply(commands, at: max(time, $0.time)) }
  }

  func release(_ targets: [CommandTarget]) {}
  func deliver() {}
}

/// Weeks of a simulated home, and nine days of the loop with its weekly question (that one with
/// `PEMS_LONG_TESTS=1`, ten minutes).
@Suite("Room models over more than a week")
struct RoomWeekTests {
  private static let days = 9.0
  private static let learned = 22.0

  @Test("rooms that thermostats held still forecast together as well as each does alone")
  func stillRooms() throws {
    let folder = try TemporaryFolder()
    let path = try TwoRooms(folder: folder).configuration()
    let configuration = try HomeConfiguration(contentsOf: path, environment: [:])
    let start = instant("2026-01-05T00:00:00Z")
    var house = try Self.house(configuration.home, start: start)
    try Self.remember(&house, configuration, until: start.addingTimeInterval(Self.learned * 86_400))
    let run = try PemsProcess.run(["identify", "--challenge", "--config", path, "--json"])
    #expect(run.exitCode == 0, "\(run.errorOutput)")
    let line = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let error = try #require(line?["challenger_mae_k"] as? Double)
    // With the simulator's own loss and capacity in the configuration the same week has 0.213 K; a
    // wall whose two sides disagree made 1.0 K of it.
    #expect(error < 0.213)
    // The simulator's capacities are 1.5 and 2 kWh/K; days alone gave 0.6 before walls of 46, and 8.
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    let models = try decoder.decode(
      RoomModels.self, from: Data(contentsOf: URL(filePath: folder.path("models.json"))))
    let air = Dictionary(
      uniqueKeysWithValues: models.rooms.map { ($0.name, $0.airCapacity.rawValue) })
    #expect((1.3...1.7).contains(try #require(air["kitchen"])))
    #expect((1.8...2.2).contains(try #require(air["study"])))
  }

  @Test(
    "models are adopted in the running loop and asked for again a week later",
    .enabled(if: ProcessInfo.processInfo.environment["PEMS_LONG_TESTS"] != nil))
  func week() async throws {
    let folder = try TemporaryFolder()
    let configuration = try HomeConfiguration(
      contentsOf: TwoRooms(folder: folder).configuration(), environment: [:])
    let start = instant("2026-01-05T00:00:00Z")
    var house = try Self.house(configuration.home, start: start)
    try Self.remember(&house, configuration, until: start.addingTimeInterval(Self.learned * 86_400))
    let living = FastHouse(house)
    let log = RunLog(now: { living.now })
    let journal = RunJournal(
      home: configuration.home, settings: configuration.service, configurationPath: "", log: log)
    let learning = try #require(RoomLearning(configuration, journal: journal, log: log))
    let recorder = SignalRecorder(
      home: configuration.home, storePath: configuration.history.storePath, log: log)
    let outlook = SimulatedOutlook(
      home: house, period: house.time..<house.time.addingTimeInterval((Self.days + 4) * 86_400))
    let settings = ControlSettings(cycleSeconds: 900)
    let swaps = Mutex<[Date]>([])
    let plans = Mutex(0)
    let relay = CallRelay<Date>()
    let loop = ControlLoop(
      model: try HomeModel(home: configuration.home, settings: settings),
      strategy: .planned(.quick), fastPeriod: .milliseconds(15), overrides: Overrides(),
      surroundings: .init(
        house: living,
        known: {
          living.pause(true)
          return outlook.known(at: $0, on: $1, snapshot: $2)
        },
        now: { living.tick() },
        onDecision: { result, input, memory in
          living.pause(false)
          if result.replanCause != nil, result.plan != nil { plans.withLock { $0 += 1 } }
          recorder.take(memory.forecast, at: input.snapshot.time)
          relay.send(input.snapshot.time)
        }, onBeat: { recorder.take($0.snapshot) }), findsFrozenSensors: false)
    relay.open { now in
      learning.askWeekly(at: now) { models in
        guard
          let model = try? HomeModel(home: configuration.home, settings: settings, rooms: models)
        else { return }
        loop.setModel(model)
        swaps.withLock { $0.append(living.now) }
      }
    }
    loop.start()
    let end = house.time.addingTimeInterval(Self.days * 86_400)
    while living.now < end { try await Task.sleep(for: .milliseconds(200)) }
    loop.stop()
    recorder.close()
    journal.close()

    let verdicts = try Self.verdicts(configuration.service.stateFolder)
    print("verdicts:\n" + verdicts.joined(separator: "\n"))
    print("swaps at \(swaps.withLock { $0 }), \(plans.withLock { $0 }) plans")
    print("coldest \(living.coldest.withLock { $0 })")
    #expect(verdicts.count == 2, "one at once, one a week later")
    #expect(verdicts.first?.contains("\"adopted\":true") == true)
    #expect(swaps.withLock { $0.count } >= 1)
    // Wanted are 20.5 °C; a reading is off by some 0.15 K. With capacities ten times too large the
    // kitchen fell to 19.5 °C.
    let kitchen = living.coldest.withLock { $0["kitchen"]?.celsius }
    #expect(try #require(kitchen) >= 19.8)
  }

  /// The kitchen loses half of what the configuration says.
  private static func house(_ home: Home, start: Date) throws -> SimulatedHome {
    let weather = SimulatedWeather(location: home.site.location, seed: 5)
    var truth = TruthParameters()
    var kitchen = TruthParameters.RoomTruth()
    kitchen.heatLossFactor = 0.5
    truth.rooms["kitchen"] = kitchen
    return try SimulatedHome(
      home: home, truth: truth, weather: weather,
      market: SimulatedDayAheadMarket(weather: weather, calendar: home.site.calendar, seed: 5),
      seed: 5, start: start)
  }

  /// Three weeks under the home's own thermostats, as a recorder would have stored them.
  private static func remember(
    _ house: inout SimulatedHome, _ configuration: HomeConfiguration, until end: Date
  ) throws {
    var samples: [SignalName: [Sample]] = [:]
    while house.time < end {
      if house.time.timeIntervalSinceReferenceDate.truncatingRemainder(dividingBy: 86_400) == 0 {
        let day = TimeGrid(start: house.time, stepSeconds: 900, count: 96)
        let sun = house.weather.weather(issuedBefore: house.time, on: day)?
          .globalHorizontalIrradiance
        samples[.expectedIrradiance, default: []] += day.indices.compactMap { step in
          (sun?[step]).map { Sample(time: day.date(at: step), value: $0.rawValue) }
        }
      }
      house.advance(to: house.time.addingTimeInterval(300))
      let snapshot = house.snapshot(at: house.time)
      for (signal, sample) in SignalRecorder.samples(snapshot, configuration.home) {
        samples[signal, default: []].append(Sample(time: house.time, value: sample.value))
      }
    }
    let store = try SQLiteHistory(file: configuration.history.storePath, access: .writing)
    for (signal, list) in samples { try store.store(list, for: signal) }
  }

  private static func verdicts(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      .filter { $0.hasSuffix("models.jsonl") }
      .flatMap { name in
        try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
          .split(separator: "\n").map(String.init)
      }
  }
}
