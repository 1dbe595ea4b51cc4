// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing

@testable import pems

@Suite("pems demo, simulate and plan")
struct SimulationCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var house: String {
    ReferenceMaterial.package.appending(path: "Examples/reference-house/pems.yaml").path
  }

  @Test("the demo writes a page that asks nothing from the network, and a journal of every cycle")
  func demo() async throws {
    let out = folder.path("demo")
    #expect(await Pems.run(["demo", "--days", "1", "--out", out]) == 0)
    let page = try String(contentsOfFile: out + "/index.html", encoding: .utf8)
    #expect(page.contains("Plotly.newPlot"))
    #expect(!page.contains("<script src") && !page.contains("<link"))
    for controller in ["rules", "pems"] {
      let journal = try String(
        contentsOfFile: out + "/\(controller).journal.jsonl", encoding: .utf8)
      #expect(journal.split(separator: "\n").count == 96)
    }
  }

  @Test("a wrong day, a missing configuration and a missing store are told by the exit code")
  func exitCodes() async throws {
    let out = ["--out", folder.path("out")]
    #expect(await Pems.run(["demo", "--from", "tomorrow"] + out) == 2)
    #expect(await Pems.run(["demo", "--days", "0"] + out) == 2)
    #expect(
      await Pems.run(["simulate", "--from", "2026-01-12"] + out + ["--config", "none"]) == 3)
    let simulate = ["simulate", "--config", house, "--from", "2026-01-12", "--days", "1"] + out
    #expect(await Pems.run(simulate + ["--store", folder.path("none.db")]) == 4)
    #expect(await Pems.run(["plan", "--config", house, "--at", "noon"]) == 2)
  }

  @Test("an output folder that cannot be written is a failure")
  func unwritable() async throws {
    try Data().write(to: URL(filePath: folder.path("file")))
    #expect(await Pems.run(["demo", "--days", "1", "--out", folder.path("file/sub")]) == 1)
  }

  @Test("a plan of the reference house is found and printed")
  func plan() async throws {
    #expect(await Pems.run(["plan", "--config", house, "--json"]) == 0)
  }
}
