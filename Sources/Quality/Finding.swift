// SPDX-License-Identifier: MIT
public import Foundation

/// Something that is wrong with a stream of readings, where, and what to do about it.
public struct Finding: Sendable, Hashable, Codable, CustomStringConvertible {
  /// What is wrong.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// No readings for longer than the stream's own rhythm allows.
    case gap
    /// Several readings at one instant.
    case duplicate
    /// The clock of the source went back or the readings came out of order.
    case clockStep
    /// The source's clock observes summer time although its times should be UTC.
    case daylightSaving
    /// The source began to speak much more or less often.
    case rhythmChange
    /// The same value for longer than nature or people allow.
    case stuck
    /// A value that cannot be true.
    case impossible
    /// A value far away from those around it.
    case outlier
    /// A sensor that the sun shines on.
    case sunlitSensor
    /// The whole of a gap in one reading.
    case catchUp
    /// A counter that began anew.
    case counterReset
    /// Kilowatts where watts are declared, or the other way round.
    case unitMixUp
    /// Amounts that were rounded so much that small ones are lost.
    case coarse
    /// A stream whose sign does not fit the energy balance.
    case wrongSign

    /// What people read.
    public var words: String {
      switch self {
      case .gap: "gap"
      case .duplicate: "duplicate"
      case .clockStep: "clock step"
      case .daylightSaving: "summer time"
      case .rhythmChange: "change of rhythm"
      case .stuck: "stuck"
      case .impossible: "impossible"
      case .outlier: "outlier"
      case .sunlitSensor: "sun on sensor"
      case .catchUp: "catch-up"
      case .counterReset: "counter reset"
      case .unitMixUp: "wrong unit"
      case .coarse: "coarse"
      case .wrongSign: "wrong sign"
      }
    }
  }

  /// What is wrong.
  public let kind: Kind
  /// The first and the last reading concerned; around a gap the readings beside it.
  public let span: ClosedRange<Date>
  /// How many readings are concerned; for a gap how many are missing.
  public let count: Int
  /// What was seen, with values.
  public let message: String

  /// A finding.
  public init(_ kind: Kind, in span: ClosedRange<Date>, count: Int, message: String) {
    self.kind = kind
    self.span = span
    self.count = count
    self.message = message
  }

  /// `stuck 2026-01-01T00:00:00Z … 2026-01-02T00:00:00Z: 21.5 for 24 h`.
  public var description: String {
    "\(kind.words) \(span.lowerBound.formatted(.iso8601)) … "
      + "\(span.upperBound.formatted(.iso8601)): \(message)"
  }

  /// Whether the readings concerned are themselves wrong, so that cleaning drops them.
  public var spoilsReadings: Bool {
    switch kind {
    case .impossible, .outlier, .sunlitSensor, .stuck, .catchUp, .unitMixUp: true
    case .gap, .duplicate, .clockStep, .daylightSaving, .rhythmChange, .counterReset, .coarse,
      .wrongSign:
      false
    }
  }
}
