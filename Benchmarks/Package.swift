// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "benchmarks",
  dependencies: [.package(name: "pems", path: "..")],
  targets: [
    .executableTarget(
      name: "benchmarks",
      dependencies: [
        .product(name: "Configuration", package: "pems"),
        .product(name: "Forecasting", package: "pems"),
        .product(name: "HTTP", package: "pems"),
        .product(name: "History", package: "pems"),
        .product(name: "Household", package: "pems"),
        .product(name: "Learning", package: "pems"),
        .product(name: "Physics", package: "pems"),
        .product(name: "Planning", package: "pems"),
        .product(name: "Simulation", package: "pems"),
        .product(name: "TimeSeries", package: "pems"),
      ])
  ],
  swiftLanguageModes: [.v6])
