// SPDX-License-Identifier: MIT
import Household

/// How the columns of somebody else's file become signals: the content of a mapping file.
///
/// Everything that is special about a source is here, so that the importer has no case for any.
public struct ImportMapping: Sendable, Hashable, Decodable {
  /// What it is for.
  public let description: String?
  /// Where the time is.
  public let time: TimeColumn
  /// What separates fields; `nil` finds it in the header.
  public let delimiter: CSVReader.Delimiter?
  /// Whether `3,5` is three and a half.
  public let hasDecimalComma: Bool
  /// Texts that stand for a missing value, beside the empty one.
  public let missing: Set<String>
  /// What to do with a row that is not later than the one before.
  public let disorder: Disorder
  /// Each row is a session with a begin and an end; `nil` for rows that are steps or instants.
  public let sessions: SessionColumns?
  /// Only these rows count; `nil` for all.
  public let only: RowFilter?
  /// The signals; a sum stands below what it adds.
  public let signals: [SignalMapping]

  /// Rows that have a given text in a column.
  public struct RowFilter: Sendable, Hashable, Decodable {
    /// The column.
    public let column: String
    /// Its text.
    public let value: String
  }

  /// What to do with a row that is not later than the one before.
  public enum Disorder: String, Sendable, Hashable, CaseIterable {
    /// The whole file is refused; a row that repeats another in time and value is only dropped.
    case refuse
    /// The row is dropped and counted.
    case drop
  }

  /// A mapping of signals whose names and sums are known to be right.
  init(
    description: String? = nil, time: TimeColumn, delimiter: CSVReader.Delimiter? = nil,
    hasDecimalComma: Bool = false, missing: Set<String> = [], disorder: Disorder = .refuse,
    sessions: SessionColumns? = nil, only: RowFilter? = nil, signals: [SignalMapping]
  ) {
    self.description = description
    self.time = time
    self.delimiter = delimiter
    self.hasDecimalComma = hasDecimalComma
    self.missing = missing
    self.disorder = disorder
    self.sessions = sessions
    self.only = only
    self.signals = signals
  }

  private enum CodingKeys: String, CodingKey {
    case description, time, delimiter
    case hasDecimalComma = "decimal_comma"
    case missing, disorder, sessions, only, signals
  }

  /// Reads a mapping and checks what it says about its signals.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    description = try values.decodeIfPresent(String.self, forKey: .description)
    time = try values.decode(TimeColumn.self, forKey: .time)
    delimiter = try values.choiceIfPresent(CSVReader.Delimiter.self, forKey: .delimiter)
    hasDecimalComma = try values.decodeIfPresent(Bool.self, forKey: .hasDecimalComma) ?? false
    missing = Set(try values.decodeIfPresent([String].self, forKey: .missing) ?? [])
    disorder = try values.choiceIfPresent(Disorder.self, forKey: .disorder) ?? .refuse
    sessions = try values.decodeIfPresent(SessionColumns.self, forKey: .sessions)
    only = try values.decodeIfPresent(RowFilter.self, forKey: .only)
    signals = try values.decode([SignalMapping].self, forKey: .signals)
    let problem = Self.problem(of: signals, time: time) ?? Self.problem(of: signals, sessions)
    if let problem {
      throw values.corrupted(problem, forKey: .signals)
    }
  }

  /// What is wrong with the signals of a list of sessions, or of none; `nil` when nothing is.
  private static func problem(of signals: [SignalMapping], _ sessions: SessionColumns?) -> String? {
    for signal in signals {
      let isSession = signal.kind == .energyPerSession && signal.terms.count == 1
      if sessions != nil, !isSession || !signal.isEnergyToPower {
        return "'\(signal.signal)' of a list of sessions has one column of kind "
          + "energy_per_session with energy that becomes power"
      }
      if sessions == nil, signal.kind == .energyPerSession {
        return "'\(signal.signal)' is of kind energy_per_session, which needs sessions.end_column"
      }
    }
    return nil
  }

  /// What is wrong with the signals taken together; `nil` when nothing is.
  static func problem(of signals: [SignalMapping], time: TimeColumn) -> String? {
    var known: [SignalName: SignalMapping] = [:]
    guard !signals.isEmpty else { return "at least one signal is needed" }
    for mapping in signals {
      guard known[mapping.signal] == nil else { return "'\(mapping.signal)' is there twice" }
      for operand in mapping.operands {
        guard let other = known[operand.signal] else {
          return "'\(mapping.signal)' adds '\(operand.signal)', which does not stand above it"
        }
        guard other.signal.unit == mapping.signal.unit else {
          return "'\(mapping.signal)' adds '\(operand.signal)', which has another unit"
        }
      }
      if mapping.needsStep, time.stepSeconds == nil {
        return "'\(mapping.signal)' is of kind \(mapping.kind.rawValue), which needs "
          + "time.step_seconds"
      }
      known[mapping.signal] = mapping
    }
    if time.stamp == .end, time.stepSeconds == nil {
      return "time.stamp 'end' needs time.step_seconds"
    }
    return nil
  }
}

extension KeyedDecodingContainer {
  /// One of the words of an enum, with the words in the error.
  func choiceIfPresent<Choice: RawRepresentable<String> & CaseIterable>(
    _ type: Choice.Type, forKey key: Key
  ) throws -> Choice? {
    guard let word = try decodeIfPresent(String.self, forKey: key) else { return nil }
    if let choice = Choice(rawValue: word) { return choice }
    let allowed = Choice.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    throw corrupted("'\(word)' is not known; allowed: \(allowed)", forKey: key)
  }

  /// The error for a value that has the right type but is wrong.
  func corrupted(_ message: String, forKey key: Key) -> DecodingError {
    .dataCorruptedError(forKey: key, in: self, debugDescription: message)
  }
}
