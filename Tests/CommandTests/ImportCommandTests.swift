// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing

@testable import pems

@Suite("pems import and pems export")
struct ImportCommandTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func write(_ content: String, _ name: String) throws -> String {
    let path = folder.path(name)
    try Data(content.utf8).write(to: URL(filePath: path))
    return path
  }

  @Test("bring a file in and out again unchanged")
  func roundTrip() async throws {
    let content =
      "time_utc,load_power_w,pv_power_w\n2026-03-29T00:00:00Z,312.5,\n2026-03-29T00:15:00Z,,0.1\n"
    let file = try write(content, "in.csv")
    let (store, out) = (folder.path("house.db"), folder.path("out.csv"))
    #expect(await Pems.run(["import", file, "--store", store]) == 0)
    #expect(await Pems.run(["import", file, file, "--store", store, "--json"]) == 0)
    #expect(await Pems.run(["export", "--store", store, "--out", out]) == 0)
    #expect(try String(contentsOfFile: out, encoding: .utf8) == content)
    let later = ["--from", "2026-03-29T00:15Z", "--signals", "pv_power_w", "--step", "3600"]
    #expect(await Pems.run(["export", "--store", store, "--out", out] + later) == 0)
    #expect(
      try String(contentsOfFile: out, encoding: .utf8)
        == "time_utc,pv_power_w\n2026-03-29T00:00:00Z,0.1\n")
  }

  @Test("tell by their exit code what went wrong, and leave nothing behind")
  func exitCodes() async throws {
    let good = try write("time_utc,pv_power_w\n2026-03-29T00:00Z,1\n", "good.csv")
    let bad = try write("time_utc,pv_power_w\n2026-03-29T00:00Z,x\n", "bad.csv")
    let mapping = try write("time: { column: t }\nsignal: []\n", "map.yaml")
    let text = try write(String(repeating: "no database", count: 100), "text.db")
    let (store, out) = (folder.path("house.db"), folder.path("out.csv"))
    #expect(await Pems.run(["import", good]) == 2)
    #expect(await Pems.run(["import", "--store", store]) == 2)
    #expect(await Pems.run(["import", folder.path("none.csv"), "--store", store]) == 1)
    #expect(await Pems.run(["import", good, "--store", store, "--mapping", mapping]) == 3)
    #expect(!FileManager.default.fileExists(atPath: store))
    #expect(await Pems.run(["import", bad, "--store", store]) == 1)
    #expect(await Pems.run(["import", good, "--store", text]) == 4)
    #expect(await Pems.run(["export", "--store", folder.path("none.db"), "--out", out]) == 4)
    #expect(await Pems.run(["import", good, "--store", store]) == 0)
    let export = ["export", "--store", store, "--out", out]
    #expect(await Pems.run(export + ["--signals", "pv_powr_w"]) == 1)
    #expect(await Pems.run(export + ["--from", "yesterday"]) == 2)
    #expect(await Pems.run(export + ["--from", "2026-05-01", "--to", "2026-04-01"]) == 2)
    #expect(await Pems.run(export + ["--from", "2027-01-01"]) == 1)
    #expect(await Pems.run(export + ["--step", "0"]) == 2)
    #expect(!FileManager.default.fileExists(atPath: out))
  }
}
