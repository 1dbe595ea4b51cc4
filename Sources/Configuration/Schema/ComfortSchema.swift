// SPDX-License-Identifier: MIT
import Household
import TimeSeries

/// Named comfort schedules, and those a room has for itself.
struct ComfortSchema {
  private let safety: SafetySettings
  private var named: [String: ComfortSchedule] = [:]

  /// Reads the section `comfort`.
  init(_ top: Section, safety: SafetySettings) {
    self.safety = safety
    guard let section = top.section("comfort") else { return }
    for entry in section.names {
      let schedule = Section(
        entry.node, path: section.path.key(entry.name), mark: entry.mark,
        findings: section.findings)
      named[entry.name] = self.schedule(schedule)
    }
  }

  /// The schedule of a room: the name of one, or its own.
  func comfort(of room: Section) -> ComfortSchedule {
    guard
      let node = room.requiredNode("comfort", "the name of a schedule, or 'usual' and 'periods'")
    else { return ComfortSchedule(usual: Self.standIn) }
    if node.scalar != nil {
      let name = room.reference("comfort", to: named.keys.sorted(), kind: "comfort schedule")
      return named[name] ?? ComfortSchedule(usual: Self.standIn)
    }
    return room.section("comfort").map(schedule) ?? ComfortSchedule(usual: Self.standIn)
  }

  private static let standIn = ComfortBand(lower: Celsius(20), upper: Celsius(21))

  private func schedule(_ section: Section) -> ComfortSchedule {
    ComfortSchedule(
      usual: band(section.requiredSection("usual", "a map with lower_c and upper_c")),
      periods: section.sections("periods").map { period in
        ComfortSchedule.Period(window: WindowSchema.window(period), band: band(period))
      })
  }

  /// A band between the safety limits.
  private func band(_ section: Section) -> ComfortBand {
    let allowed =
      safety.minimumRoomTemperature
      .rawValue...max(
        safety.minimumRoomTemperature, safety.maximumRoomTemperature
      ).rawValue
    let lower: Celsius = section.quantity("lower_c", in: allowed)
    let upper: Celsius = section.quantity("upper_c", in: allowed)
    guard section.expect(lower < upper, "is not above lower_c", "upper_c", with: "lower_c") else {
      return Self.standIn
    }
    return ComfortBand(lower: lower, upper: upper)
  }
}
