// SPDX-License-Identifier: MIT
import Control
import Foundation
import Household
import Planning
import TestSupport
import Testing
import TimeSeries

@testable import Simulation

/// Evidence as it really comes: the rules run a house for a winter's week, pems decides beside them on the
/// same readings and commands nothing.
@Suite("A shadow beside the rules")
struct ShadowReviewTests {
  private let start = instant("2026-02-01T23:00:00Z")

  /// - Parameter keeping: which cycles leave a line.
  private func records(
    days: Int, keeping: @escaping (Int) -> Bool = { _ in true }
  ) throws -> (records: [OutcomeRecord], home: Home) {
    let home = TestHome.home(vehicles: false)
    let weather = SimulatedWeather(location: home.site.location, seed: 5)
    let market = SimulatedDayAheadMarket(weather: weather, calendar: home.site.calendar, seed: 5)
    var twin = try SimulatedHome(
      home: home, weather: weather, market: market, seed: 5, start: start)
    let period = start..<start.addingTimeInterval(Double(days) * 86_400)
    let outlook = SimulatedOutlook(home: twin, period: period)
    let model = try HomeModel(
      home: home, settings: ControlSettings(cycleSeconds: 900, planStepCount: 96))
    let shadow = ControlCycle(model: model, strategy: .optimised(PlannerOptions(.quick)))
    var memory = ControlCycle.Memory()
    var records: [OutcomeRecord] = []
    var count = 0
    var observers = HouseRun.Observers()
    observers.onCycle = { _, input, _ in
      let result = shadow.step(input, memory: memory)
      memory = result.memory
      let record = OutcomeRecord(
        result, snapshot: input.snapshot, stage: .advisory, commanded: [], degraded: [])
      // As it comes back from the disk of a running pems.
      if keeping(count) { records.append(try OutcomeRecord(line: try record.line())) }
      count += 1
    }
    _ = try HouseRun(model: model, strategy: .rules, controller: "rules").run(
      &twin, outlook: outlook, period: period, observers: observers)
    return (records, home)
  }

  @Test("shows coverage, regret and violations of a week, each with its figure and its bound")
  func week() throws {
    let (records, home) = try records(days: 7)
    let review = StageReview(records, home: home)
    let texts = review.findings.map(\.text)
    let wanted = [
      "7 whole days in stage advisory, 7 needed", "of base load inside the band",
      "of production inside the band", "plans refused by the independent check",
      "cycles in which a limit stepped in", "hours for the heaters would have saved",
      "hours for the battery would have saved",
    ]
    for words in wanted { #expect(texts.contains { $0.contains(words) }, "\(words): \(texts)") }
    #expect(review.days.count == 7 && review.days.allSatisfy { $0.coverage > 0.99 })
    #expect(review.findings.allSatisfy(\.isMet) == (review.proposal == .promote), "\(texts)")
    // pems knows the prices of the day, the rules do not: its hours are cheaper.
    #expect(review.days.reduce(0) { $0 + $1.batteryAdvantage } > 0, "\(texts)")
    #expect(review.findings.first { $0.text.contains("refused") }?.isMet == true)
  }

  @Test("a day with a hole is no whole day, and a stage is not earned by six")
  func hole() throws {
    let (records, home) = try records(days: 2) { !(40..<60).contains($0) }
    let review = StageReview(records, home: home)
    #expect(review.findings[0].text.hasPrefix("1 whole days") && !review.findings[0].isMet)
    #expect(review.proposal == .stay)
  }
}
