// SPDX-License-Identifier: MIT
import CommandLineParsing
import Configuration
import Control
import Foundation
import History
import Household
import Planning
import Spelling
import TimeSeries

/// `pems why`.
let whyCommand = CommandLineCommand(
  "why", "Say why each device does what it does at an instant, and what else would cost.",
  examples: [
    "pems why --device battery",
    "pems why 2026-01-12T18:00:00Z --config Examples/reference-house/pems.yaml --simulated",
    "pems why 2026-01-15T18:00:00Z --problem problem.json --device battery --json",
  ],
  options: [
    .value("config", "FILE", default: "pems.yaml", "The home, and where its journal is."),
    .value("device", "NAME", "Only this room, battery or car."),
    .flag("simulated", "Ask the simulated home, planned at TIME, instead of the journal."),
    .value("store", "FILE", "Plan now with what this store knows instead of the journal."),
    .value("at", "ISO", "With --simulated or --store: when the plan is made; TIME when left out."),
    .value("seed", "N", default: "1", "With --simulated: seed of weather, prices and people."),
    .value("problem", "FILE", "Ask the plan of a problem (hems-bench-1 JSON) instead of a home."),
    .flag("json", "Print JSON."),
  ],
  arguments: [
    CommandLineArgument(
      "TIME", "An instant (ISO 8601), with --problem also the number of a step; now when left out.",
      isOptional: true)
  ],
  run: { input in
    let device = input.string("device")
    if let path = input.string("problem") {
      let explanations = try WhyCommand.explain(
        problem: path, time: input.string("TIME") ?? "0", device: device)
      print(
        input.flag("json")
          ? try WhyCommand.json(explanations)
          : explanations.flatMap { WhyText.lines($0, currency: "") }.joined(separator: "\n"))
      return ExitCode.done
    }
    let time = try input.instant("TIME") ?? Date()
    let path = try input.require("config")
    let configuration = try configuration(at: path)
    let names = DecisionReport.names(of: configuration.home)
    if let device, !names.contains(device) { throw WhyCommand.unknown(device, of: names) }
    let source: WhyCommand.Source
    if let store = input.string("store") {
      source = .store(store)
    } else {
      source =
        input.flag("simulated")
        ? .simulated(seed: try input.value("seed", as: UInt64.self) ?? 1) : .journal
    }
    let report = try WhyCommand.report(
      configuration, path: path, source: source, time: time,
      plannedAt: try input.instant("at") ?? time, device: device)
    print(
      input.flag("json")
        ? try WhyCommand.json(report)
        : WhyText.text(report, calendar: configuration.home.site.calendar))
    return ExitCode.done
  })

/// The steps of `pems why`.
enum WhyCommand {
  /// Whose plan is explained.
  enum Source {
    case journal
    case store(String)
    case simulated(seed: UInt64)
  }

  /// The failure for a name that no device has.
  static func unknown(_ device: String, of names: [String]) -> CommandFailure {
    let near = NearestMatch.of(device, in: names)
    return .failed(
      "no device '\(device)'"
        + (near.map { "; did you mean '\($0)'?" } ?? "; there are \(names.formatted())"))
  }

  static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}

// MARK: - A home

extension WhyCommand {
  /// The report of a home's plan at an instant.
  static func report(
    _ configuration: HomeConfiguration, path: String, source: Source, time: Date,
    plannedAt: Date, device: String?
  ) throws -> DecisionReport {
    let home = configuration.home
    let planned: ControlCycle.Result
    var decided: CycleRecord.Outcome?
    var overrides = Overrides()
    switch source {
    case .store(let store):
      planned = try PlanCommand.decide(configuration: configuration, store: store, at: plannedAt)
    case .simulated(let seed):
      planned = try PlanCommand.decide(
        home: home, rooms: try roomModels(of: configuration), at: plannedAt, seed: seed)
    case .journal:
      overrides =
        RunStateFile(folder: configuration.service.stateFolder)
        .read { Terminal.printError("the wishes of people are not known: \($0)") }.overrides
      (planned, decided) = try journalled(configuration, path: path, at: time)
    }
    do {
      return try DecisionReport(
        at: time, planned: planned, decided: decided, overrides: overrides, home: home,
        device: device)
    } catch {
      throw CommandFailure.failed("\(error)")
    }
  }

  /// The decision in force at a time, and the one that made its plan, made again.
  private static func journalled(
    _ configuration: HomeConfiguration, path: String, at time: Date
  ) throws -> (planned: ControlCycle.Result, decided: CycleRecord.Outcome?) {
    let records = CycleFiles(folder: configuration.service.stateFolder).records(until: time)
    guard let anchor = records.first, let memory = anchor.memory, let last = records.last else {
      throw CommandFailure.failed(
        "there is no decision before \(time.formatted(.iso8601)) in "
          + "\(configuration.service.stateFolder); 'pems run' keeps them there. Ask the simulated "
          + "home with --simulated, or a plan made now with --store FILE")
    }
    if anchor.version != pemsVersion || anchor.configuration != ConfigurationMark.of(path) {
      Terminal.printError(
        "pems: program or configuration changed since \(anchor.time.formatted(.iso8601)); "
          + "this is how the plan would be explained with those of now")
    }
    let cycle = ControlCycle(
      model: try homeModel(of: configuration),
      strategy: configuration.service.mode.strategy(anchor.planner))
    let planned = cycle.step(anchor.input, memory: memory)
    let lifetime = Double(configuration.service.cycleMinutes) * 60
    let isDecided = time.timeIntervalSince(last.time) <= lifetime
    return (planned, isDecided ? last.outcome : nil)
  }
}

// MARK: - A problem

extension WhyCommand {
  /// Explanations of a problem's own plan.
  static func explain(problem path: String, time: String, device: String?) throws -> [Explanation] {
    let problem = try SolveCommand.readProblem(path)
    let step = try step(time, in: problem)
    do {
      let outcome = try Planner().plan(problem)
      let explainer = try Explainer(problem: problem, schedule: outcome.schedule)
      if let device, !explainer.devices.contains(device) {
        throw unknown(device, of: explainer.devices)
      }
      return try explainer.explain(step: step, device: device)
    } catch let error as PlanningError {
      throw CommandFailure.failed("\(error)")
    }
  }

  /// The step that a text means.
  static func step(_ text: String, in problem: PlanningProblem) throws -> Int {
    if let number = Int(text) { return number }
    guard let time = Date(isoText: text) else {
      throw CommandLineError.usage(
        "TIME: '\(text)' is neither the number of a step nor an instant such as 2026-01-12T06:00Z")
    }
    guard let start = problem.start else {
      throw CommandFailure.configuration("the problem has no start; give the number of a step")
    }
    var end = start
    for (step, hours) in problem.stepHours.enumerated() {
      end += hours * 3600
      if time >= start, time < end { return step }
    }
    throw CommandFailure.failed("\(text) lies outside the plan")
  }
}
