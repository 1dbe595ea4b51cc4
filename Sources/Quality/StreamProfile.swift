// SPDX-License-Identifier: MIT
public import Household

/// What can be true of a stream: told by its name and unit.
public struct StreamProfile: Sendable, Hashable {
  /// The smallest and largest value that can be true, in the unit of the signal.
  public var possible: ClosedRange<Double>
  /// For how long the value may stand still, in seconds; `nil` when it may for ever.
  public var longestStillSeconds: Double?
  /// Values at which standing still is normal: zero at night, a full battery.
  public var restingValues: Set<Double>
  /// How far a value may lie from its neighbours on both sides; `nil` for a jumpy stream.
  public var largestSpike: Double?
  /// How far a value may lie above the usual one of its time of day; outdoor temperatures only.
  public var largestAboveUsual: Double?
  /// Whether a thousandfold change of level is a mistake of units.
  public var isPower: Bool
  /// Whether whole days near zero are natural: a battery at rest, a roof under snow, a heater off.
  public var mayRestForDays: Bool
  /// A stream that speaks on change may be silent for so long, in seconds.
  public var longestSilenceSeconds: Double
  /// Whether it follows the sun, so that its midday tells the source's clock.
  public var followsSun: Bool

  private static let hour = 3_600.0

  /// The profile that fits a signal.
  public init(_ signal: SignalName) {
    restingValues = [0]
    longestStillSeconds = nil
    largestSpike = nil
    largestAboveUsual = nil
    isPower = false
    followsSun = Self.isSun(signal)
    let isSwitched = signal.text.hasSuffix("_heat_w") || signal.text.hasPrefix("charge_point_")
    mayRestForDays = followsSun || signal == .batteryPower || isSwitched
    // A night without sun, a full battery, a heater that is off have nothing to say.
    longestSilenceSeconds = (mayRestForDays || signal.unit == .percent ? 26 : 6) * Self.hour
    possible = Self.possible(signal)
    switch signal.unit {
    case .watts: judgePower(signal)
    case .kilowattHours: isPower = true
    case .celsius: judgeTemperature(signal)
    case .wattsPerSquareMetre: longestStillSeconds = 3 * Self.hour
    case .percent: restingValues = [0, 100]
    case .metresPerSecond, .millimetres, .share, .pricePerKilowattHour: break
    }
  }

  private mutating func judgePower(_ signal: SignalName) {
    isPower = true
    if Self.isLoad(signal) {
      longestStillSeconds = 12 * Self.hour
      restingValues = []
    } else if followsSun {
      longestStillSeconds = 3 * Self.hour
    }
  }

  private mutating func judgeTemperature(_ signal: SignalName) {
    restingValues = []
    if Self.isTarget(signal) {
      longestSilenceSeconds = .infinity
    } else if signal == .outdoorTemperature {
      longestStillSeconds = 24 * Self.hour
      largestSpike = 12
      largestAboveUsual = 12
    } else if signal.text.hasPrefix("room_") {
      longestStillSeconds = 14 * 24 * Self.hour
      largestSpike = 10
    } else {
      largestSpike = 60
    }
  }

  private static func isLoad(_ signal: SignalName) -> Bool {
    signal.text.hasPrefix("load_") || signal.text.hasPrefix("base_load")
  }

  private static func isSun(_ signal: SignalName) -> Bool {
    signal.text.hasPrefix("pv_") || signal == .globalHorizontalIrradiance
  }

  /// Whether people and programs set it, in steps and for months.
  private static func isTarget(_ signal: SignalName) -> Bool { signal.text.hasSuffix("_target_c") }

  private static func possible(_ signal: SignalName) -> ClosedRange<Double> {
    switch signal.unit {
    // 200 kW is more than any household connection carries.
    case .watts: (isLoad(signal) ? -50 : isSun(signal) ? -200 : -200_000)...200_000
    case .kilowattHours: -200...200
    case .celsius where isTarget(signal): 0...50
    // Extremes of inhabited Europe with a margin: −52 (Sweden) and 48.8 (Sicily) °C.
    case .celsius where signal == .outdoorTemperature: -52...49
    case .celsius where signal.text.hasPrefix("room_"): -20...50
    case .celsius: -60...120
    // The solar constant is 1361 W/m²; clouds focus up to about 1.3 of it for minutes.
    case .wattsPerSquareMetre: -20...1_800
    case .percent: -0.5...100.5
    case .metresPerSecond: -0.1...75
    case .millimetres: 0...500
    case .share: 0...1
    case .pricePerKilowattHour: -500...500
    }
  }
}
