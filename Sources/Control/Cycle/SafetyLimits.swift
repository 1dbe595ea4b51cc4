// SPDX-License-Identifier: MIT
import Foundation
public import Household
import TimeSeries

/// The limits that protect people, fuse and hardware: applied last, to whatever was decided.
///
/// They look at readings and commands only, never at a plan or a forecast, and only ever take away
/// or force what protects. Order: temperatures, relay rest, all heating together, battery, fuse; the
/// fuse comes last because nothing may add load after it.
public enum SafetyLimits {
  /// What a limit changed.
  public struct Intervention: Sendable, Hashable {
    /// The room, battery or charge point.
    public let subject: String
    /// Which limit, and what it saw.
    public let cause: String
  }

  /// Commands that may go to the devices.
  public struct Result: Sendable, Hashable {
    /// The commands after all limits.
    public let commands: [Command]
    /// What was changed.
    public let interventions: [Intervention]
  }

  /// Holds commands against the limits of a home.
  ///
  /// - Parameters:
  ///   - commands: at most one for each device.
  ///   - snapshot: the readings; a stale one counts as absent.
  ///   - withoutRest: rooms whose relays need not rest, because a person or an emergency decided.
  public static func apply(
    to commands: [Command], snapshot: Snapshot, home: Home, withoutRest: Set<String> = []
  ) -> Result {
    var pass = Pass(commands: commands, snapshot: snapshot, home: home)
    pass.guardTemperatures()
    pass.restRelays(except: withoutRest)
    pass.limitHeating()
    pass.guardBattery()
    pass.guardFuse()
    return Result(commands: pass.commands, interventions: pass.interventions)
  }
}

/// One run over the commands.
private struct Pass {
  var commands: [Command]
  var interventions: [SafetyLimits.Intervention] = []
  private let snapshot: Snapshot
  private let home: Home
  private let rooms: [String: Room]

  init(commands: [Command], snapshot: Snapshot, home: Home) {
    self.commands = commands
    self.snapshot = snapshot
    self.home = home
    rooms = Dictionary(home.rooms.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private func fresh<Value>(_ reading: Reading<Value>?) -> Value? {
    guard let reading,
      reading.isFresh(at: snapshot.time, maximumAge: home.safety.maximumReadingAge)
    else { return nil }
    return reading.value
  }

  private mutating func replace(
    _ index: Int, with action: Command.Action, subject: String, cause: String
  ) {
    let old = commands[index]
    commands[index] = Command(action, expiresAt: old.expiresAt, reason: cause)
    interventions.append(SafetyLimits.Intervention(subject: subject, cause: cause))
  }

  mutating func guardTemperatures() {
    for index in commands.indices {
      guard case .heat(let room, let isOn) = commands[index].action,
        let temperature = fresh(snapshot.roomTemperatures[room])
      else { continue }
      if isOn, temperature > home.safety.maximumRoomTemperature {
        replace(
          index, with: .heat(room: room, isOn: false), subject: room,
          cause: "\(temperature) is above the safety limit \(home.safety.maximumRoomTemperature)")
      } else if !isOn, temperature < home.safety.minimumRoomTemperature {
        replace(
          index, with: .heat(room: room, isOn: true), subject: room,
          cause: "\(temperature) is below the safety limit \(home.safety.minimumRoomTemperature)")
      }
    }
  }

  /// A relay that was switched a moment ago stays as it is, unless a temperature limit decided.
  mutating func restRelays(except others: Set<String>) {
    let decided = others.union(interventions.map(\.subject))
    for index in commands.indices {
      guard case .heat(let room, let isOn) = commands[index].action, !decided.contains(room),
        let relay = fresh(snapshot.relays[room]), relay.isOn != isOn,
        let heater = rooms[room]?.heater
      else { continue }
      let rest = relay.isOn ? heater.minimumOn : heater.minimumOff
      let age = snapshot.time.timeIntervalSince(relay.since)
      if age < rest.seconds {
        replace(
          index, with: .heat(room: room, isOn: relay.isOn), subject: room,
          cause: "switched \(Int(age)) s ago, rests for \(Int(rest.seconds)) s")
      }
    }
  }

  /// Takes heaters off, from the lowest priority up, until all that are on together are inside their
  /// limit. Heaters that nobody commands but that are seen on count too.
  mutating func limitHeating() {
    guard let limit = home.safety.maximumHeating else { return }
    let commanded = Set(commands.map(\.action.target))
    var total = rooms.values.reduce(Watts.zero) { sum, room in
      let isOn =
        !commanded.contains(.room(room.name)) && fresh(snapshot.relays[room.name])?.isOn == true
      return sum + (isOn ? room.heater?.power ?? .zero : .zero)
    }
    for command in commands {
      if case .heat(let name, true) = command.action {
        total += rooms[name]?.heater?.power ?? .zero
      }
    }
    for index in heatersByPriority() where total > limit {
      guard case .heat(let name, true) = commands[index].action, let heater = rooms[name]?.heater
      else { continue }
      replace(
        index, with: .heat(room: name, isOn: false), subject: name,
        cause: "all heating together may draw \(limit)")
      total -= heater.power
    }
  }

  mutating func guardBattery() {
    guard let battery = home.battery else { return }
    let stateOfCharge = fresh(snapshot.batteryStateOfCharge)
    for index in commands.indices {
      guard case .battery(let name, let wanted) = commands[index].action else { continue }
      let mode = guardCells(index, name: name, mode: wanted)
      switch (mode, stateOfCharge) {
      case (.selfConsumption, _), (.hold, _): continue
      case (_, nil):
        replace(
          index, with: .battery(name: name, mode: .selfConsumption), subject: name,
          cause: "the state of charge is not known")
      case (.chargeFromGrid, let value?) where value >= battery.stateOfChargeBand.upperBound:
        replace(
          index, with: .battery(name: name, mode: .selfConsumption), subject: name,
          cause: "full at \(value.percent) %")
      case (.dischargeToGrid, let value?) where value <= battery.stateOfChargeBand.lowerBound:
        replace(
          index, with: .battery(name: name, mode: .selfConsumption), subject: name,
          cause: "empty at \(value.percent) %")
      default: continue
      }
    }
  }

  /// Lithium iron phosphate cells are not charged below freezing, and rest when they are hot.
  /// Source: data sheets of such cells, charging 0…50 °C (Pylontech US3000C, Growatt ARK).
  private static let chargingCells = Celsius(0)...Celsius(50)
  /// Towards these ends they are forced less, in a straight line over this: pems' own caution.
  private static let derating = (cold: Kelvins(10), hot: Kelvins(5))

  /// The mode that the temperature of the cells allows.
  private mutating func guardCells(_ index: Int, name: String, mode: BatteryMode) -> BatteryMode {
    guard let cells = fresh(snapshot.batteryTemperature), mode.isForced, let battery = home.battery
    else { return mode }
    let hot = (Self.chargingCells.upperBound - cells) / Self.derating.hot
    let cold = mode.charges ? (cells - Self.chargingCells.lowerBound) / Self.derating.cold : 1
    let share = min(hot, cold)
    guard share < 1 else { return mode }
    let allowed = share <= 0 ? .selfConsumption : mode.slowed(to: share, of: battery)
    guard allowed != mode else { return mode }
    replace(
      index, with: .battery(name: name, mode: allowed), subject: name,
      cause: "its cells are at \(cells)")
    return allowed
  }

  /// Takes load away until the expected import is inside the fuse: cars first, then appliances, charging of the
  /// battery, then heaters from the lowest priority up.
  mutating func guardFuse() {
    let limit = home.grid.importLimit * home.safety.fuseMargin.rawValue
    var excess = expectedImport() - limit
    guard excess > .zero else { return }
    let cause = "the main fuse allows \(limit)"
    slowCars(by: &excess, cause)
    stopAppliances(by: &excess, cause)
    slowBattery(by: &excess, cause)
    stopHeaters(by: &excess, cause)
  }

  private mutating func slowCars(by excess: inout Watts, _ cause: String) {
    for index in commands.indices where excess > .zero {
      guard case .charge(let name, let power) = commands[index].action, power > .zero else {
        continue
      }
      let minimum = home.chargePoints.first { $0.name == name }?.minimumPower ?? .zero
      let reduced = power - excess
      let allowed = reduced < minimum ? .zero : reduced
      replace(
        index, with: .charge(chargePoint: name, power: allowed), subject: name, cause: cause)
      excess -= power - allowed
    }
  }

  private mutating func stopAppliances(by excess: inout Watts, _ cause: String) {
    for index in commands.indices where excess > .zero {
      guard case .run(let name, true) = commands[index].action,
        let appliance = home.appliances.first(where: { $0.name == name })
      else { continue }
      replace(index, with: .run(appliance: name, isOn: false), subject: name, cause: cause)
      excess -= appliance.power
    }
  }

  private mutating func slowBattery(by excess: inout Watts, _ cause: String) {
    for index in commands.indices where excess > .zero {
      guard case .battery(let name, .chargeFromGrid(let power, let until)) = commands[index].action
      else { continue }
      let allowed = Battery.settable(
        atMost: power - excess, of: home.battery?.maximumCharge ?? .zero)
      let mode: BatteryMode =
        allowed > .zero ? .chargeFromGrid(power: allowed, until: until) : .hold
      replace(index, with: .battery(name: name, mode: mode), subject: name, cause: cause)
      excess -= power - allowed
    }
  }

  private mutating func stopHeaters(by excess: inout Watts, _ cause: String) {
    for index in heatersByPriority() where excess > .zero {
      guard case .heat(let name, true) = commands[index].action,
        let heater = rooms[name]?.heater
      else { continue }
      replace(index, with: .heat(room: name, isOn: false), subject: name, cause: cause)
      excess -= heater.power
    }
  }

  private func heatersByPriority() -> [Int] {
    commands.indices.filter {
      if case .heat = commands[$0].action { return true }
      return false
    }.sorted { left, right in
      (priority(left), left) < (priority(right), right)
    }
  }

  private func priority(_ index: Int) -> Int {
    guard case .heat(let room, _) = commands[index].action else { return .max }
    return rooms[room]?.priority ?? .max
  }

  /// The import to expect once the commands are carried out: the meter less what the controllable
  /// loads draw now, plus what they will draw. Without a meter, all of it is assumed to be imported.
  private func expectedImport() -> Watts {
    var commanded = Watts.zero
    var now = Watts.zero
    for command in commands {
      switch command.action {
      case .heat(let room, let isOn):
        guard let heater = rooms[room]?.heater else { continue }
        if isOn { commanded += heater.power }
        if fresh(snapshot.relays[room])?.isOn ?? false { now += heater.power }
      case .charge(let chargePoint, let power):
        commanded += power
        now += drawnNow(at: chargePoint)
      case .battery(_, .chargeFromGrid(let power, _)):
        commanded += power
        now -= fresh(snapshot.batteryPower) ?? .zero
      case .battery(_, .hold):
        now -= fresh(snapshot.batteryPower) ?? .zero
      case .battery(_, .selfConsumption), .battery(_, .dischargeToGrid):
        if !batteryLasts(until: command.expiresAt) {
          now -= fresh(snapshot.batteryPower) ?? .zero
        }
      case .run(let name, let isOn):
        let power = home.appliances.first { $0.name == name }?.power ?? .zero
        if isOn { commanded += power }
        now += fresh(snapshot.appliances[name]) ?? .zero
      case .limitPV, .limitExport:
        continue
      }
    }
    if let meter = fresh(snapshot.gridPower) { return meter - now + commanded }
    return commanded + (fresh(snapshot.baseLoadPower) ?? .zero)
  }

  /// Whether a battery that discharges now can go on as long as a command may hold.
  private func batteryLasts(until end: Date) -> Bool {
    guard let battery = home.battery, let power = fresh(snapshot.batteryPower), power > .zero
    else { return true }
    guard let stateOfCharge = fresh(snapshot.batteryStateOfCharge) else { return false }
    let above = stateOfCharge - battery.stateOfChargeBand.lowerBound
    let reserve =
      battery.capacity * (above.rawValue * battery.dischargeEfficiency.rawValue)
    return reserve >= power * .seconds(end.timeIntervalSince(snapshot.time))
  }

  private func drawnNow(at chargePoint: String) -> Watts {
    home.vehicles.filter { $0.chargePoint == chargePoint }
      .compactMap { fresh(snapshot.vehicles[$0.name])?.power }
      .reduce(.zero, +)
  }
}

extension BatteryMode {
  /// Whether it moves energy that self-consumption would not.
  fileprivate var isForced: Bool {
    switch self {
    case .selfConsumption, .hold: false
    case .chargeFromGrid, .dischargeToGrid: true
    }
  }

  /// With at most a share of the battery's largest power; self-consumption where no step is left.
  fileprivate func slowed(to share: Double, of battery: Battery) -> Self {
    func power(_ told: Watts, _ largest: Watts) -> Watts? {
      let limit = largest * share
      guard told > limit else { return told }
      let settable = Battery.settable(atMost: limit, of: largest)
      return settable > .zero ? settable : nil
    }
    switch self {
    case .selfConsumption, .hold: return self
    case .chargeFromGrid(let told, let until):
      return power(told, battery.maximumCharge).map { .chargeFromGrid(power: $0, until: until) }
        ?? .selfConsumption
    case .dischargeToGrid(let told, let until):
      return power(told, battery.maximumDischarge)
        .map { .dischargeToGrid(power: $0, until: until) } ?? .selfConsumption
    }
  }

  fileprivate var charges: Bool {
    if case .chargeFromGrid = self { return true }
    return false
  }
}
