// SPDX-License-Identifier: MIT
import Control
import Foundation
import Household
import Synchronization
import TimeSeries

/// How a running pems is, for whoever asks from outside.
struct HealthReport: Codable, Sendable, Hashable {
  /// When it was written; an old report means that pems is gone or hangs.
  var time: Date
  var version = pemsVersion
  var stage: RolloutStage
  /// What a person should know; empty when all is well.
  var problems: [String] = []
  /// Passes of the safety loop since the start, and the longest time between two, seconds.
  var beats = 0
  var worstGapSeconds = 0.0
  /// Seconds since the last decision; absent before the first.
  var decisionAgeSeconds: Double?
  /// Memory that the process holds, megabytes.
  var memoryMegabytes = 0.0

  /// A report older than this is of a pems that is gone or hangs, seconds.
  static let longestAge = 30.0
}

/// Keeps the figures of a running pems and writes them into `health.json`, on a queue of its own, so
/// that a full disk holds nothing up.
final class RunHealth: Sendable {
  static func path(in folder: String) -> String {
    URL(filePath: folder).appending(path: "health.json").path
  }

  private struct State {
    var report: HealthReport
    var decided: ContinuousClock.Instant?
    var written: ContinuousClock.Instant?
  }

  private let folder: String
  private let log: RunLog
  private let queue = DispatchQueue(label: "pems.health")
  private let state: Mutex<State>

  init(folder: String, stage: RolloutStage, log: RunLog) {
    self.folder = folder
    self.log = log
    state = Mutex(State(report: HealthReport(time: .distantPast, stage: stage)))
  }

  /// There was a decision.
  func noteDecision() { state.withLock { $0.decided = .now } }

  private static let writingPeriod = Duration.seconds(5)

  /// Takes one pass of the safety loop.
  func note(
    _ beat: ControlLoop.Beat, degraded: Set<CommandTarget>, demoted: [CommandTarget],
    isBrokerThere: Bool?, now: Date
  ) {
    var problems = degraded.sorted().map { "\($0) does not answer" }
    problems += demoted.sorted().map { "\($0) is not commanded any more" }
    problems += beat.frozenSensors.sorted().map { "the sensor of \($0) stands still" }
    if beat.isPlannerLate { problems.append("the planner is late") }
    if isBrokerThere == false { problems.append("the broker is not there") }
    let due = state.withLock { state -> HealthReport? in
      state.report.time = now
      state.report.problems = problems
      state.report.beats += 1
      state.report.worstGapSeconds = max(state.report.worstGapSeconds, beat.gap)
      state.report.decisionAgeSeconds = state.decided.map { (ContinuousClock.now - $0).seconds }
      if let written = state.written, ContinuousClock.now - written < Self.writingPeriod {
        return nil
      }
      state.written = .now
      return state.report
    }
    if let due { queue.async { [self] in write(due) } }
  }

  private func write(_ report: HealthReport) {
    var report = report
    report.memoryMegabytes = Self.memoryMegabytes
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    do {
      try writeFile(
        String(decoding: try encoder.encode(report), as: UTF8.self), to: Self.path(in: folder))
    } catch {
      log.writeSparsely(.error, "state_unwritable", key: "health", ["problem": "\(error)"])
    }
  }

  /// Removes the report, so that nobody takes it for a running pems.
  ///
  /// - Returns: how many passes there were and the longest time between two, seconds.
  func close() -> (beats: Int, worstGapSeconds: Double) {
    queue.sync {}
    try? FileManager.default.removeItem(atPath: Self.path(in: folder))  // there may be none
    return state.withLock { ($0.report.beats, $0.report.worstGapSeconds) }
  }

  /// Resident pages of this process.
  static var memoryMegabytes: Double {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0
    return (pages * Double(sysconf(Int32(_SC_PAGESIZE))) / 1e6).rounded()
  }
}
