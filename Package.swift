// swift-tools-version: 6.2
import Foundation
import PackageDescription

// `make setup` fills .deps with the C libraries that Debian does not package (see tools/setup.sh).
let deps = Context.packageDirectory + "/.deps"

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
  // Modules built for testing show their importers what they import internally, so all need the header.
  .unsafeFlags(["-Xcc", "-I\(deps)/highs/include/highs"]),
]

/// Numeric kernels are optimised in debug builds too: the tests run real plans and simulations.
let optimised: [SwiftSetting] =
  strict + [
    .unsafeFlags(["-O"], .when(configuration: .debug))
  ]

func headers(_ path: String) -> SwiftSetting { .unsafeFlags(["-Xcc", "-I\(deps)/\(path)"]) }

/// A library out of a wheel, found in the build tree and in an installed tree (bin/ beside lib/).
func wheel(_ name: String) -> LinkerSetting {
  .unsafeFlags([
    "-L\(deps)/\(name)/lib", "-Xlinker", "-rpath=\(deps)/\(name)/lib",
    "-Xlinker", "-rpath=$ORIGIN/../lib",
  ])
}

/// The modules of the house, lowest row first. ArchitectureTests reads the rows from docs/architecture.md.
let modules: [Target] = [
  // row 0: module map and shim of each C library; one importer each
  .systemLibrary(name: "CHiGHS"),
  .systemLibrary(name: "CSQLite"),
  .systemLibrary(name: "CYAML"),
  .systemLibrary(name: "CCSV"),
  .systemLibrary(name: "CZlib"),
  .systemLibrary(name: "CCurl"),
  .systemLibrary(name: "CExpat"),
  .systemLibrary(name: "CLightGBM"),
  .systemLibrary(name: "CXGBoost"),
  .systemLibrary(name: "CMosquitto"),
  .systemLibrary(name: "CModbus"),
  .systemLibrary(name: "CWebSockets"),
  // row 1
  .target(name: "TimeSeries", swiftSettings: optimised),
  .target(name: "Spelling", swiftSettings: strict),
  .target(name: "ParallelWork", swiftSettings: strict),
  .target(name: "HTTP", dependencies: ["CCurl"], swiftSettings: strict),
  // row 2
  .target(name: "CommandLineParsing", dependencies: ["Spelling"], swiftSettings: strict),
  .target(name: "Household", dependencies: ["TimeSeries"], swiftSettings: optimised),
  // row 3
  .target(
    name: "Configuration",
    dependencies: ["CYAML", "TimeSeries", "Spelling", "HTTP", "Household"],
    swiftSettings: strict),
  .target(
    name: "MILP", dependencies: ["CHiGHS"],
    swiftSettings: optimised, linkerSettings: [wheel("highs")]),
  .target(
    name: "Physics", dependencies: ["TimeSeries", "Household"], swiftSettings: optimised),
  .target(
    name: "Learning", dependencies: ["CLightGBM", "CXGBoost", "TimeSeries", "ParallelWork"],
    swiftSettings: optimised, linkerSettings: [wheel("lightgbm"), wheel("xgboost")]),
  // row 4
  .target(
    name: "Analysis", dependencies: ["TimeSeries", "Household", "Physics"],
    swiftSettings: optimised),
  .target(name: "Quality", dependencies: ["TimeSeries", "Household"], swiftSettings: optimised),
  .target(
    name: "Planning", dependencies: ["TimeSeries", "Household", "Physics", "MILP"],
    swiftSettings: optimised),
  .target(
    name: "Forecasting", dependencies: ["TimeSeries", "Household", "Physics", "Learning"],
    swiftSettings: optimised),
  // row 5
  .target(
    name: "Control",
    dependencies: ["TimeSeries", "Household", "Physics", "Forecasting", "Planning"],
    swiftSettings: optimised),
  // row 6
  .target(
    name: "History",
    dependencies: [
      "CSQLite", "CCSV", "CZlib", "HTTP", "TimeSeries", "Spelling", "ParallelWork", "Household",
      "Configuration",
    ], swiftSettings: optimised),
  .target(
    name: "Feeds", dependencies: ["CExpat", "HTTP", "TimeSeries", "Household"],
    swiftSettings: strict),
  .target(
    name: "Simulation",
    dependencies: [
      "TimeSeries", "Household", "Physics", "Forecasting", "Planning", "Control",
    ], swiftSettings: optimised),
  .target(
    name: "Devices", dependencies: ["CMosquitto", "CModbus", "TimeSeries", "Household"],
    swiftSettings: strict),
  .target(name: "Web", dependencies: ["CWebSockets"], swiftSettings: strict),
  .target(
    name: "Reports",
    dependencies: ["TimeSeries", "Household", "Learning", "Forecasting", "Control"],
    swiftSettings: strict),
  // row 7
  .executableTarget(
    name: "pems",
    dependencies: [
      "TimeSeries", "Spelling", "CommandLineParsing", "Household", "Physics", "Planning",
      "Forecasting", "Control", "Configuration", "History", "Feeds", "Quality", "Learning",
      "Analysis", "Simulation", "Reports", "HTTP", "Devices", "Web",
    ], swiftSettings: strict),
]

/// One test target a module, which may use whatever its module may use.
let tests: [Target] =
  modules.filter { $0.type == .regular }.map { module in
    .testTarget(
      name: module.name + "Tests",
      dependencies: [.target(name: module.name), "TestSupport"]
        + module.dependencies.filter(isSwiftModule),
      swiftSettings: strict)
  } + [
    .testTarget(
      name: "ArchitectureTests", dependencies: ["TestSupport"], swiftSettings: optimised),
    .testTarget(
      name: "CommandTests", dependencies: ["pems", "TestSupport"], swiftSettings: strict),
    // apart, so that a change in Planning has its tests within a minute
    .testTarget(
      name: "PropertyTests", dependencies: ["Planning", "PlanningFixtures", "TimeSeries"],
      swiftSettings: strict),
  ]

/// What several test targets need; no test in it.
let testSupport = Target.target(
  name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict)

/// Seeded homes for the tests of the planner.
let planningFixtures = Target.target(
  name: "PlanningFixtures", dependencies: ["Planning", "TimeSeries"],
  path: "Tests/PlanningFixtures", swiftSettings: strict)

/// C libraries begin with a capital C before another capital; only their wrapper may see them.
nonisolated func isSwiftModule(_ dependency: Target.Dependency) -> Bool {
  guard case .byNameItem(let name, _) = dependency else { return true }
  return !name.hasPrefix("C") || name.dropFirst().first?.isLowercase ?? true
}

let present = (modules + [testSupport, planningFixtures] + tests).filter(hasContent)
for target in present {
  // the reference house is an example configuration
  if ["SimulationTests", "DevicesTests"].contains(target.name) {
    target.dependencies.append("Configuration")
  }
  if target.name == "PlanningTests" { target.dependencies.append("PlanningFixtures") }
  target.dependencies = target.dependencies.filter { dependency in
    guard case .byNameItem(let name, _) = dependency else { return true }
    return present.contains { $0.name == name }
  }
}

/// The modules as libraries, for the benchmarks and for whoever takes one out.
let libraries: [Product] = present.filter { $0.type == .regular && $0.path == nil }.map {
  .library(name: $0.name, targets: [$0.name])
}

let package = Package(
  name: "pems",
  products: libraries,
  targets: present,
  swiftLanguageModes: [.v6])

/// While the house is being built: a module appears when its folder has content.
func hasContent(_ target: Target) -> Bool {
  let folder =
    Context.packageDirectory + "/"
    + (target.path ?? (target.type == .test ? "Tests/" : "Sources/") + target.name)
  return !((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).isEmpty
}
