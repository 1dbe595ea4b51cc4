// SPDX-License-Identifier: MIT
import Control
import Foundation

/// The decisions that `pems run` kept, one file for each UTC day.
struct CycleFiles {
  let folder: String

  /// The file of the day that holds a time.
  func path(at time: Date) -> String {
    URL(filePath: folder).appending(path: "\(time.formatted(.iso8601).prefix(10)).cycles.jsonl")
      .path
  }

  /// The decisions from the last plan made before a time up to that time; that plan may be of the
  /// day before. Empty when there are none.
  func records(until time: Date) -> [CycleRecord] {
    let text = [time.addingTimeInterval(-86_400), time]
      .compactMap { try? String(contentsOfFile: path(at: $0), encoding: .utf8) }
      .joined(separator: "\n")
    let records = CycleRecord.records(text, until: time)
    return records.first?.isAnchor == true ? records : []
  }
}
