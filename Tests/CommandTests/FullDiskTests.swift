// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing

/// The program itself is run with a limit on the size of its files, which fails every write beyond
/// it as a full disk does, and needs no rights.
@Suite("A full disk")
struct FullDiskTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(
    "is told with the file's name, and what was journalled before stays readable",
    arguments: [(8, "journal.jsonl"), (200, "journal.jsonl"), (1_500, "index.html")])
  func demo(kibibytes: Int, file: String) throws {
    let out = folder.path("out")
    let run = try PemsProcess.run(
      ["demo", "--days", "1", "--out", out], fileSizeLimitKibibytes: kibibytes)
    #expect(run.exitCode == 1)
    #expect(run.errorOutput.contains("cannot write \(out)/"))
    #expect(run.errorOutput.contains(file) && run.errorOutput.contains("disk"))
    let journal = try String(contentsOfFile: out + "/rules.journal.jsonl", encoding: .utf8)
    for line in journal.split(separator: "\n").dropLast() {
      _ = try JSONSerialization.jsonObject(with: Data(line.utf8))
    }
    #expect(!FileManager.default.fileExists(atPath: out + "/index.html"))
  }

  @Test("below the printed result is a failure, not a silent success")
  func output() throws {
    for words in [["version"], ["plan", "--config", Self.house, "--json"]] {
      let run = try PemsProcess.run(words, outputFile: "/dev/full")
      #expect(run.exitCode == 1)
      #expect(run.errorOutput.contains("cannot write the output"))
    }
  }

  @Test("below the error output does not change the outcome")
  func errorOutput() throws {
    let run = try PemsProcess.run(["check", "none.yaml"], errorFile: "/dev/full")
    #expect(run.exitCode == 3)
  }

  private static var house: String {
    ReferenceMaterial.package.appending(path: "Examples/reference-house/pems.yaml").path
  }
}
