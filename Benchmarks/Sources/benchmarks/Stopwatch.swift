// SPDX-License-Identifier: MIT
import Foundation

/// Seconds of the wall and of the processor, all threads together.
enum Stopwatch {
  static let wall: @Sendable () -> Double = { seconds(CLOCK_MONOTONIC) }
  static let processor: @Sendable () -> Double = { seconds(CLOCK_PROCESS_CPUTIME_ID) }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Highest resident memory since the last `forgetPeakMemory`, megabytes.
  static var peakMegabytes: Double { status("VmHWM:") }
  /// Resident memory now, megabytes.
  static var residentMegabytes: Double { status("VmRSS:") }

  static func forgetPeakMemory() {
    try? Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
  }

  private static func status(_ key: String) -> Double {
    let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix(key) }
    let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first
    return (kilobytes.flatMap { Double($0) } ?? .nan) / 1024
  }
}
