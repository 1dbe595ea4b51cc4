// SPDX-License-Identifier: MIT
import CommandLineParsing
import Configuration
import Control
import Forecasting
import Foundation
import Household
import Learning
import Physics
import Planning
import Reports
import Simulation
import Synchronization
import TimeSeries

/// What `demo` and `simulate` have in common: a period, a seed, controllers one after the other,
/// and what a person gets to see of them.
struct SimulationRequest: Sendable {
  let home: Home
  /// Identified rooms, known to the planner only; the simulated home keeps its own.
  private let rooms: RoomModels?
  let period: Range<Date>
  let days: Int
  private let seed: UInt64
  let folder: String
  let isJSON: Bool
  private let models: TrainedModels

  /// A quarter-hour is the finest time in which prices change.
  static let cycleSeconds = 900

  /// What the options ask for.
  ///
  /// - Parameter home: a home in place of the configured one.
  init(
    _ input: CommandLineInput, configuration: HomeConfiguration, home: Home? = nil
  ) throws {
    self.home = home ?? configuration.home
    let home = self.home
    rooms = try roomModels(of: configuration)
    days = try input.value("days", as: Int.self) ?? 7
    guard days >= 1, days <= 3_660 else {
      throw CommandLineError.usage("--days: \(days) is not between 1 and 3660")
    }
    seed = try input.value("seed", as: UInt64.self) ?? 1
    folder = try input.require("out")
    isJSON = input.flag("json")
    models = Self.trainedModels(input)
    let calendar = home.site.calendar
    guard let start = try input.midnight("from", in: calendar) else {
      throw CommandLineError.usage("--from is missing: the first local day")
    }
    period = start..<calendar.day(holding: start, offset: days - 1).upperBound
  }

  /// Trained models, where a folder is given; what cannot be read is told.
  private static func trainedModels(_ input: CommandLineInput) -> TrainedModels {
    guard let path = input.string("models") else { return TrainedModels() }
    let (models, diagnostics) = ModelShelf(ModelRegistry(folder: URL(filePath: path)))
      .trainedModels()
    for diagnostic in diagnostics { Terminal.printError("pems: \(diagnostic)") }
    return models
  }

  /// Simulates the home from the seed, by rules and by pems.
  func run(title: String, truth: TruthParameters = TruthParameters()) throws -> Int32 {
    let twin = try simulatedHome(truth: truth)
    let outlook = SimulatedOutlook(
      home: twin, period: period, knowsProduction: models.pv != nil)
    let records = try runAll(controllers) { try record($0, twin: twin, outlook: outlook) }
    return try show(records, title: title)
  }

  /// The home from the seed, at the start of the period.
  func simulatedHome(truth: TruthParameters = TruthParameters()) throws -> SimulatedHome {
    let weather = SimulatedWeather(location: home.site.location, seed: seed)
    let market = SimulatedDayAheadMarket(
      weather: weather, site: home.site, seed: seed)
    do {
      return try SimulatedHome(
        home: home, truth: truth, weather: weather, market: market, seed: seed,
        start: period.lowerBound)
    } catch {
      throw CommandFailure.configuration("\(error)")
    }
  }

  /// Runs all controllers at once, each on a core of its own where there is one.
  func runAll(
    _ controllers: [Controller], _ run: @Sendable (Controller) throws -> RunRecord
  ) throws -> [RunRecord] {
    let results = Mutex([Int: Result<RunRecord, any Error>]())
    DispatchQueue.concurrentPerform(iterations: controllers.count) { index in
      let result = Result { try run(controllers[index]) }
      results.withLock { $0[index] = result }
    }
    let finished = results.withLock { $0 }
    return try controllers.indices.compactMap { try finished[$0]?.get() }
  }

  /// A controller and the name people read.
  struct Controller: Sendable {
    let name: String
    let strategy: ControlStrategy
    let home: Home
  }

  private var controllers: [Controller] {
    [
      Controller(name: "rules", strategy: .rules, home: home),
      Controller(name: "pems", strategy: .planned(.quick), home: home),
    ]
  }

  /// Lets one controller run the twin.
  func record(
    _ controller: Controller, twin: some HomeTwin & Sendable, outlook: some Outlook,
    onCycle:
      @escaping (
        ControlCycle.Result, ControlCycle.Input, ControlCycle.Memory
      ) throws -> Void = { _, _, _ in }
  ) throws -> RunRecord {
    let model: HomeModel
    do {
      model = try HomeModel(
        home: controller.home, settings: ControlSettings(cycleSeconds: Self.cycleSeconds),
        rooms: controller.home.rooms.isEmpty ? nil : rooms)
    } catch {
      throw CommandFailure.configuration("\(error)")
    }
    var twin = twin
    let journal = try JournalFile(folder: folder, name: controller.name)
    var observers = HouseRun.Observers()
    observers.elapsedSeconds = monotonicSeconds
    observers.onProgress = { Terminal.showProgress(controller.name, done: $0, of: $1) }
    observers.onDecision = { try journal.append($0, snapshot: $1, home: controller.home) }
    observers.onCycle = onCycle
    let run = HouseRun(
      model: model, strategy: controller.strategy, controller: controller.name, models: models)
    do {
      let record = try run.run(&twin, outlook: outlook, period: period, observers: observers)
      try journal.close()
      return record
    } catch let error as HouseRunError {
      throw CommandFailure.failed("\(error)")
    }
  }

  /// Prints the table, then writes the page: what a long run found is shown even when it cannot.
  func show(_ records: [RunRecord], title: String) throws -> Int32 {
    let accounts = records.map(RunAccounts.init)
    if isJSON {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      print(String(decoding: try encoder.encode(accounts), as: UTF8.self))
    } else {
      print("\(title)\n")
      print(
        RunTable(
          accounts: accounts, currency: home.site.currency, hasVehicles: !home.vehicles.isEmpty
        ).text)
    }
    let path = URL(filePath: folder).appending(path: "index.html").path
    do {
      let page = RunReport(site: home.site, records: records).page
      try writeFile(try page.render(plotLibrary: InstalledFiles.plotLibrary()), to: path)
    } catch {
      var failure = CommandFailure(error, of: "pems")
      failure.followsResult = true
      throw failure
    }
    if !isJSON { print("\nPage: \(path)") }
    return accounts.contains { $0.refusedPlans > 0 } ? ExitCode.failed : ExitCode.done
  }
}

/// Writes a text file and its folder.
func writeFile(_ text: String, to path: String) throws(CommandFailure) {
  let url = URL(filePath: path)
  do {
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: url, atomically: true, encoding: .utf8)
  } catch {
    throw .failed("cannot write \(path): \(error.localizedDescription); is the disk full?")
  }
}
