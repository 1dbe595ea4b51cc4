// SPDX-License-Identifier: MIT
import Household

/// The unit of a column in somebody else's file.
public struct SourceUnit: Sendable, Hashable {
  /// What is measured; only equal ones can be turned into each other.
  enum Dimension: Sendable, Hashable {
    case power, energy, temperature, irradiance, ratio, speed, height
    case price(currency: String)
  }

  /// How it is written, `kWh` or `EUR/MWh`.
  public let name: String
  let dimension: Dimension
  /// `(number + offset) × numerator / denominator` is in the dimension's base unit.
  let offset: Double
  let numerator: Int
  let denominator: Int

  private init(
    _ name: String, _ dimension: Dimension, _ numerator: Int, over denominator: Int = 1,
    offset: Double = 0
  ) {
    self.name = name
    self.dimension = dimension
    self.offset = offset
    self.numerator = numerator
    self.denominator = denominator
  }

  /// A unit by its name, in the spelling of `allowed`, or money for energy as `EUR/MWh`.
  public init?(_ name: String) {
    if let unit = Self.known.first(where: { $0.name == name }) {
      self = unit
      return
    }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].count == 3, parts[0].allSatisfy({ ("A"..."Z").contains($0) })
    else { return nil }
    let price = Dimension.price(currency: parts[0].lowercased())
    switch parts[1] {
    case "kWh": self.init(name, price, 1)
    case "MWh": self.init(name, price, 1, over: 1_000)
    default: return nil
    }
  }

  /// The units that can be named.
  static var allowed: [String] { known.map(\.name) + ["EUR/kWh", "EUR/MWh"] }

  // Base units: W, Wh, °C, W/m², %, m/s, mm, money per kWh.
  private static let known = [
    SourceUnit("W", .power, 1), SourceUnit("kW", .power, 1_000),
    SourceUnit("MW", .power, 1_000_000),
    SourceUnit("Wh", .energy, 1), SourceUnit("kWh", .energy, 1_000),
    SourceUnit("MWh", .energy, 1_000_000), SourceUnit("J", .energy, 1, over: 3_600),
    SourceUnit("kJ", .energy, 10, over: 36), SourceUnit("MJ", .energy, 10_000, over: 36),
    SourceUnit("°C", .temperature, 1), SourceUnit("K", .temperature, 1, offset: -273.15),
    SourceUnit("°F", .temperature, 5, over: 9, offset: -32),
    SourceUnit("W/m2", .irradiance, 1), SourceUnit("kW/m2", .irradiance, 1_000),
    SourceUnit("%", .ratio, 1), SourceUnit("share", .ratio, 100),
    SourceUnit("m/s", .speed, 1), SourceUnit("km/h", .speed, 10, over: 36),
    SourceUnit("mm", .height, 1), SourceUnit("cm", .height, 10), SourceUnit("m", .height, 1_000),
  ]

  /// The unit in which the store keeps a signal.
  init(of signal: SignalName) {
    self =
      switch signal.unit {
      case .watts: SourceUnit("W", .power, 1)
      case .kilowattHours: SourceUnit("kWh", .energy, 1_000)
      case .celsius: SourceUnit("°C", .temperature, 1)
      case .wattsPerSquareMetre: SourceUnit("W/m2", .irradiance, 1)
      case .percent: SourceUnit("%", .ratio, 1)
      case .share: SourceUnit("share", .ratio, 100)
      case .metresPerSecond: SourceUnit("m/s", .speed, 1)
      case .millimetres: SourceUnit("mm", .height, 1)
      case .pricePerKilowattHour: Self.price(of: signal)
      }
  }

  private static func price(of signal: SignalName) -> SourceUnit {
    let words = signal.text.split(separator: "_").dropLast(2)
    let currency = words.last.map { String($0) } ?? ""
    return SourceUnit("\(currency.uppercased())/kWh", .price(currency: currency), 1)
  }
}

/// How a number of one unit becomes one of another: `(x + offset) × numerator / denominator`.
struct UnitConversion: Sendable, Hashable {
  let offset: Double
  let numerator: Double
  let denominator: Double

  /// From one unit to another of the same dimension; `nil` between dimensions.
  ///
  /// The fraction is reduced first, so that equal units leave each bit as it is.
  init?(from source: SourceUnit, to target: SourceUnit) {
    guard source.dimension == target.dimension, target.offset == 0 else { return nil }
    self.init(from: source, over: target)
  }

  /// From energy to the mean power of a step, per hour of the step.
  init?(energy source: SourceUnit, toPower target: SourceUnit) {
    guard source.dimension == .energy, target.dimension == .power else { return nil }
    self.init(from: source, over: target)
  }

  private init(from source: SourceUnit, over target: SourceUnit) {
    var (above, below) = (
      source.numerator * target.denominator, source.denominator * target.numerator
    )
    (above, below) = (above / Self.divisor(above, below), below / Self.divisor(above, below))
    offset = source.offset
    numerator = Double(above)
    denominator = Double(below)
  }

  /// The number in the other unit.
  func apply(_ number: Double) -> Double { (number + offset) * numerator / denominator }

  /// A difference of two numbers in the other unit.
  func applyToDifference(_ number: Double) -> Double { number * numerator / denominator }

  /// The greatest common divisor.
  private static func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }
}
