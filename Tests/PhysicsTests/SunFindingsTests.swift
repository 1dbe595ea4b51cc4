// SPDX-License-Identifier: MIT
import Foundation
import Household
import Physics
import TestSupport
import Testing
import TimeSeries

@Suite("Curtailment, export policy and faults")
struct SunFindingsTests {
  /// Thirty sunny days of quarter-hours: the plant gives what is expected, within 3 %.
  static func sunny(
    days: Int = 30, seed: UInt64 = 1
  ) -> (grid: TimeGrid, steps: [PVObservation]) {
    var random = SplitMix64(seed: seed)
    let grid = TimeGrid(
      start: instant("2025-05-01T00:00:00Z"), stepSeconds: 900, count: 96 * days)
    let expected = InventedPlant.roof(35, 180).clearSkyPower(on: grid).total
    let steps = grid.indices.map { index in
      let noise = Double.random(in: 0.97...1.03, using: &random)
      return PVObservation(
        power: expected[index].map { $0 * noise }, expected: expected[index], clearIndex: 1,
        export: expected[index].map { $0 * (0.8 * noise) }, temperature: Celsius(15))
    }
    return (grid, steps)
  }

  static let capacity = Watts(5_000)

  @Test("sees an export limit and what it cost")
  func exportLimit() throws {
    var (grid, steps) = Self.sunny()
    var held: Set<Int> = []
    var (lost, lostWhenHeld) = (0.0, 0.0)
    for index in steps.indices where (steps[index].export?.rawValue ?? 0) > 2_000 {
      let power = steps[index].power?.rawValue ?? 0
      let export = steps[index].export?.rawValue ?? 0
      steps[index].power = Watts(power - export + 2_000)
      steps[index].export = Watts(2_000)
      let gap = (steps[index].expected?.rawValue ?? 0) - (power - export + 2_000)
      lost += gap / 4_000
      if gap > 600 {
        held.insert(index)
        lostWhenHeld += gap / 4_000
      }
    }
    let finding = CurtailmentDetection(capacity: Self.capacity, exportLimit: Watts(2_000))
      .finding(steps, on: grid)
    #expect(held.count > 100 && finding.curtailedSteps.isSuperset(of: held))
    let wrong = finding.curtailedSteps.filter { (steps[$0].export?.rawValue ?? 0) < 1_900 }
    #expect(wrong.isEmpty)
    // what clouds could hide as well is not claimed
    #expect((lostWhenHeld...lost).contains(finding.lostEnergy.rawValue))
    #expect(finding.evidence["export at its limit", default: 0] >= held.count)
    let policy = ExportPolicy(steps, capacity: Self.capacity, curtailed: finding.curtailedSteps)
    #expect(abs((try #require(policy.cap)).limit.rawValue - 2_000) < 20)
  }

  @Test("does not take clouds for curtailment", arguments: 1...3)
  func clouds(seed: UInt64) {
    var (grid, steps) = Self.sunny(seed: seed)
    var random = SplitMix64(seed: seed)
    for index in steps.indices {
      let share = Double.random(in: 0.1...1, using: &random)
      steps[index].power = steps[index].power.map { $0 * share }
      steps[index].export = steps[index].export.map { $0 * share }
    }
    let finding = CurtailmentDetection(capacity: Self.capacity, exportLimit: Watts(4_000))
      .finding(steps, on: grid)
    #expect(finding.curtailedSteps.count < steps.count / 200)
    let policy = ExportPolicy(steps, capacity: Self.capacity, curtailed: finding.curtailedSteps)
    #expect(policy.cap == nil && policy.priceRule == nil)
  }

  @Test("believes the inverter, and a full battery without export")
  func witnesses() {
    var (grid, steps) = Self.sunny(days: 3)
    let reported = 48..<52
    let full = 144..<148
    for index in reported {
      steps[index].power = Watts(1_000)
      steps[index].reportsLimit = true
    }
    for index in full {
      steps[index].power = Watts(700)
      steps[index].export = Watts(0)
      steps[index].isBatteryFull = true
    }
    let finding = CurtailmentDetection(capacity: Self.capacity).finding(steps, on: grid)
    #expect(finding.curtailedSteps.isSuperset(of: Set(reported)))
    #expect(finding.curtailedSteps.isSuperset(of: Set(full)))
    #expect(finding.curtailedSteps.count < 16)
  }

  @Test("finds the price below which a house does not export")
  func priceRule() throws {
    var (_, steps) = Self.sunny()
    var curtailed: Set<Int> = []
    for index in steps.indices {
      let price = Double(index % 40) * 0.1 - 1
      steps[index].exportPrice = PricePerKilowattHour(price)
      if price < 0.2, (steps[index].expected?.rawValue ?? 0) > 1_000 { curtailed.insert(index) }
    }
    let policy = ExportPolicy(steps, capacity: Self.capacity, curtailed: curtailed)
    let rule = try #require(policy.priceRule)
    #expect(abs(rule.smallestPrice.rawValue - 0.2) < 0.11)
    #expect(rule.curtailedBelow == rule.stepsBelow && rule.curtailedAbove == 0)
  }

  @Test("finds snow only after snow, in the cold, under a bright sky")
  func snow() {
    var (grid, steps) = Self.sunny(days: 12)
    for index in 96 * 5..<96 * 6 {
      steps[index].temperature = Celsius(-4)
      steps[index].power = Watts(0)
    }
    steps[96 * 4 + 80].snowfall = Millimetres(50)
    let findings = PlantInspection(capacity: Self.capacity).findings(steps, on: grid)
    guard case .snow(let range, let lost)? = findings.first else {
      Issue.record("no snow in \(findings)")
      return
    }
    #expect(findings.count == 1)
    #expect(range.lowerBound >= grid.date(at: 96 * 5) && range.upperBound <= grid.date(at: 96 * 6))
    #expect((15...40).contains(lost.rawValue))
  }

  @Test("finds a day without power and calls it an outage")
  func outage() {
    var (grid, steps) = Self.sunny(days: 12)
    for index in 96 * 5..<96 * 6 { steps[index].power = Watts(0) }
    let findings = PlantInspection(capacity: Self.capacity).findings(steps, on: grid)
    guard case .outage(let range, let count)? = findings.first else {
      Issue.record("no outage in \(findings)")
      return
    }
    #expect(findings.count == 1 && count > 20)
    #expect(range.lowerBound >= grid.date(at: 96 * 5))
  }

  @Test("finds the day on which a third of the modules fell out")
  func stringFault() {
    var (grid, steps) = Self.sunny(days: 24)
    for index in 96 * 14..<steps.count {
      steps[index].power = steps[index].power.map { $0 * (2.0 / 3) }
    }
    let findings = PlantInspection(capacity: Self.capacity).findings(steps, on: grid)
    guard case .stepLoss(let since, let share, let before, let after)? = findings.first else {
      Issue.record("no step in \(findings)")
      return
    }
    #expect(since == grid.date(at: 96 * 14) && before == 14 && after == 10)
    #expect(abs(share.rawValue - 1.0 / 3) < 0.03)
  }

  @Test("finds dirt that the rain washes away and no fault in it")
  func soiling() {
    var (grid, steps) = Self.sunny(days: 30)
    for index in 0..<96 * 20 {
      let dirt = 1 - 0.005 * Double(index) / 96
      steps[index].power = steps[index].power.map { $0 * dirt }
    }
    for index in 96 * 20..<96 * 20 + 8 { steps[index].rain = Millimetres(2) }
    let findings = PlantInspection(capacity: Self.capacity).findings(steps, on: grid)
    guard case .soiling(_, let lossPerDay, let recovered)? = findings.first else {
      Issue.record("no soiling in \(findings)")
      return
    }
    #expect(findings.count == 1)
    #expect(abs(lossPerDay.rawValue - 0.005) < 0.001 && abs(recovered.rawValue - 0.1) < 0.02)
  }

  @Test("finds nothing in a healthy plant", arguments: 1...4)
  func healthy(seed: UInt64) {
    let (grid, steps) = Self.sunny(seed: seed)
    #expect(PlantInspection(capacity: Self.capacity).findings(steps, on: grid).isEmpty)
  }
}
