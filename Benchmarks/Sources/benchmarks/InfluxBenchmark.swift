// SPDX-License-Identifier: MIT
import Foundation
import HTTP
import History
import Household
import Synchronization
import TimeSeries

/// A year of a house in a real InfluxDB 1.x: written, read back, copied into the embedded store, and
/// the same bytes fetched by `curl` and by InfluxDB's own client.
enum InfluxBenchmark {
  private static let signalCount = 60
  private static let readingCount = 105_120
  private static let start = Date(timeIntervalSince1970: 1_735_689_600)
  private static let workers =
    Int(ProcessInfo.processInfo.environment["PEMS_INFLUX_WORKERS"] ?? "") ?? 2
  private static let program =
    ProcessInfo.processInfo.environment["PEMS_INFLUXD"] ?? "/usr/bin/influxd"

  static func run() throws {
    guard FileManager.default.isExecutableFile(atPath: program) else {
      print("skipped: \(program) is not there (Debian package influxdb, or PEMS_INFLUXD)")
      return
    }
    let folder = FileManager.default.temporaryDirectory.appending(path: "pems-influx-benchmark")
    try? FileManager.default.removeItem(at: folder)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = try start(in: folder)
    defer {
      server.terminate()
      server.waitUntilExit()
    }
    try measure(folder, server.processIdentifier)
  }

  private static let port = 20_000 + Int(ProcessInfo.processInfo.processIdentifier) % 10_000
  private static var address: String { "http://127.0.0.1:\(port)" }

  private static func start(in folder: URL) throws -> Process {
    let configuration = """
      reporting-disabled = true
      bind-address = "127.0.0.1:\(port + 1)"
      [meta]
        dir = "\(folder.path)/meta"
      [data]
        dir = "\(folder.path)/data"
        wal-dir = "\(folder.path)/wal"
        index-version = "tsi1"
        query-log-enabled = false
      [http]
        bind-address = "127.0.0.1:\(port)"
        log-enabled = false
        max-row-limit = 0
      [monitor]
        store-enabled = false
      """
    let file = folder.appending(path: "influxdb.conf")
    try Data(configuration.utf8).write(to: file)
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = ["-config", file.path]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    for _ in 0..<200 {
      if (try? HTTPConnection().send(HTTPRequest(address + "/ping"))) != nil { break }
      Thread.sleep(forTimeInterval: 0.05)
    }
    _ = try HTTPConnection().send(
      HTTPRequest(address + "/query", method: .post, query: [("q", "CREATE DATABASE home")]))
    return process
  }

  private static func measure(_ folder: URL, _ server: Int32) throws {
    let process = server
    let signals = (0..<signalCount).compactMap { SignalName("room_\($0)_c") }
    let server = InfluxServer(address: address, generation: .one, database: "home")
    @Sendable func history() -> InfluxHistory {
      InfluxHistory(
        server, mapping: .own(signals),
        patience: .init { Thread.sleep(forTimeInterval: $0) })
    }
    let points = Double(signalCount * readingCount)
    let end = start.addingTimeInterval(Double(readingCount) * 300)
    let upload = HistoryUpload(
      signals: signals, range: start..<end, sendsAgain: true, piece: .hours(400 * 24),
      workers: workers)
    var failures: [String] = []
    var usage = Usage(server: process)
    let writing = seconds {
      failures = upload.run(from: { MadeUpYear(signals) }, to: history, progress: { _ in })
        .compactMap(\.failure)
    }
    guard failures.isEmpty else { return print("NOT WRITTEN: \(failures)") }
    tell("written", points, writing)
    usage.tell()
    let groups = InfluxMapping.own(signals).groups(of: signals, workers: workers)
    let different = Mutex<[String]>([])
    let reading = seconds {
      DispatchQueue.concurrentPerform(iterations: workers) { worker in
        let store = history()
        for index in stride(from: worker, to: groups.count, by: workers) {
          let found = try? store.samples(of: groups[index], in: start..<end)
          for (signal, samples) in zip(groups[index], found ?? groups[index].map { _ in [] })
          where signals.firstIndex(of: signal).map({ year($0) == samples }) != true {
            different.withLock { $0.append(signal.text) }
          }
        }
      }
    }
    guard different.withLock(\.isEmpty) else {
      return print("NOT IDENTICAL: \(different.withLock(\.self))")
    }
    tell("read back, identical", points, reading)
    usage.tell()
    print("peak memory of this process: \(peakMegabytes) MB")
    try compareWithTools(reading)
    try copy(signals, history, folder)
  }

  /// The same rows through other clients of the same server.
  private static func compareWithTools(_ reading: Double) throws {
    // Ten fields a statement, as pems asks.
    let query = stride(from: 0, to: signalCount, by: 10).map { first in
      let fields = (first..<first + 10).map { "room_\($0)_c" }.joined(separator: ", ")
      return "SELECT \(fields) FROM pems"
    }.joined(separator: "; ")
    let words = PercentEncoding.encode(query)
    let bytes = try seconds {
      try shell(
        "curl -s -H 'Accept: application/csv' '\(address)/query?db=home&epoch=u&chunked=true"
          + "&chunk_size=20000&q=\(words)' | wc -l > /dev/null")
    }
    print(String(format: "curl | wc -l: %.1f s; pems takes %.2f of it", bytes, reading / bytes))
    let client = try seconds {
      try shell(
        "influx -port \(port) -database home -format csv -execute '\(query)' > /dev/null")
    }
    print(
      String(format: "influx -execute: %.1f s; pems takes %.2f of it", client, reading / client))
  }

  /// Everything into the embedded store, four signals side by side, and out of it.
  private static func copy(
    _ signals: [SignalName], _ history: @escaping @Sendable () -> InfluxHistory, _ folder: URL
  ) throws {
    let end = start.addingTimeInterval(Double(readingCount) * 300)
    let path = folder.appending(path: "house.db").path
    var copied = 0
    let copying = seconds {
      copied = HistoryExtraction(
        groups: InfluxMapping.own(signals).groups(of: signals, workers: 4), range: start..<end,
        sourceName: "influx"
      ).run(
        from: history, to: { try SQLiteHistory(file: path, access: .writing) }, progress: { _ in }
      ).reduce(0) { $0 + $1.added }
    }
    tell("copied into the embedded store", Double(copied), copying)
    let sqlite = try SQLiteHistory(file: path, access: .reading)
    var found = 0
    let reading = try seconds {
      for signal in signals { found += try sqlite.samples(of: signal, in: start..<end).count }
    }
    tell("read from the embedded store", Double(found), reading)
    print("peak memory of this process: \(peakMegabytes) MB")
  }

  /// The processor time of server and client, which other programs on the machine change less.
  private struct Usage {
    private let server: Int32
    private var last = (server: 0.0, own: 0.0)

    init(server: Int32) {
      self.server = server
      last = now
    }

    private var now: (server: Double, own: Double) {
      func seconds(_ process: String) -> Double {
        let status = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
        let fields = status.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12 else { return 0 }
        return ((Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0))
          / Double(sysconf(Int32(_SC_CLK_TCK)))
      }
      return (seconds("\(server)"), seconds("self"))
    }

    mutating func tell() {
      let now = now
      print(
        String(
          format: "  processor time: server %.1f s, pems %.1f s", now.server - last.server,
          now.own - last.own))
      last = now
    }
  }

  /// What is written: the same made-up year for whoever asks.
  private struct MadeUpYear: HistoryReading {
    let known: [SignalName]

    init(_ known: [SignalName]) { self.known = known }

    func signals() throws(HistoryError) -> [SignalSummary] { [] }

    func samples(
      of signal: SignalName, in range: Range<Date>
    ) throws(HistoryError) -> [Sample] {
      known.firstIndex(of: signal).map { InfluxBenchmark.year($0) } ?? []
    }
  }

  private static func year(_ index: Int) -> [Sample] {
    var random = SplitMix64(seed: UInt64(index))
    return (0..<readingCount).map { position in
      let hour = Double(position) / 12
      let value = 21 + 2 * sin(hour / 24 * 2 * .pi) + .random(in: -0.5...0.5, using: &random)
      return Sample(
        time: start.addingTimeInterval(Double(position) * 300), value: (value * 100).rounded() / 100
      )
    }
  }

  private static func tell(_ what: String, _ points: Double, _ seconds: Double) {
    print(
      String(
        format: "%@: %.0f points in %.1f s, %.0f thousand a second", what, points, seconds,
        points / seconds / 1_000))
  }

  private static func seconds(_ body: () throws -> Void) rethrows -> Double {
    try ContinuousClock().measure(body) / .seconds(1)
  }

  private static func shell(_ command: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", command]
    try process.run()
    process.waitUntilExit()
  }

  private static var peakMegabytes: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") } ?? ""
    return (line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) / 1_024
  }
}
