// SPDX-License-Identifier: MIT
import Control
import Devices
import Foundation
import Household
import Synchronization
import TimeSeries

/// How a running pems is, for whoever asks from outside.
struct HealthReport: Codable, Sendable, Hashable {
  /// How one target stands.
  struct Target: Codable, Sendable, Hashable {
    /// What it is wanted to do; absent when nothing is.
    var wanted: String?
    /// What it confirmed last, while that holds.
    var confirmed: String?
    /// Attempts in a row that failed.
    var failures = 0
    /// The last failure.
    var problem: String?
  }

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
  /// Seconds since the plan in force was made; absent without one.
  var planAgeSeconds: Double?
  /// Where the plan came from: `optimal`, `feasible` or `rules`.
  var planOrigin: String?
  /// Whether the broker is there; absent where none is configured.
  var isBrokerConnected: Bool?
  /// Every target that was ever commanded; absent before the first beat.
  var targets: [String: Target]?
  /// Memory that the process holds, megabytes.
  var memoryMegabytes = 0.0

  /// A report older than this is of a pems that is gone or hangs, seconds.
  static let longestAge = 30.0

  /// The report as text.
  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}

extension HealthReport.Target {
  init(_ status: DeliveryQueue.Status) {
    wanted = status.wanted.map { "\($0.action)" }
    confirmed = status.confirmed.map { "\($0)" }
    failures = status.failures
    problem = status.problem ?? status.contradiction
  }
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
    var planIssuedAt: Date?
    var beaten: ContinuousClock.Instant?
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

  /// There was a decision, with the plan in force.
  func noteDecision(_ plan: Plan?) {
    state.withLock { state in
      state.decided = .now
      state.planIssuedAt = plan?.issuedAt
      state.report.planOrigin = plan?.origin.rawValue
    }
  }

  private static let writingPeriod = Duration.seconds(5)

  /// Takes one pass of the safety loop.
  func note(
    _ beat: ControlLoop.Beat, status: [CommandTarget: DeliveryQueue.Status],
    demoted: [CommandTarget], isStopped: Bool, isBrokerThere: Bool?, now: Date
  ) {
    var problems = status.filter(\.value.isDegraded).sorted { $0.key < $1.key }.map {
      target, status in
      status.contradiction.map { "\(target) confirmed, but \($0)" } ?? "\(target) does not answer"
    }
    problems += demoted.sorted().map { "\($0) is not commanded any more" }
    problems += beat.frozenSensors.sorted().map { "the sensor of \($0) stands still" }
    if beat.isPlannerLate { problems.append("the planner is late") }
    if isStopped { problems.append("the emergency stop is on") }
    if isBrokerThere == false { problems.append("the broker is not there") }
    let due = state.withLock { state -> HealthReport? in
      state.report.time = now
      state.report.problems = problems
      state.report.beats += 1
      state.beaten = .now
      state.report.isBrokerConnected = isBrokerThere
      state.report.targets = Dictionary(
        uniqueKeysWithValues: status.map { ("\($0)", HealthReport.Target($1)) })
      state.report.planAgeSeconds = state.planIssuedAt.map { now.timeIntervalSince($0) }
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

  /// The report as it is now, for whoever asks over HTTP; a safety loop that stands still is a problem.
  var current: HealthReport {
    let (report, beaten, decided) = state.withLock { ($0.report, $0.beaten, $0.decided) }
    var shown = report
    shown.memoryMegabytes = Self.memoryMegabytes
    shown.decisionAgeSeconds = decided.map { (ContinuousClock.now - $0).seconds }
    let silence = beaten.map { (ContinuousClock.now - $0).seconds }
    if silence ?? .infinity > HealthReport.longestAge {
      shown.problems.append(
        silence.map { "the safety loop stands still for \(Int($0)) s" }
          ?? "the safety loop has not begun")
    }
    return shown
  }

  private func write(_ report: HealthReport) {
    var report = report
    report.memoryMegabytes = Self.memoryMegabytes
    do { try writeFile(report.json(), to: Self.path(in: folder)) } catch {
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
