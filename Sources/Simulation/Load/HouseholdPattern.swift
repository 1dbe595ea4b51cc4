// SPDX-License-Identifier: MIT
import Foundation

/// The habits of a family of four: what is always on, what follows life, and what is switched on.
struct HouseholdPattern {
  /// A machine that is used at most once a day at about the same hour.
  struct Appliance {
    let watts: Double
    let minutes: Double
    let usualHour: Double
    let spreadHours: Double
    let workingDayChance: Double
    let dayOffChance: Double
  }

  let isDayOff: Bool

  /// Refrigerators, network, standby.
  let quietWatts = 170.0

  /// Light, kitchen, screens by the hour on the wall, W.
  func livelyWatts(hour: Double) -> Double {
    func bump(_ centre: Double, _ width: Double) -> Double {
      exp(-((hour - centre) / width) * ((hour - centre) / width))
    }
    return isDayOff
      ? 40 + 180 * bump(9.5, 1.8) + 260 * bump(12.6, 1.7) + 330 * bump(19.2, 2.6)
      : 40 + 240 * bump(6.9, 1.1) + 90 * bump(12.5, 2.5) + 390 * bump(19.1, 2.5)
  }

  /// Power, running time and habits: kettle, hob, oven, dishwasher, washing machine, dryer, vacuum.
  static let appliances = [
    Appliance(
      watts: 2_000, minutes: 4, usualHour: 6.8, spreadHours: 0.5, workingDayChance: 0.9,
      dayOffChance: 0.3),
    Appliance(
      watts: 2_000, minutes: 4, usualHour: 9, spreadHours: 0.9, workingDayChance: 0.2,
      dayOffChance: 0.9),
    Appliance(
      watts: 1_600, minutes: 35, usualHour: 12, spreadHours: 0.6, workingDayChance: 0.15,
      dayOffChance: 0.75),
    Appliance(
      watts: 1_600, minutes: 30, usualHour: 18.2, spreadHours: 0.8, workingDayChance: 0.8,
      dayOffChance: 0.6),
    Appliance(
      watts: 2_200, minutes: 45, usualHour: 17.5, spreadHours: 1.5, workingDayChance: 0.2,
      dayOffChance: 0.4),
    Appliance(
      watts: 1_100, minutes: 60, usualHour: 20.3, spreadHours: 1.0, workingDayChance: 0.7,
      dayOffChance: 0.8),
    Appliance(
      watts: 900, minutes: 70, usualHour: 17, spreadHours: 2.0, workingDayChance: 0.35,
      dayOffChance: 0.4),
    Appliance(
      watts: 900, minutes: 70, usualHour: 10.5, spreadHours: 1.5, workingDayChance: 0.08,
      dayOffChance: 0.5),
    Appliance(
      watts: 1_900, minutes: 60, usualHour: 19, spreadHours: 1.8, workingDayChance: 0.2,
      dayOffChance: 0.3),
    Appliance(
      watts: 1_300, minutes: 25, usualHour: 10, spreadHours: 1.2, workingDayChance: 0.05,
      dayOffChance: 0.35),
  ]

  /// The energy of a year with 250 working days and 115 days off, before scaling: what the habits
  /// above expect.
  static let expectedYearlyKilowattHours: Double = {
    func daily(_ isDayOff: Bool) -> Double {
      let pattern = HouseholdPattern(isDayOff: isDayOff)
      let lively = (0..<1_440).reduce(0.0) { $0 + pattern.livelyWatts(hour: Double($1) / 60) } / 60
      let used = appliances.reduce(0.0) { sum, appliance in
        let chance = isDayOff ? appliance.dayOffChance : appliance.workingDayChance
        return sum + chance * appliance.watts * appliance.minutes / 60
      }
      return (pattern.quietWatts * 24 + lively + used) / 1_000
    }
    return 250 * daily(false) + 115 * daily(true)
  }()
}
