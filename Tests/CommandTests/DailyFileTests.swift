// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing

@testable import pems

@Suite("Journals of a day")
struct DailyFileTests {
  private func names(_ folder: TemporaryFolder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path("")).sorted()
  }

  private func text(_ folder: TemporaryFolder, _ name: String) throws -> String {
    try String(contentsOfFile: folder.path(name), encoding: .utf8)
  }

  @Test("a new file begins with each day of UTC, and goes on after a restart")
  func rotation() throws {
    let folder = try TemporaryFolder()
    let file = DailyFile(folder: folder.path(""), kind: "journal", days: 30)
    try file.append("a", at: instant("2026-01-12T23:59:59Z"))
    try file.append("b", at: instant("2026-01-13T00:00:00Z"))
    let next = DailyFile(folder: folder.path(""), kind: "journal", days: 30)
    try next.append("c", at: instant("2026-01-13T00:05:00Z"))
    #expect(try names(folder) == ["2026-01-12.journal.jsonl", "2026-01-13.journal.jsonl"])
    #expect(try text(folder, "2026-01-13.journal.jsonl") == "b\nc\n")
  }

  @Test("files of its own kind that are older than the days it is kept are removed, others stay")
  func retention() throws {
    let folder = try TemporaryFolder()
    let kept = ["2026-01-01.wishes.jsonl", "2026-01-13.journal.jsonl", "rooms.json"]
    for name in kept + ["2026-01-12.journal.jsonl", "2025-12-31.journal.jsonl"] {
      try "old\n".write(toFile: folder.path(name), atomically: true, encoding: .utf8)
    }
    let file = DailyFile(folder: folder.path(""), kind: "journal", days: 7)
    try file.append("new", at: instant("2026-01-20T12:00:00Z"))
    #expect(try names(folder) == (kept + ["2026-01-20.journal.jsonl"]).sorted())
  }

  @Test("a line that a power cut left half does not join the next one")
  func powerCut() throws {
    let folder = try TemporaryFolder()
    let name = "2026-01-12.cycles.jsonl"
    try "{\"whole\":1}\n{\"half\":".write(
      toFile: folder.path(name), atomically: true, encoding: .utf8)
    let file = DailyFile(folder: folder.path(""), kind: "cycles", days: 7)
    try file.append("{\"next\":1}", at: instant("2026-01-12T12:00:00Z"))
    #expect(try text(folder, name) == "{\"whole\":1}\n{\"half\":\n{\"next\":1}\n")
  }
}
