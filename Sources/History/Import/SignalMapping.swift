// SPDX-License-Identifier: MIT
public import Household

/// How one signal comes out of columns, or out of other signals.
public struct SignalMapping: Sendable, Hashable, Decodable {
  /// What the numbers of the columns mean.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Readings at the instant of their row.
    case instant
    /// Means over the step of their row.
    case mean
    /// Meters that count up: the difference of two rows belongs to the step between them.
    case cumulative
    /// Energy inside the step of their row.
    case energyPerStep = "energy_per_step"
    /// Energy of the session of their row.
    case energyPerSession = "energy_per_session"
  }

  /// What to do when a meter counts down.
  public enum NegativeSteps: String, Sendable, Hashable, CaseIterable {
    /// The step is missing.
    case mask
    /// The meter began anew at zero inside the step, as daily counters do at midnight.
    case reset
    /// The file is refused.
    case refuse
  }

  /// A column that is added.
  public struct Term: Sendable, Hashable, Decodable {
    /// The name of the column.
    public let column: String
    /// What its numbers are multiplied with; -1 subtracts.
    public let factor: Double

    /// A column that is added.
    init(column: String, factor: Double = 1) {
      self.column = column
      self.factor = factor
    }

    private enum CodingKeys: String, CodingKey { case column, factor }

    /// Reads a column and its factor.
    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      column = try values.decode(String.self, forKey: .column)
      factor = try values.decodeIfPresent(Double.self, forKey: .factor) ?? 1
    }
  }

  /// A signal that is added.
  public struct Operand: Sendable, Hashable, Decodable {
    /// The signal, which stands further up.
    public let signal: SignalName
    /// What its values are multiplied with; -1 subtracts.
    public let factor: Double

    private enum CodingKeys: String, CodingKey { case signal, factor }

    /// Reads a signal and its factor.
    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      signal = try values.signalName(forKey: .signal)
      factor = try values.decodeIfPresent(Double.self, forKey: .factor) ?? 1
    }
  }

  /// The signal, whose name tells the unit it is kept in.
  public let signal: SignalName
  /// What the numbers of the columns mean.
  public let kind: Kind
  /// The unit of the columns.
  public let unit: SourceUnit
  /// The columns that are added; empty for a sum of signals.
  public let terms: [Term]
  /// The signals that are added; empty for a sum of columns.
  public let operands: [Operand]
  /// A smaller value is dropped, in the signal's unit.
  public let minimum: Double?
  /// A larger value is dropped, in the signal's unit; a meter that runs faster has caught up.
  public let maximum: Double?
  /// What to do when a meter counts down.
  public let negativeSteps: NegativeSteps

  private enum CodingKeys: String, CodingKey {
    case signal, kind, unit, column, columns
    case operands = "sum_of"
    case minimum, maximum
    case negativeSteps = "negative_steps"
  }

  /// Reads a signal's mapping and checks its unit.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    signal = try values.signalName(forKey: .signal)
    operands = try values.decodeIfPresent([Operand].self, forKey: .operands) ?? []
    let column = try values.decodeIfPresent(String.self, forKey: .column)
    let columns = try values.decodeIfPresent([Term].self, forKey: .columns) ?? []
    terms = column.map { [Term(column: $0)] } ?? columns
    guard terms.isEmpty != operands.isEmpty, column == nil || columns.isEmpty else {
      throw values.corrupted(
        "one of 'column', 'columns' and 'sum_of' is needed for '\(signal)'", forKey: .signal)
    }
    kind = try values.choiceIfPresent(Kind.self, forKey: .kind) ?? .mean
    let unitName = try values.decodeIfPresent(String.self, forKey: .unit)
    let own = SourceUnit(of: signal)
    guard let unit = unitName.map({ SourceUnit($0) }) ?? own else {
      throw values.corrupted(
        "'\(unitName ?? "")' is no unit; allowed: "
          + SourceUnit.allowed.joined(separator: ", "), forKey: .unit)
    }
    self.unit = unit
    minimum = try values.decodeIfPresent(Double.self, forKey: .minimum)
    maximum = try values.decodeIfPresent(Double.self, forKey: .maximum)
    negativeSteps =
      try values.choiceIfPresent(NegativeSteps.self, forKey: .negativeSteps) ?? .mask
    guard operands.isEmpty == false || conversion != nil else {
      throw values.corrupted(
        "\(unit.name) of kind \(kind.rawValue) cannot become '\(signal)', which is in \(own.name)",
        forKey: .signal)
    }
  }

  /// A column that is already a signal.
  init(own signal: SignalName, column: String) {
    self.signal = signal
    kind = .mean
    unit = SourceUnit(of: signal)
    terms = [Term(column: column)]
    operands = []
    minimum = nil
    maximum = nil
    negativeSteps = .refuse
  }

  /// How numbers of the columns become the signal's; `nil` where they cannot.
  ///
  /// Energy that becomes power is divided by the hours of the step afterwards.
  var conversion: UnitConversion? {
    let own = SourceUnit(of: signal)
    return switch kind {
    case .instant, .mean: UnitConversion(from: unit, to: own)
    case .cumulative, .energyPerStep, .energyPerSession:
      UnitConversion(energy: unit, toPower: own)
        ?? (own.dimension == .energy || own.dimension == .height
          ? UnitConversion(from: unit, to: own) : nil)
    }
  }

  /// Whether energy of the columns becomes power of the signal.
  var isEnergyToPower: Bool {
    unit.dimension == .energy && SourceUnit(of: signal).dimension == .power
  }

  /// Whether the length of the steps has to be known.
  var needsStep: Bool { !terms.isEmpty && kind != .instant && kind != .mean }
}

extension KeyedDecodingContainer {
  /// The name of a signal, with the units it may end with in the error.
  func signalName(forKey key: Key) throws -> SignalName {
    let text = try decode(String.self, forKey: key)
    if let signal = SignalName(text) { return signal }
    throw corrupted(SignalName.problem(with: text), forKey: key)
  }
}

extension SignalName {
  /// What is wrong with a text that is no signal.
  static func problem(with text: String) -> String {
    "'\(text)' is no signal: lower-case letters, digits and '_', the unit at the end; allowed are "
      + Unit.allCases.map { "…\($0.rawValue)" }.joined(separator: ", ")
  }
}
