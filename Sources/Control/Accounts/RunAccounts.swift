// SPDX-License-Identifier: MIT
import Household
public import TimeSeries

/// The sums of a run: what it cost, how comfortable it was, how hard it worked its devices.
public struct RunAccounts: Sendable, Hashable, Codable {
  /// Who was in control.
  public let controller: String
  /// Paid for import less earned by export.
  public let bill: Money
  /// Imported energy.
  public let imported: KilowattHours
  /// Exported energy.
  public let exported: KilowattHours
  /// The highest mean import of one step.
  public let peakImport: Watts
  /// The share of PV production that was not exported; `nil` without production.
  public let selfConsumption: Fraction?
  /// The share of consumption that did not come from the grid.
  public let gridIndependence: Fraction
  /// Kelvin-hours outside the comfort bands, all rooms.
  public let comfortViolationKelvinHours: Double
  /// How often heaters were switched on.
  public let switchings: Int
  /// Full cycles of the battery: energy given over its capacity between the band's ends.
  public let batteryDischarged: KilowattHours
  /// Stored energy in the battery at the end, as a share of its capacity.
  public let finalStateOfCharge: Fraction?
  /// The mean of the rooms' temperatures at the end.
  public let finalRoomTemperature: Celsius?
  /// Energy that cars were short of at their departures.
  public let vehicleShortfall: KilowattHours
  /// Median and longest time to find a plan in seconds; `nil` when nothing was planned.
  public let planningSecondsMedian: Double?
  /// The longest time to find a plan in seconds.
  public let planningSecondsLongest: Double?
  /// Plans the independent check accepted.
  public let acceptedPlans: Int
  /// Plans the independent check refused.
  public let refusedPlans: Int

  /// Adds up a run.
  public init(_ record: RunRecord) {
    let step = record.grid.step
    controller = record.controller
    bill = record.grid.indices.reduce(Money.zero) { sum, index in
      sum + record.imported[index] * record.importPrice[index]
        - record.exported[index] * record.exportPrice[index]
    }
    imported = record.imported.reduce(.zero, +)
    exported = record.exported.reduce(.zero, +)
    peakImport = record.imported.map { $0 / step }.max() ?? .zero
    let produced = record.pvPower.map { $0 * step }.reduce(.zero, +)
    selfConsumption = produced > .zero ? Fraction(1 - min(1, exported / produced)) : nil
    let consumed = record.grid.indices.reduce(KilowattHours.zero) { sum, index in
      sum
        + (record.baseLoadPower[index] + record.heatingPower[index] + record.vehiclePower[index])
        * step
    }
    gridIndependence = Fraction(consumed > .zero ? max(0, 1 - imported / consumed) : 0)
    comfortViolationKelvinHours = record.rooms.reduce(0) { sum, room in
      sum
        + zip(room.temperature, room.band).reduce(0) {
          $0 + $1.1.violation(of: $1.0).rawValue * step.hours
        }
    }
    switchings = record.rooms.reduce(0) { $0 + $1.switchings }
    batteryDischarged = record.discharged.reduce(.zero, +)
    finalStateOfCharge = record.stateOfCharge.last
    let last = record.rooms.compactMap { $0.temperature.last?.rawValue }
    finalRoomTemperature = last.isEmpty ? nil : Celsius(last.reduce(0, +) / Double(last.count))
    vehicleShortfall = record.vehicleShortfall
    let seconds = record.planningSeconds.sorted()
    planningSecondsMedian = seconds.isEmpty ? nil : seconds[seconds.count / 2]
    planningSecondsLongest = seconds.last
    acceptedPlans = record.acceptedPlans
    refusedPlans = record.refusedPlans
  }
}
