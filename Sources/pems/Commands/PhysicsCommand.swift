// SPDX-License-Identifier: MIT
import CommandLineParsing
import Foundation
import Spelling

/// `pems physics`: the formulas of the sun on columns of numbers, for comparison with other programs.
let physicsCommand = CommandLineCommand(
  "physics", "Compute the models of sun and PV on CSV columns (in_… to out_…).",
  examples: [
    "pems physics airmass < airmass.csv > airmass_out.csv",
    "pems physics --all vectors/dev build/vectors",
  ],
  options: [
    .flag("all", "compute each MODEL.csv of the folder DIR_IN into the folder DIR_OUT"),
    .flag("list", "print the models with the columns they need"),
  ],
  arguments: [
    CommandLineArgument(
      "MODEL|DIR_IN", "a model (see --list), or with --all the folder to read", isOptional: true),
    CommandLineArgument("DIR_OUT", "with --all the folder to write", isOptional: true),
  ],
  run: { input in
    let first = input.string("MODEL|DIR_IN")
    if input.flag("list") {
      for model in PhysicsModel.all {
        print("\(model.name): \(model.inputs.joined(separator: ", "))")
      }
      return ExitCode.done
    }
    guard let first else { throw CommandLineError.usage("a MODEL is needed; see --list") }
    if input.flag("all") {
      return try computeFolder(first, into: try input.require("DIR_OUT"))
    }
    guard input.string("DIR_OUT") == nil else {
      throw CommandLineError.usage("DIR_OUT goes with --all")
    }
    try physicsModel(first).compute(try PhysicsTable(path: "-")).write(path: "-")
    return ExitCode.done
  })

private func physicsModel(_ name: String) throws -> PhysicsModel {
  guard let model = PhysicsModel.all.first(where: { $0.name == name }) else {
    let hint = NearestMatch.of(name, in: PhysicsModel.all.map(\.name))
    throw CommandLineError.usage(
      "unknown model '\(name)'" + (hint.map { "; did you mean '\($0)'?" } ?? "; see --list"))
  }
  return model
}

/// Computes every file whose name is a model; others are left out and named.
private func computeFolder(_ source: String, into target: String) throws -> Int32 {
  let files = FileManager.default
  guard let names = try? files.contentsOfDirectory(atPath: source) else {
    throw CommandFailure.failed("cannot read the folder \(source)")
  }
  let tables = names.filter { $0.hasSuffix(".csv") }.sorted()
  try files.createDirectory(atPath: target, withIntermediateDirectories: true)
  for (index, file) in tables.enumerated() {
    Terminal.showProgress("physics", done: index, of: tables.count)
    let name = String(file.dropLast(4))
    guard let model = PhysicsModel.all.first(where: { $0.name == name }) else {
      Terminal.printError("left out: \(file) is not a model")
      continue
    }
    try model.compute(try PhysicsTable(path: "\(source)/\(file)")).write(path: "\(target)/\(file)")
  }
  Terminal.showProgress("physics", done: tables.count, of: tables.count)
  return ExitCode.done
}
