// SPDX-License-Identifier: MIT
import Foundation
import Household
import TimeSeries

/// Holds what a battery is measured to do against the mode that its inverter has confirmed.
///
/// Inverters and the sticks before them confirm settings; whether the battery works by them shows in
/// its power alone. Judged is only what nothing else explains: a full battery may rest, a cold one
/// may refuse to be charged. Pure: readings and seconds of a clock that never jumps are handed in.
struct BatteryConduct: Sendable {
  /// What one reading says.
  enum Finding: Sendable, Hashable {
    case fits
    case contradicts(String)
    /// It could be either.
    case open
  }

  /// Inverters look at their slots every few seconds and ramp; meters come late. Seconds.
  static let settling = 30.0
  /// Readings must contradict this long without one that fits, seconds.
  static let patience = 60.0
  private static let readingsNeeded = 3
  /// An order that is not obeyed is given again after this, seconds.
  private static let retryPeriod = 300.0

  private let battery: Battery
  private let hasPV: Bool
  private let maximumAge: Duration
  /// The kind of mode that is watched, and since when it is confirmed.
  private var watched: (kind: Int, since: Double)?
  private var lastReading = Date.distantPast
  private var doubts: (since: Double, readings: Int)?
  private var retryAt = 0.0
  /// What is measured instead of what was confirmed; `nil` while nothing speaks against it.
  private(set) var contradiction: String?

  /// Watches the battery of a home; `nil` where there is none.
  init?(home: Home) {
    guard let battery = home.battery else { return nil }
    self.battery = battery
    hasPV = !home.pvArrays.isEmpty
    maximumAge = home.safety.maximumReadingAge
  }

  /// The battery as a target.
  var target: CommandTarget { .battery(battery.name) }

  /// Takes one look.
  ///
  /// - Parameters:
  ///   - wanted: the mode that is wanted; `nil` when none is.
  ///   - isConfirmed: whether the inverter confirmed a mode of this kind, which holds.
  ///   - clock: monotonic seconds.
  /// - Returns: whether the order is to be given again: it was not obeyed.
  mutating func look(
    _ wanted: BatteryMode?, isConfirmed: Bool, snapshot: Snapshot, clock: Double
  ) -> Bool {
    guard let wanted, wanted.kind == watched?.kind else {
      contradiction = nil
      doubts = nil
      watched = wanted.flatMap { isConfirmed ? ($0.kind, clock) : nil }
      return false
    }
    guard isConfirmed, let since = watched?.since, let reading = snapshot.batteryPower,
      reading.time != lastReading, reading.isFresh(at: snapshot.time, maximumAge: maximumAge),
      clock - snapshot.time.timeIntervalSince(reading.time) >= since + Self.settling
    else { return false }
    lastReading = reading.time
    switch judge(wanted, power: reading.value, snapshot: snapshot) {
    case .open: return false
    case .fits:
      doubts = nil
      contradiction = nil
      return false
    case .contradicts(let text):
      return doubt(text, clock: clock)
    }
  }

  private mutating func doubt(_ text: String, clock: Double) -> Bool {
    var doubts = doubts ?? (clock, 0)
    doubts.readings += 1
    self.doubts = doubts
    guard
      contradiction != nil
        || (clock - doubts.since >= Self.patience && doubts.readings >= Self.readingsNeeded)
    else { return false }
    let isDue = contradiction == nil || clock >= retryAt
    contradiction = text
    if isDue { retryAt = clock + Self.retryPeriod }
    return isDue
  }

  /// What a measured power says about a mode.
  ///
  /// - Parameter power: positive while the battery gives.
  func judge(_ mode: BatteryMode, power: Watts, snapshot: Snapshot) -> Finding {
    func fresh<Value>(_ reading: Reading<Value>?) -> Value? {
      reading.flatMap { $0.isFresh(at: snapshot.time, maximumAge: maximumAge) ? $0.value : nil }
    }
    let noise = max(Self.meterNoise, battery.maximumDischarge * Self.meterShare)
    let sun = hasPV ? fresh(snapshot.pvPower) : .zero
    let charge = fresh(snapshot.batteryStateOfCharge)
    let cells = fresh(snapshot.batteryTemperature).map(Self.easyCells.contains) ?? true
    switch mode {
    case .hold:
      return power > noise ? .contradicts("it gives \(power.whole) while it holds") : .fits
    case .selfConsumption:
      // What exceeds the sun comes from the grid or goes there.
      guard let sun, let charge, charge >= battery.stateOfChargeBand.lowerBound + Self.rounding
      else { return .open }
      if -power > sun + noise {
        return .contradicts("it takes \((-power).whole), the sun gives \(sun.whole)")
      }
      if let grid = fresh(snapshot.gridPower), power > noise, -grid > sun + noise {
        return .contradicts("it gives \(power.whole) while \((-grid).whole) are fed in")
      }
      return .fits
    case .chargeFromGrid(let told, let until):
      let least = told * Self.leastShare
      if -power >= least { return .fits }
      let goal = min(until, Self.nearlyFull)
      guard cells, least > Self.leastJudged, let charge, charge <= goal - Self.rounding else {
        return .open
      }
      return .contradicts("it takes \((-power).whole) instead of \(told.whole)")
    case .dischargeToGrid(let told, let until):
      let least = told * Self.leastShare
      if power >= least { return .fits }
      // An inverter that is full of sun has no room for the battery.
      guard cells, least > Self.leastJudged, let sun, sun < noise, let charge,
        charge >= max(until, battery.stateOfChargeBand.lowerBound) + Self.rounding
      else { return .open }
      return .contradicts("it gives \(power.whole) instead of \(told.whole)")
    }
  }

  /// Inverters draw and regulate this much beside what they are told.
  private static let meterNoise = Watts(200)
  private static let meterShare = 0.05
  /// A battery that is held back by its own protection, or shares the inverter, gives a part.
  private static let leastShare = 0.25
  /// Orders whose quarter is smaller than this do not show.
  private static let leastJudged = Watts(50)
  /// States of charge are shown in whole per cents, and stops differ by one.
  private static let rounding = Fraction.percent(3)
  /// The last per cents are charged slowly.
  private static let nearlyFull = Fraction.percent(95)
  /// Outside of these the battery's own protection slows it down.
  private static let easyCells = Celsius(10)...Celsius(45)
}

extension BatteryMode {
  /// Modes of a kind differ in powers and ends alone.
  fileprivate var kind: Int {
    switch self {
    case .selfConsumption: 0
    case .hold: 1
    case .chargeFromGrid: 2
    case .dischargeToGrid: 3
    }
  }

  /// Whether another mode is of the same kind.
  func isOfTheKind(of other: BatteryMode) -> Bool { kind == other.kind }
}

extension Watts {
  /// Whole watts for a sentence.
  fileprivate var whole: String { "\(Int(rawValue.rounded())) W" }
}
