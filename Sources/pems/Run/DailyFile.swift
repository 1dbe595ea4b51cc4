// SPDX-License-Identifier: MIT
import Foundation

/// Lines in one file a day, the oldest files removed. A full disk loses lines and nothing else.
final class DailyFile {
  private let folder: URL
  private let kind: String
  private let days: Int
  private var day = ""
  private var file: FileHandle?

  /// `FOLDER/2026-01-12.KIND.jsonl`, kept for some days.
  init(folder: String, kind: String, days: Int) {
    self.folder = URL(filePath: folder)
    self.kind = kind
    self.days = days
  }

  /// Whether the file of a time begins with the next line.
  func isNewDay(_ time: Date) -> Bool { Self.name(of: time) != day }

  /// Adds a line to the file of its day (UTC).
  func append(_ line: String, at time: Date) throws {
    if isNewDay(time) || file == nil { try open(time) }
    do {
      try file?.write(contentsOf: Data((line + "\n").utf8))
    } catch {
      // The next line tries anew; half a line is skipped by whoever reads.
      file = nil
      throw error
    }
  }

  private static func name(of time: Date) -> String { String(time.formatted(.iso8601).prefix(10)) }

  private func open(_ time: Date) throws {
    try? file?.close()  // the day is over; what it holds was written line by line
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    day = Self.name(of: time)
    let url = folder.appending(path: "\(day).\(kind).jsonl")
    if !FileManager.default.fileExists(atPath: url.path) {
      guard FileManager.default.createFile(atPath: url.path, contents: nil) else {
        throw CommandFailure.failed("cannot write \(url.path); is the disk full?")
      }
    }
    let handle = try FileHandle(forWritingTo: url)
    try handle.seekToEnd()
    // A line that a power cut left without its end must not join the next one.
    try handle.write(contentsOf: Data(Self.endsOpen(url) ? "\n".utf8 : "".utf8))
    file = handle
    removeOld(before: Self.name(of: time.addingTimeInterval(-Double(days) * 86_400)))
  }

  private static func endsOpen(_ url: URL) -> Bool {
    guard let file = try? FileHandle(forReadingFrom: url), let end = try? file.seekToEnd(), end > 0
    else { return false }
    try? file.seek(toOffset: end - 1)
    return (try? file.read(upToCount: 1)) != Data("\n".utf8)
  }

  private func removeOld(before oldest: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    for name in names where name.hasSuffix(".\(kind).jsonl") && name.prefix(10) < oldest {
      try? FileManager.default.removeItem(at: folder.appending(path: name))
    }
  }
}
