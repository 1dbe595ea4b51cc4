// SPDX-License-Identifier: MIT

extension PlanningProblem {
  /// A limit that a group of loads shares beside the main fuse: one phase of the connection, or all
  /// heaters together.
  struct GroupLimit: Equatable {
    /// What explanations call it.
    let name: String
    /// Highest power of the group, kW.
    let limitKilowatts: Double
    /// Part of the base load that counts.
    let baseShare: Double
    /// Part of PV, batteries and vehicles that counts.
    let commonShare: Double
    /// Part of each room's heating that counts.
    let roomShares: [Double]
    /// Part of a deferrable load that counts.
    let runShare: Double

    /// Part of a unit's power that counts; units are the rooms and after them the deferrable loads.
    func share(unit: Int) -> Double {
      unit < roomShares.count ? roomShares[unit] : runShare
    }
  }

  /// All limits of groups: the three phases where they are limited, then the heaters.
  ///
  /// What has no phase of its own is spread evenly.
  var groupLimits: [GroupLimit] {
    var limits: [GroupLimit] = []
    if let phases = grid.phases {
      limits = phases.baseLoadShares.enumerated().map { phase, share in
        GroupLimit(
          name: "fuse of phase \(phase + 1)", limitKilowatts: phases.importLimitKilowatts,
          baseShare: share, commonShare: 1.0 / 3,
          roomShares: rooms.map { room in
            room.phase.map { $0 == phase ? 1 : 0 } ?? 1.0 / 3
          }, runShare: 1.0 / 3)
      }
    }
    if let highest = heatingLimitKilowatts {
      limits.append(
        GroupLimit(
          name: "heating limit", limitKilowatts: highest, baseShare: 0, commonShare: 0,
          roomShares: rooms.map { _ in 1 }, runShare: 0))
    }
    return limits
  }
}
