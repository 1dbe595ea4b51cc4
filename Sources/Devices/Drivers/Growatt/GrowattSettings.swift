// SPDX-License-Identifier: MIT

/// The settings of a Growatt SPH that decide what its battery does.
///
/// Battery-first and grid-first hold inside their time slots; outside of all slots it is load-first.
/// Source: Growatt protocol II v1.24, holding registers 1070–1118.
struct GrowattSettings: Sendable, Hashable {
  /// A daily time, minutes after midnight by the inverter's clock, the stop excluded.
  struct Slot: Sendable, Hashable {
    var startMinute = 0
    var stopMinute = 0
    var isEnabled = false
  }

  /// One of the two priorities that have slots.
  struct Priority: Sendable, Hashable {
    /// Per cent of the battery's largest power, 1…100.
    var powerRate = 100
    /// Per cent.
    var stopStateOfCharge = 10
    /// Always three.
    var slots = [Slot](repeating: Slot(), count: 3)
  }

  /// Which priority a setting belongs to.
  enum Kind: String, Sendable, Hashable {
    case batteryFirst = "batteryfirst"
    case gridFirst = "gridfirst"
  }

  /// One setting to write.
  enum Write: Sendable, Hashable {
    case slot(Kind, number: Int, Slot)
    case powerRate(Kind, Int)
    case stopStateOfCharge(Kind, Int)
    case chargesFromGrid(Bool)
  }

  var batteryFirst = Priority()
  var gridFirst = Priority()
  /// Whether battery-first may take energy from the grid; many inverters take it anyway.
  var chargesFromGrid = false

  subscript(kind: Kind) -> Priority {
    get { kind == .batteryFirst ? batteryFirst : gridFirst }
    set {
      if kind == .batteryFirst { batteryFirst = newValue } else { gridFirst = newValue }
    }
  }

  /// Whether any slot is enabled.
  var isLoadFirst: Bool { !(batteryFirst.slots + gridFirst.slots).contains(where: \.isEnabled) }

  /// The writes that lead from these settings to others, in an order in which every state between is
  /// harmless: what must end first, slots that begin last.
  func writes(to target: GrowattSettings) -> [Write] {
    var endings: [Write] = []
    var values: [Write] = []
    var beginnings: [Write] = []
    for kind in [Kind.batteryFirst, .gridFirst] {
      let (old, new) = (self[kind], target[kind])
      for index in 0..<3 where old.slots[index] != new.slots[index] {
        // The times of a slot that stays disabled do not matter.
        guard old.slots[index].isEnabled || new.slots[index].isEnabled else { continue }
        let write = Write.slot(kind, number: index + 1, new.slots[index])
        if new.slots[index].isEnabled { beginnings.append(write) } else { endings.append(write) }
      }
      guard new.slots[0].isEnabled else { continue }
      if old.stopStateOfCharge != new.stopStateOfCharge {
        values.append(.stopStateOfCharge(kind, new.stopStateOfCharge))
      }
      if old.powerRate != new.powerRate { values.append(.powerRate(kind, new.powerRate)) }
    }
    if target.batteryFirst.slots[0].isEnabled, chargesFromGrid != target.chargesFromGrid {
      values.append(.chargesFromGrid(target.chargesFromGrid))
    }
    return endings + values + beginnings
  }

  /// Whether these settings do the same as others: values of a priority without a slot do not count.
  func doesTheSame(as other: GrowattSettings) -> Bool { writes(to: other).isEmpty }
}
