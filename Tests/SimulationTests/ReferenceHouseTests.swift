// SPDX-License-Identifier: MIT
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@testable import Simulation

@Suite("Reference house") struct ReferenceHouseTests {
  private static let haveRecords = ReferenceMaterial.has(ReferenceHouse.records)
  private static let missing = Comment(
    rawValue: ReferenceMaterial.missing(ReferenceHouse.records))

  private var estimate: TruthCalibration.Estimate {
    TruthCalibration.Estimate(
      truth: .referenceHouse, setpoints: TruthParameters.referenceHouseSetpoints)
  }

  /// Expected: what the real house recorded from December 2024 to January 2025. The tolerance is the
  /// one the simulator promises; means are held to 0.3 K.
  @Test(
    "shows the recorded means, duties and rates over a simulated December",
    .enabled(if: haveRecords, missing))
  func december() throws {
    let home = try ReferenceHouse.home()
    let records = try ReferenceHouse.observations()
    let (shown, outdoor) = try ReferenceHouse.december(home, estimate)
    let rows = try records.map { record in
      (record, try #require(shown.first { $0.room == record.room }))
    }
    print(table(rows, outdoor: outdoor))
    #expect(abs(outdoor.rawValue - 1) < 0.1)
    for (record, room) in rows where record.duty > Fraction(0.05) {
      #expect(abs((room.mean - record.mean).rawValue) < 0.3, "\(room)")
      #expect(abs(room.duty / record.duty - 1) < 0.2, "\(room)")
      let (up, down) = (record.heatUpKelvinsPerHour ?? 0, record.coolDownKelvinsPerHour ?? 0)
      #expect(abs((room.heatUpKelvinsPerHour ?? .nan) / up - 1) < 0.2, "\(room)")
      #expect(abs((room.coolDownKelvinsPerHour ?? .nan) / down - 1) < 0.2, "\(room)")
    }
    // The rooms that live from their neighbours.
    for (record, room) in rows where record.duty <= Fraction(0.05) {
      #expect(abs((room.mean - record.mean).rawValue) < 0.5, "\(room)")
      #expect(room.duty < Fraction(0.08), "\(room)")
    }
    let next = TruthCalibration(home: home, targets: records)
      .improved(estimate, shown: shown, outdoor: outdoor)
    for record in records {
      let (before, after) = (estimate.truth[record.room], next.truth[record.room])
      #expect(abs(after.heatLossFactor / before.heatLossFactor - 1) < 0.08, "\(record.room)")
      #expect(
        abs(after.heatCapacityFactor / before.heatCapacityFactor - 1) < 0.12, "\(record.room)")
    }
  }

  private func table(
    _ rows: [(record: RoomObservation, shown: RoomObservation)], outdoor: Celsius
  ) -> String {
    func text(_ value: Double?, _ digits: Int) -> String {
      value.map { String(format: "%.\(digits)f", $0) } ?? "–"
    }
    let head =
      "outdoor mean \(text(outdoor.rawValue, 2)) °C; simulated / recorded\n"
      + "| room | mean °C | duty % | heat-up K/h | cool-down K/h |\n|---|---|---|---|---|\n"
    return head
      + rows.map { record, shown in
        "| \(record.room) | \(text(shown.mean.rawValue, 2)) / \(text(record.mean.rawValue, 2)) | "
          + "\(text(shown.duty.percent, 1)) / \(text(record.duty.percent, 1)) | "
          + "\(text(shown.heatUpKelvinsPerHour, 3)) / \(text(record.heatUpKelvinsPerHour, 3)) | "
          + "\(text(shown.coolDownKelvinsPerHour, 3)) / "
          + "\(text(record.coolDownKelvinsPerHour, 3)) |"
      }.joined(separator: "\n")
  }

  /// The targets are what a home shows whose rooms lose 30 % more and 20 % less than configured.
  @Test("calibration finds heat losses that are known")
  func calibration() throws {
    let home = TestHome.home()
    var truth = TruthParameters()
    truth.rooms["living"] = truth.usualRoom
    truth.rooms["living"]?.heatLossFactor = 1.3
    truth.rooms["study"] = truth.usualRoom
    truth.rooms["study"]?.heatLossFactor = 0.8
    let setpoints = ["living": Celsius(21.5), "study": Celsius(20.5)]
    let known = TruthCalibration.Estimate(truth: truth, setpoints: setpoints)
    let targets = try ReferenceHouse.december(home, known).rooms
    let found = try TruthCalibration(home: home, targets: targets)
      .fitted(steps: 12) { try ReferenceHouse.december(home, $0) }
    #expect(abs(found.truth["living"].heatLossFactor - 1.3) < 0.06)
    #expect(abs(found.truth["study"].heatLossFactor - 0.8) < 0.06)
    #expect(abs((found.setpoints["living"] ?? .zero).rawValue - 21.5) < 0.2)
  }

  @Test("a simulated week takes well under a second, with 17 rooms in minutes")
  func speed() throws {
    let home = try ReferenceHouse.home()
    let weather = SimulatedWeather(location: home.site.location, seed: 1)
    var house = try SimulatedHome(
      home: home, truth: .referenceHouse, weather: weather,
      market: SimulatedDayAheadMarket(weather: weather, calendar: home.site.calendar, seed: 1),
      seed: 1, start: instant("2026-01-05T00:00:00Z"))
    let duration = ContinuousClock().measure {
      house.advance(to: house.time.addingTimeInterval(7 * 86_400))
    }
    print("a week of \(home.rooms.count) rooms in minutes: \(duration)")
    #expect(abs(house.ledger.imbalance.rawValue) < 1e-9)
    #expect(duration < .seconds(3), "\(duration) on a machine that others use too")
  }
}
