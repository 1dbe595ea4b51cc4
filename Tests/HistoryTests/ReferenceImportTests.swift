// SPDX-License-Identifier: MIT
import Configuration
import Foundation
import TestSupport
import Testing
import TimeSeries

@testable import History

/// The expected numbers come from a script in Python over the same files, written apart from this
/// program: differences, left-out steps and sums by hand.
@Suite("Import of recorded files by the example mappings")
struct ReferenceImportTests {
  static let toon = "data/a_nl_toon_home/toon_hourly_cumulative_dev_2018_2021.csv.gz"
  static let prices = "data/b_prices_dayahead_eu/de_lu_hourly_dev_2015_2022.csv.gz"

  func load(_ path: String, by mapping: String) throws -> (ImportFixture, ImportReport) {
    let fixture = try ImportFixture()
    let mappingFile = ReferenceMaterial.package.appending(path: "Examples/mappings/\(mapping)").path
    let document = try YAMLDocument(contentsOf: mappingFile)
    let report = try SeriesImporter(mapping: document.decode(ImportMapping.self))
      .run(file: ReferenceMaterial.url(path).path, into: fixture.store)
    return (fixture, report)
  }

  @Test(
    "turns the meters of a home into power",
    .enabled(if: ReferenceMaterial.has(toon), Comment(rawValue: ReferenceMaterial.missing(toon))))
  func meters() throws {
    let (fixture, report) = try load(Self.toon, by: "toon.yaml")
    #expect(report.rows == 32_860)
    for (signal, count, sum) in [
      ("pv_power_w", 29_613, 11_171_914.0), ("grid_power_w", 30_012, 3_664_360),
      ("load_power_w", 29_563, 14_941_568),
    ] {
      let values = try fixture.values(signal)
      #expect(values.count == count, "\(signal)")
      // Whole watt-hours: the sum is exact.
      #expect(values.reduce(0, +) == sum, "\(signal)")
    }
    #expect(report.count(.negativeStep, "solar_Wh") == 8)
    #expect(report.count(.catchUp, "import_low_Wh") == 1)
    #expect(report.count(.frozenMeter, "import_low_Wh") == 593)
    #expect(report.count(.gap, "utc_time") == 8)
  }

  @Test(
    "turns day-ahead prices into money for a kilowatt-hour",
    .enabled(
      if: ReferenceMaterial.has(prices), Comment(rawValue: ReferenceMaterial.missing(prices))))
  func dayAhead() throws {
    let (fixture, report) = try load(Self.prices, by: "day-ahead-prices.yaml")
    let samples = try fixture.samples("price_spot_eur_per_kwh")
    #expect(samples.count == 70_030)
    #expect(samples.first?.time == instant("2015-01-04T23:00:00Z"))
    #expect(samples.first?.value == 0.02234)
    #expect(report.count(.gap, "utc_start") == 1)
  }
}
