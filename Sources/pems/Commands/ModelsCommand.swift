// SPDX-License-Identifier: MIT
import CommandLineParsing
import Forecasting
import Foundation
import Learning
import TimeSeries

/// `pems models`: the trained models, and what to do with them.
let modelsCommand = CommandLineCommand(
  "models", "List the trained models, promote one, roll back, or let a challenger be judged.",
  commands: [
    modelsListCommand, modelsPromoteCommand, modelsReviewCommand, modelsRollBackCommand,
    modelsShowCommand,
  ])

private let targetArgument = CommandLineArgument(
  "TARGET", "pv, load, price, vehicles or appliances.")
private let json = CommandLineOption.flag("json", "Print JSON for programs.")

private let modelsListCommand = CommandLineCommand(
  "list", "All versions of all targets.", examples: ["pems models list --models pems-models"],
  options: [ModelFolder.option, json],
  run: { input in
    let registry = try ModelFolder.shelf(input).registry
    let all = registry.targets().flatMap(registry.versions)
    if input.flag("json") {
      try printJSON(all)
    } else {
      print(
        all.isEmpty
          ? "There are no models yet; train some with 'pems train'."
          : all.map(ModelText.line).joined(separator: "\n"))
    }
    return ExitCode.done
  })

private let modelsShowCommand = CommandLineCommand(
  "show", "Everything about one version, with the features that matter most.",
  examples: ["pems models show load --version 3"],
  options: [
    ModelFolder.option, .value("version", "N", "Which one; by default the one in use."), json,
  ],
  arguments: [targetArgument],
  run: { input in
    let registry = try ModelFolder.shelf(input).registry
    let target = try ModelText.target(input)
    let stored = try registering {
      let version =
        try input.value("version", as: Int.self)
        ?? registry.production(of: target).version
      return try registry.load(target: target, version: version)
    }
    let importance = try registering { try featureImportance(of: target, stored.files) }
    if input.flag("json") {
      try printJSON(stored.metadata)
      return ExitCode.done
    }
    print(ModelText.line(stored.metadata))
    for (name, value) in stored.metadata.parameters.sorted(by: { $0.key < $1.key }) {
      print("  \(name): \(value)")
    }
    print("  data \(stored.metadata.dataHash), \(stored.metadata.features.count) features")
    for feature in importance.prefix(10) {
      print(String(format: "  %5.1f %%  ", 100 * feature.share) + feature.feature)
    }
    return ExitCode.done
  })

/// How much each feature matters; nothing for habits, which have none.
private func featureImportance(
  of target: String, _ files: [String: Data]
) throws(LearningError) -> [FeatureImportance] {
  switch LearnedTarget(rawValue: target) {
  case .pv: try PVForecaster(files: files).trees?.direct.importance() ?? []
  case .load: try LoadForecaster(files: files).trees?.main.rich.importance() ?? []
  case .price: try PriceForecaster(files: files).trees?.importance() ?? []
  case .vehicles, .appliances, nil: []
  }
}

private let modelsPromoteCommand = CommandLineCommand(
  "promote", "Put a version into use; the one that was retires.",
  examples: ["pems models promote load --version 3"],
  options: [ModelFolder.option, .value("version", "N", "Which one."), json],
  arguments: [targetArgument],
  run: { input in
    let registry = try ModelFolder.shelf(input).registry
    guard let version = try input.value("version", as: Int.self) else {
      throw CommandLineError.usage("--version: say which version")
    }
    let target = try ModelText.target(input)
    let moved = try registering {
      try registry.move(target: target, version: version, to: .production, at: Date())
    }
    try show(moved, input)
    return ExitCode.done
  })

private let modelsRollBackCommand = CommandLineCommand(
  "rollback", "Take the model in use out and put the one before it back.",
  examples: ["pems models rollback pv"],
  options: [ModelFolder.option, json], arguments: [targetArgument],
  run: { input in
    let registry = try ModelFolder.shelf(input).registry
    let target = try ModelText.target(input)
    let restored = try registering { try registry.rollBack(target: target, at: Date()) }
    try show(restored, input)
    return ExitCode.done
  })

private let modelsReviewCommand = CommandLineCommand(
  "review",
  "Judge models on the days since their training: promote a better challenger, go back from a "
    + "degraded one, tell a loss of the plant.",
  examples: ["pems models review --config pems.yaml --store history.db"],
  options: SignalSource.options + TrainingSource.options + [ModelFolder.option, json],
  run: { input in
    let source = try TrainingSource(input)
    let registry = try ModelFolder.shelf(input).registry
    let past = try source.past(of: source.targets)
    var findings = try source.targets.flatMap { target in
      try registering { try ModelReview(registry, past, target).findings() }
    }
    if let alarm = PlantDrift.news(past) { findings.append(PlantDrift.finding(alarm)) }
    guard !findings.isEmpty else { throw CommandFailure.failed("there is no model to review") }
    if input.flag("json") {
      try printJSON(findings)
    } else {
      for finding in findings { print("\(finding.target): \(finding.message)") }
    }
    // A degraded model or a lost string is an alert: cron and systemd see it by the exit code.
    return findings.contains(where: \.isAlert) ? ExitCode.failed : ExitCode.done
  })

private func show(_ model: ModelMetadata, _ input: CommandLineInput) throws {
  if input.flag("json") { try printJSON(model) } else { print(ModelText.line(model)) }
}
