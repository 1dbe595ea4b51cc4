// SPDX-License-Identifier: MIT
import CommandLineParsing
import Configuration
import Control
import Devices
import Foundation
import Household
import Planning
import Simulation
import Synchronization
import TimeSeries

/// `pems rehearse`: the simulated home behind real drivers and a real broker, beside the same home
/// without the wire.
let rehearseCommand = CommandLineCommand(
  "rehearse", "Run the simulated home through the real device drivers and a real MQTT broker.",
  examples: [
    "pems rehearse --config Examples/reference-house/pems.yaml --port 1883 --days 14"
  ],
  options: [
    .value("config", "FILE", default: "pems.yaml", "The configuration of the home."),
    .value("host", "NAME", default: "127.0.0.1", "The broker; a test broker, not that of a house!"),
    .value("port", "N", default: "1883", "Its port."),
    .value("from", "DATE", default: "2026-01-12", "The first local day."),
    .value("days", "N", default: "14", "How many days."),
    .value("seed", "N", default: "1", "Seed of weather, prices and people."),
    .value("out", "FOLDER", default: "pems-rehearsal", "Where journals and page go."),
    .flag("json", "Print the results as JSON."),
  ],
  run: { input in
    let configuration = try configuration(at: try input.require("config"))
    let request = try SimulationRequest(
      input, configuration: configuration, home: configuration.home.withoutVehicles)
    var broker = BrokerSettings(host: try input.require("host"))
    broker.port = try input.value("port", as: Int.self) ?? 1_883
    return try await request.rehearse(broker: broker)
  })

extension Home {
  /// The home without cars: no driver of a wallbox is rehearsed.
  fileprivate var withoutVehicles: Home {
    Home(
      site: site, tariff: tariff, grid: grid, pvArrays: pvArrays, inverter: inverter,
      battery: battery, rooms: rooms, chargePoints: [], vehicles: [], preferences: preferences,
      safety: safety)
  }
}

extension SimulationRequest {
  /// Runs the home with and without the wire and compares.
  func rehearse(broker: BrokerSettings) async throws -> Int32 {
    let twin = try simulatedHome()
    let outlook = SimulatedOutlook(home: twin, period: period)
    let pems = Controller(
      name: "pems", strategy: .planned(.quick), home: home)
    let wire = Controller(
      name: "pems-over-the-wire", strategy: .planned(.quick), home: home)
    let cycles = try CycleFile(folder: folder)
    let memory = MemoryCurve()
    let wired = try await WiredHome(twin, broker: broker)
    let records = try await Self.offPool {
      [
        try record(pems, twin: twin, outlook: outlook),
        try record(wire, twin: wired, outlook: outlook) {
          try cycles.append($0, $1, $2)
          memory.note($1.snapshot.time)
        },
      ]
    }
    let replayed = try await Self.offPool { try cycles.replay(home: home, Self.replayedCycles) }
    let traffic = wired.traffic
    let switching = wired.switching
    await wired.close()
    let code = try show(records, title: "\(home.site.name), over the wire")
    let lines = [
      Self.summary(traffic, records: records), switching.text, memory.text,
      "Replay: \(replayed.identical) of \(replayed.all) journalled decisions identical bit for bit",
    ]
    // A program reads the results, one JSON document, from the standard output.
    for line in lines { if isJSON { Terminal.printError(line) } else { print(line) } }
    let isRight =
      traffic.unconfirmed == 0 && traffic.contradictions.isEmpty
      && replayed.identical == replayed.all
    return isRight ? code : ExitCode.failed
  }

  /// Decisions that are made again after the run.
  private static let replayedCycles = 500

  /// Runs blocking work on a thread of its own.
  private static func offPool<Output: Sendable>(
    _ work: @escaping @Sendable () throws -> Output
  ) async throws -> Output {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result(catching: work)) }
    }
  }

  private static func summary(_ traffic: WiredHome.Traffic, records: [RunRecord]) -> String {
    let accounts = records.map(RunAccounts.init)
    let bills = accounts.map(\.bill.rawValue)
    let comfort = accounts.map(\.comfortViolationKelvinHours)
    func share(_ values: [Double]) -> String {
      values[0] == 0 ? "-" : String(format: "%+.2f %%", 100 * (values[1] / values[0] - 1))
    }
    return """
      Commands: \(traffic.confirmed) confirmed by their devices, \(traffic.failed) failed attempts, \
      \(traffic.unconfirmed) cycles in which a device did not confirm, \(traffic.contradictions.count) confirmations that \
      measured power contradicts\(traffic.contradictions.prefix(5).map { "\n  \($0)" }.joined())
      Against pure simulation: bill \(share(bills)), outside comfort \(share(comfort))
      """
  }
}

/// The memory of the process at the end of each simulated day.
private final class MemoryCurve: Sendable {
  private let days = Mutex<[(day: Int, megabytes: Double)]>([])

  func note(_ time: Date) {
    let day = Int((time.timeIntervalSince1970 / 86_400).rounded(.down))
    days.withLock { days in
      if days.last?.day != day { days.append((day, 0)) }
      days[days.count - 1].megabytes = RunHealth.memoryMegabytes
    }
  }

  var text: String {
    let values = days.withLock { $0.map(\.megabytes) }
    guard let first = values.first, let last = values.last else { return "Memory: not measured" }
    return String(
      format: "Memory: %.0f MB after the first day, %.0f MB in the middle, %.0f MB at the end",
      first, values[values.count / 2], last)
  }
}

/// All decisions of a rehearsal on disk, and made again from there.
private final class CycleFile: Sendable {
  private let path: String
  private let state: Mutex<(file: FileHandle, isFirst: Bool)>

  init(folder: String) throws {
    path = URL(filePath: folder).appending(path: "rehearsal.cycles.jsonl").path
    try writeFile("", to: path)
    guard let file = FileHandle(forWritingAtPath: path) else {
      throw CommandFailure.failed("cannot write \(path)")
    }
    state = Mutex((file, true))
  }

  func append(
    _ result: ControlCycle.Result, _ input: ControlCycle.Input, _ memory: ControlCycle.Memory
  ) throws {
    try state.withLock { state in
      let record = CycleRecord(
        result, input: input, memory: memory, isFirst: state.isFirst, version: pemsVersion,
        configuration: "", planner: .quick)
      state.isFirst = false
      try state.file.write(contentsOf: Data((try record.line() + "\n").utf8))
    }
  }

  /// The first lines; two weeks of complete decisions are more than belongs into memory.
  private func lines(_ count: Int) throws -> [String] {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw CommandFailure.failed("cannot read \(path)")
    }
    defer { try? file.close() }
    var (text, found) = (Data(), 0)
    while found < count, let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
      found += piece.count { $0 == UInt8(ascii: "\n") }
      text += piece
    }
    return String(decoding: text, as: UTF8.self).split(separator: "\n").prefix(count).map(
      String.init)
  }

  /// Makes the first decisions again.
  func replay(home: Home, _ count: Int) throws -> (identical: Int, all: Int) {
    try state.withLock { try $0.file.close() }
    let model = try HomeModel(
      home: home, settings: ControlSettings(cycleSeconds: SimulationRequest.cycleSeconds))
    var replay = CycleReplay(
      cycle: ControlCycle(
        model: model, strategy: .planned(.quick)))
    var (identical, all) = (0, 0)
    for line in try lines(count) {
      let comparison = replay.replay(try CycleRecord(line: line))
      all += 1
      if comparison.wasReplayed, comparison.differences.isEmpty { identical += 1 }
    }
    return (identical, all)
  }
}
