// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that the daemon stays free of DuckDB (60 MB). `make parquet` fills .deps.
let library = Context.packageDirectory + "/.deps/duckdb"

let package = Package(
  name: "pems-parquet",
  dependencies: [.package(name: "pems", path: "..")],
  targets: [
    .systemLibrary(name: "CDuckDB"),
    .executableTarget(
      name: "pems-parquet",
      dependencies: [
        "CDuckDB",
        .product(name: "CommandLineParsing", package: "pems"),
        .product(name: "History", package: "pems"),
        .product(name: "Household", package: "pems"),
        .product(name: "TimeSeries", package: "pems"),
      ],
      linkerSettings: [
        // The wheel's module exports DuckDB's whole C API and refers to Python, which is never called.
        .unsafeFlags([
          "-L\(library)", "-Xlinker", "-rpath=\(library)", "-Xlinker", "-rpath=$ORIGIN/../lib",
          "-l:libpython3.11.so.1.0",
        ])
      ]),
  ],
  swiftLanguageModes: [.v6])
