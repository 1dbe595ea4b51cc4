// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing
import TimeSeries

@testable import Physics

@Suite("Estimates from heating cycles")
struct EstimationCycleTests {
  @Test("a simulated relay room gives its own loss and capacity")
  func simulatedRoom() throws {
    // 1 kW relay with 0.3 K hysteresis, 25 W/K, 3 kWh/K, 0 °C outdoors.
    let (loss, capacity, power) = (25.0, 3.0, 1_000.0)
    var (temperature, isOn, onHours, sum) = (20.0, false, 0.0, 0.0)
    var cycles: [HeatingCycle] = []
    var (since, from) = (0.0, 20.0)
    let step = 1.0 / 60
    for minute in 0..<60 * 24 * 40 {
      temperature += step / capacity / 1_000 * ((isOn ? power : 0) - loss * temperature)
      onHours += isOn ? step : 0
      sum += temperature
      since += step
      guard isOn ? temperature > 20.4 : temperature < 19.7 else { continue }
      if isOn {
        cycles.append(
          HeatingCycle(
            heatingHours: Hours(since), start: Celsius(from), end: Celsius(temperature),
            coolingHours: Hours(1), coolingDrop: Kelvins(loss * temperature / capacity / 1_000)))
      }
      (since, from, isOn) = (0, temperature, !isOn)
      _ = minute
    }
    let hours = 24.0 * 40
    let statistics = HeatingStatistics(
      room: "a", power: Watts(power), duty: Fraction(onHours / hours),
      meanDifference: Kelvins(sum / (hours * 60)),
      heatUpRate: KelvinsPerHour((power - loss * 20) / capacity / 1_000),
      coolDownRate: KelvinsPerHour(loss * 20 / capacity / 1_000), cycles: cycles)
    let estimate = try #require(CycleEstimate.estimates(for: [statistics]).first)
    #expect(estimate.determination == .determined)
    #expect(abs(estimate.heatLoss.value.rawValue - loss) < 0.5)
    #expect(abs(estimate.capacity.value.rawValue - capacity) < 0.1)
  }

  @Test("a room that was never heated borrows from the others and says so")
  func neverHeated() {
    func statistics(_ room: String, duty: Double, up: Double?) -> HeatingStatistics {
      HeatingStatistics(
        room: room, power: Watts(1_000), duty: Fraction(duty), meanDifference: Kelvins(20),
        heatUpRate: up.map { KelvinsPerHour($0) }, coolDownRate: KelvinsPerHour(0.2), cycles: [])
    }
    let estimates = CycleEstimate.estimates(for: [
      statistics("heated", duty: 0.5, up: 0.2), statistics("cold", duty: 0, up: nil),
    ])
    #expect(estimates[1].determination == .neverHeated)
    // 1 kW × 0.5 / 20 K = 25 W/K and 1 kW / 0.4 K/h = 2.5 kWh/K of the only heated room.
    #expect(abs(estimates[1].heatLoss.value.rawValue - 25) < 1e-9)
    #expect(abs(estimates[1].capacity.value.rawValue - 2.5) < 1e-9)
    #expect(estimates[1].capacity.high > estimates[0].capacity.high)
  }

  @Test(
    "the reference house: 17 rooms, none at a bound, agreeing with the steady state",
    .enabled(
      if: ReferenceMaterial.has("data/loxone_house/rooms.csv"),
      Comment(rawValue: ReferenceMaterial.missing("data/loxone_house"))))
  func referenceHouse() throws {
    let statistics = try Self.referenceStatistics()
    let estimates = CycleEstimate.estimates(for: statistics)
    #expect(estimates.count == 17)
    for (room, estimate) in zip(statistics, estimates) {
      print(Self.row(estimate, room))
      #expect((0.2...30).contains(estimate.capacity.value.rawValue))
      let steady = room.power.rawValue * room.duty.rawValue / room.meanDifference.rawValue
      if steady > 0 {
        #expect(abs(estimate.heatLoss.value.rawValue / steady - 1) < 0.25, "\(room.room)")
      } else {
        #expect(estimate.determination == .neverHeated)
      }
    }
    #expect(estimates.filter { $0.determination == .neverHeated }.map(\.room) == ["spajz"])
  }

  private static func row(_ estimate: CycleEstimate, _ room: HeatingStatistics) -> String {
    func text(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
    let (loss, capacity) = (estimate.heatLoss, estimate.capacity)
    let steady = room.power.rawValue * room.duty.rawValue / room.meanDifference.rawValue
    return [
      estimate.room, text(steady, 1), text(loss.value.rawValue, 1),
      "\(text(loss.low.rawValue, 1))–\(text(loss.high.rawValue, 1))",
      text(capacity.value.rawValue, 2),
      "\(text(capacity.low.rawValue, 2))–\(text(capacity.high.rawValue, 2))",
      "\(estimate.usedCycles)", text(estimate.pooledHeatLoss.rawValue, 1),
      text(estimate.heatFromElsewhere.rawValue, 0), estimate.determination.rawValue,
    ].joined(separator: " | ")
  }

  /// The two files of the reference house; plain commas, no quotes.
  static func referenceStatistics() throws -> [HeatingStatistics] {
    func table(_ name: String) throws -> [[String: String]] {
      let url = ReferenceMaterial.url("data/loxone_house/\(name)")
      let lines = try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline)
      let columns = lines[0].split(separator: ",").map(String.init)
      return lines.dropFirst().map { line in
        let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        return Dictionary(uniqueKeysWithValues: zip(columns, cells))
      }
    }
    let cycles = try table("heating_cycles.csv")
    return try table("rooms.csv").map { row in
      func number(_ row: [String: String], _ column: String) -> Double? {
        row[column].flatMap(Double.init)
      }
      let own = cycles.filter { $0["room"] == row["room"] }.compactMap { cycle -> HeatingCycle? in
        guard let hours = number(cycle, "heating_hours"), let start = number(cycle, "start_c"),
          let end = number(cycle, "heating_end_c")
        else { return nil }
        return HeatingCycle(
          heatingHours: Hours(hours), start: Celsius(start), end: Celsius(end),
          coolingHours: number(cycle, "decay_hours").map { Hours($0) },
          coolingDrop: number(cycle, "decay_drop_k").map { Kelvins($0) })
      }
      return HeatingStatistics(
        room: try #require(row["room"]),
        power: Watts(1_000 * (try #require(number(row, "power_kw")))),
        duty: Fraction(try #require(number(row, "heating_pct")) / 100),
        meanDifference: Kelvins(try #require(number(row, "mean_minus_outdoor_k"))),
        heatUpRate: number(row, "heatup_k_per_h").map { KelvinsPerHour($0) },
        coolDownRate: number(row, "cooldown_k_per_h").map { KelvinsPerHour($0) }, cycles: own)
    }
  }
}
