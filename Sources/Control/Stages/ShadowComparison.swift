// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import TimeSeries

/// What pems wanted beside what was done, over whole local days, in money.
///
/// The two drew energy at different times; amounts are left out of the comparison, so that a colder
/// house or an emptier battery is no gain. Of every day, with the price p of each step, its mean p̄ and
/// the energy E that heaters and battery drew:
///
///     advantage = Σ (p − p̄) · (E_measured − E_wanted)
///
/// The price of a step is that of import where the house imported, else that of export. What pems
/// wanted of the battery is followed with a state of charge of its own from the first step of the day.
/// Source: docs/models/stages.md.
public struct ShadowComparison: Sendable {
  /// One local day.
  public struct Day: Sendable, Hashable, Codable {
    /// Its first instant.
    public let start: Date
    /// Cycles that were recorded.
    public let cycles: Int
    /// The share of the day they cover, 0…1.
    public let coverage: Double
    /// What the measured exchange with the grid cost.
    public let measuredCost: Double
    /// What pems' hours for heating would have saved.
    public let heatingAdvantage: Double
    /// What pems' hours for the battery would have saved.
    public let batteryAdvantage: Double
    /// The share of cycles in which all heaters were as pems wanted them.
    public let heatingAgreement: Double
  }

  private let home: Home

  /// A comparison for a home.
  public init(home: Home) { self.home = home }

  /// The days of records, which are in order of time.
  public func days(_ records: [OutcomeRecord]) -> [Day] {
    let calendar = home.site.calendar
    var days: [Day] = []
    var rest = records[...]
    while let first = rest.first {
      let day = calendar.day(holding: first.time, offset: 0)
      let end = rest.firstIndex { $0.time >= day.upperBound } ?? rest.endIndex
      days.append(self.day(Array(rest[rest.startIndex..<end]), day))
      rest = rest[end...]
    }
    return days
  }

  /// A gap longer than this between two records counts for nothing, seconds.
  private static let longestStep = 1_800.0

  private struct Step {
    let hours: Double
    let price: Double
    let heating: Double
    let battery: Double
  }

  private func day(_ records: [OutcomeRecord], _ day: Range<Date>) -> Day {
    var shadow = ShadowBattery(home.battery, percent: records.first?.stateOfChargePercent)
    var steps: [Step] = []
    var cost = 0.0
    for (index, record) in records.enumerated() {
      let next = index + 1 < records.count ? records[index + 1].time : day.upperBound
      let seconds = next.timeIntervalSince(record.time)
      guard seconds <= Self.longestStep, let importPrice = record.importPrice,
        let exportPrice = record.exportPrice, let grid = record.measured.grid
      else { continue }
      let hours = seconds / 3_600
      cost += grid / 1_000 * hours * (grid >= 0 ? importPrice : exportPrice)
      let wanted = shadow.pass(record, heating: power(record.wantedHeating), hours: hours)
      steps.append(
        Step(
          hours: hours, price: grid >= 0 ? importPrice : exportPrice,
          heating: power(record.measuredHeating) - power(record.wantedHeating),
          battery: wanted - (record.measured.battery ?? wanted)))
    }
    let agreeing = records.count { $0.wantedHeating == $0.measuredHeating }
    return Day(
      start: day.lowerBound, cycles: records.count,
      coverage: steps.reduce(0) { $0 + $1.hours } * 3_600
        / day.upperBound.timeIntervalSince(day.lowerBound),
      measuredCost: cost, heatingAdvantage: Self.advantage(steps, \.heating),
      batteryAdvantage: Self.advantage(steps, \.battery),
      heatingAgreement: records.isEmpty ? 0 : Double(agreeing) / Double(records.count))
  }

  /// Watts of heaters that are on.
  private func power(_ rooms: [String]) -> Double {
    home.rooms.reduce(0) { sum, room in
      sum + (rooms.contains(room.name) ? room.heater?.power.rawValue ?? 0 : 0)
    }
  }

  private static func advantage(_ steps: [Step], _ more: KeyPath<Step, Double>) -> Double {
    let hours = steps.reduce(0) { $0 + $1.hours }
    guard hours > 0 else { return 0 }
    let mean = steps.reduce(0) { $0 + $1.price * $1.hours } / hours
    return steps.reduce(0) {
      $0 + ($1.price - mean) * $1[keyPath: more] / 1_000 * $1.hours
    }
  }
}

/// A battery that does what pems wanted, beside the real one.
private struct ShadowBattery {
  private let battery: Battery?
  private var stored: Double

  init(_ battery: Battery?, percent: Double?) {
    self.battery = battery
    stored = (battery?.capacity.rawValue ?? 0) * (percent ?? 50) / 100
  }

  /// Lets a step pass.
  ///
  /// - Returns: the power it gives, watts.
  mutating func pass(_ record: OutcomeRecord, heating: Double, hours: Double) -> Double {
    guard let battery, let mode = record.wantedBattery, hours > 0 else { return 0 }
    let band = battery.stateOfChargeBand
    let capacity = battery.capacity.rawValue
    let reserve = max(0, stored - band.lowerBound.rawValue * capacity)
    let free = max(0, band.upperBound.rawValue * capacity - stored)
    let most = min(
      battery.maximumDischarge.rawValue,
      reserve * battery.dischargeEfficiency.rawValue / hours * 1_000)
    let least = -min(
      battery.maximumCharge.rawValue, free / battery.chargeEfficiency.rawValue / hours * 1_000)
    let wanted: Double
    switch mode {
    case .hold: wanted = 0
    case .chargeFromGrid(let power, _): wanted = -power.rawValue
    case .dischargeToGrid(let power, _): wanted = power.rawValue
    case .selfConsumption:
      wanted = (record.measured.baseLoad ?? 0) + heating - (record.measured.pv ?? 0)
    }
    let given = min(most, max(least, wanted))
    stored -=
      given > 0
      ? given / 1_000 * hours / battery.dischargeEfficiency.rawValue
      : given / 1_000 * hours * battery.chargeEfficiency.rawValue
    return given
  }
}
