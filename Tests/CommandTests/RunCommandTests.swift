// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing

@Suite("pems run", .serialized)
struct RunCommandTests {
  @Test("tells systemd that it is ready, beats its watchdog, and says when it ends")
  func systemd() async throws {
    let pems = try RunningPems()
    try #require(await eventually { pems.notices.all.count { $0 == "WATCHDOG=1" } >= 3 })
    #expect(pems.notices.all.contains("READY=1"))
    try await pems.end()
    let saysSo = await eventually { pems.notices.all.last { $0 != "WATCHDOG=1" } == "STOPPING=1" }
    #expect(saysSo, "\(pems.notices.all)")
    #expect(pems.events.last == "end")
  }

  @Test("says how it is while it runs, and that it is gone afterwards")
  func health() async throws {
    let pems = try RunningPems()
    let words = ["health", "--config", pems.folder.path("pems.yaml")]
    var well = try PemsProcess.run(words)
    let isWell = try await eventually {
      if well.exitCode != 0 { well = try PemsProcess.run(words) }
      return well.exitCode == 0
    }
    try #require(isWell, "\(well.output)")
    #expect(well.output.contains("stage simulation") && well.output.contains("well"))
    try await pems.end()
    #expect(try PemsProcess.run(words).exitCode == 4)
  }

  @Test("a second one in the same state folder is refused, and leaves the first alone")
  func second() async throws {
    let pems = try RunningPems()
    let config = ["--config", pems.folder.path("pems.yaml")]
    try #require(try await eventually { try PemsProcess.run(["health"] + config).exitCode == 0 })
    let second = try PemsProcess.run(["run"] + config)
    #expect(second.exitCode == 1)
    #expect(
      second.errorOutput.contains("another pems run (process \(pems.process.identifier)) works in"))
    #expect(try await eventually { try PemsProcess.run(["health"] + config).exitCode == 0 })
    try await pems.end()
  }

  @Test("answers GET /health on this machine: 200 with what it does, 503 while a broker is away")
  func healthOverHTTP() async throws {
    let well = try RunningPems()
    var answer = ""
    let isWell = await eventually {
      answer = (try? LoopbackClient.get("/health", port: well.webPort)) ?? ""
      return answer.contains("planAgeSeconds") && answer.hasPrefix("HTTP/1.1 200")
    }
    try #require(isWell, "\(answer)")
    for word in ["\"stage\" : \"simulation\"", "\"beats\"", "\"planAgeSeconds\"", "\"version\""] {
      #expect(answer.contains(word))
    }
    #expect(try LoopbackClient.get("/", port: well.webPort).hasPrefix("HTTP/1.1 404"))
    try await well.end()
    #expect(throws: (any Error).self) { try LoopbackClient(port: well.webPort) }
    let ill = try RunningPems(broker: try ServerProcess.freePort())
    // A safety loop that has not begun is 503 too, but for a moment.
    let isIll = await eventually {
      answer = (try? LoopbackClient.get("/health", port: ill.webPort)) ?? ""
      return answer.hasPrefix("HTTP/1.1 503") && answer.contains("the broker is not there")
    }
    #expect(isIll, "\(answer)")
    try await ill.end()
  }

  @Test("a taken port of the web server is told and ends nothing")
  func takenPort() async throws {
    let first = try RunningPems()
    try #require(await eventually { first.events.contains("web") })
    let second = try RunningPems(webPort: first.webPort)
    let goesOn = await eventually {
      second.notices.all.contains("WATCHDOG=1") && second.events.contains("web_unavailable")
    }
    #expect(goesOn, "\(second.events)")
    for pems in [first, second] { try await pems.end() }
  }

  @Test("a sign of life of half a minute ago is none, and problems are told")
  func oldSign() throws {
    let folder = try TemporaryFolder()
    try RunningPems.write(stage: "full", broker: nil, in: folder)
    try FileManager.default.createDirectory(
      atPath: folder.path("state"), withIntermediateDirectories: true)
    func code(age: Double, problems: String) throws -> PemsProcess {
      let time = Date(timeIntervalSinceNow: -age).formatted(.iso8601)
      try """
      {"time":"\(time)","version":"1","stage":"full","problems":[\(problems)],"beats":1,
      "worstGapSeconds":0,"memoryMegabytes":20}
      """.write(toFile: folder.path("state/health.json"), atomically: true, encoding: .utf8)
      return try PemsProcess.run(["health", "--config", folder.path("pems.yaml")])
    }
    #expect(try code(age: 1, problems: "").exitCode == 0)
    let ill = try code(age: 1, problems: #""room bath does not answer""#)
    #expect(ill.exitCode == 1 && ill.output.contains("room bath does not answer"))
    #expect(try code(age: 60, problems: "").exitCode == 4)
  }

  @Test("SIGHUP takes a right configuration, and goes on with the old one where it is wrong")
  func reload() async throws {
    let pems = try RunningPems()
    try #require(await eventually { pems.events.contains("ready") })
    try "version: 1\nsite: {nonsense: 1}\n".write(
      toFile: pems.folder.path("pems.yaml"), atomically: true, encoding: .utf8)
    pems.signal(SIGHUP)
    try #require(await eventually { pems.events.contains("reload_refused") })
    let beats = pems.notices.all.count
    #expect(await eventually { pems.notices.all.count > beats + 2 }, "it goes on")
    try RunningPems.write(stage: "advisory", broker: nil, in: pems.folder)
    pems.signal(SIGHUP)
    try #require(await eventually { pems.events.count { $0 == "ready" } == 2 })
    let words = ["health", "--config", pems.folder.path("pems.yaml")]
    #expect(try await eventually { try PemsProcess.run(words).output.contains("stage advisory") })
    try await pems.end()
  }

  @Test("every cycle leaves what was planned, wanted and measured, which a review reads")
  func review() async throws {
    let pems = try RunningPems()
    let words = ["review", "--config", pems.folder.path("pems.yaml")]
    try #require(try await eventually { try PemsProcess.run(words).exitCode == 0 })
    let review = try PemsProcess.run(words)
    #expect(review.output.contains("Stage simulation: stay"))
    #expect(review.output.contains("0 whole days in stage simulation, 1 needed"))
    try await pems.end()
  }

  @Test("the page of devices is that of the drivers")
  func devicesPage() throws {
    let page = try String(
      contentsOf: ReferenceMaterial.package.appending(path: "docs/devices.md"), encoding: .utf8)
    #expect(try PemsProcess.run(["devices"]).output == page, "run 'make docs'")
  }

  @Test("every event that the program can log is explained in docs/operations.md, and no other")
  func eventsPage() throws {
    let sources = ReferenceMaterial.package.appending(path: "Sources/pems")
    let files = try #require(
      FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    let call = /\.write(?:Sparsely)?\(\s*[^"()]*\.(?:info|warning|error)[^"()]*,\s*"([a-z_]+)"/
    // Where several subjects are told alike, their name is the first word of the helper's call.
    let telling = /\btell\(\s*"([a-z_]+)"/
    var raised: Set<String> = []
    for case let file as URL in files where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      for pattern in [call, telling] {
        raised.formUnion(text.matches(of: pattern).map { String($0.1) })
      }
    }
    let page = try String(
      contentsOf: ReferenceMaterial.package.appending(path: "docs/operations.md"), encoding: .utf8)
    let parts = page.components(separatedBy: "## What each event means\n")
    let section = try #require(parts.last?.components(separatedBy: "\n## ").first)
    // Events stand in the first cells of the table and in the sentence below it.
    let named = section.split(separator: "\n").map { line in
      line.hasPrefix("|") ? String(line.split(separator: "|")[0]) : String(line)
    }.joined(separator: "\n")
    let explained = Set(named.matches(of: /`([a-z_]+)`/).map { String($0.1) })
    #expect(raised.count > 25)
    #expect(raised.subtracting(explained).sorted() == [], "not explained")
    #expect(explained.subtracting(raised).sorted() == [], "never raised")
  }
}
