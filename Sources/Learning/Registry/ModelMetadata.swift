// SPDX-License-Identifier: MIT
public import Foundation

/// Where a model stands between its training and its end.
public enum ModelState: String, Sendable, Hashable, Codable, CaseIterable {
  /// Trained, never asked.
  case development
  /// Forecasts beside the one in use, and is only scored.
  case shadow
  /// In use.
  case production
  /// No longer in use, kept to come back to.
  case retired

  /// The states that may follow.
  var successors: Set<ModelState> {
    switch self {
    case .development: [.shadow, .production, .retired]
    case .shadow: [.production, .retired]
    case .production: [.retired]
    case .retired: [.production, .shadow]
    }
  }
}

/// What a person or a test wants to know of a model without reading it.
public struct ModelMetadata: Sendable, Hashable, Codable {
  /// The way models are written; a registry refuses what it does not know.
  public internal(set) var format = currentFormat
  /// The way this program writes models.
  public static let currentFormat = 1
  /// What it forecasts, for example `load`.
  public var target: String
  /// Counts up from 1 for each target; 0 before it is saved.
  public var version = 0
  /// Where it stands.
  public var state = ModelState.development
  /// When it was trained.
  public var createdAt: Date
  /// When it last changed its state.
  public var changedAt: Date
  /// Whether it has been in use before.
  public var hasServed = false
  /// The features it was trained on.
  public var features: [String]
  /// How it was trained, as text.
  public var parameters: [String: String]
  /// The first and last instant of the training data.
  public var trainedOn: ClosedRange<Date>
  /// How many rows.
  public var rowCount: Int
  /// A hash of the training data: the same data give the same hash.
  public var dataHash: String
  /// Scores on data the training has not seen.
  public var metrics: [String: Double]
  /// The hash of each file, written by the registry.
  public internal(set) var fileHashes: [String: String] = [:]

  /// A model that has just been trained.
  public init(
    target: String, createdAt: Date, features: [String], parameters: [String: String],
    trainedOn: ClosedRange<Date>, rowCount: Int, dataHash: String, metrics: [String: Double]
  ) {
    self.target = target
    self.createdAt = createdAt
    changedAt = createdAt
    self.features = features
    self.parameters = parameters
    self.trainedOn = trainedOn
    self.rowCount = rowCount
    self.dataHash = dataHash
    self.metrics = metrics
  }
}

/// A 64-bit hash that finds accidental change; it does not resist a forger.
///
/// Source: G. Fowler, L. Noll, K.-P. Vo, FNV-1a, draft-eastlake-fnv.
public struct StableHash: Sendable, Hashable {
  private var state: UInt64 = 0xCBF2_9CE4_8422_2325

  /// The hash of nothing.
  public init() {}

  /// Takes bytes.
  public mutating func combine(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
  }

  /// Takes numbers; a missing one counts too.
  public mutating func combine(_ values: [Double?]) {
    for value in values {
      withUnsafeBytes(of: (value ?? .nan).bitPattern.littleEndian) { combine($0) }
    }
  }

  /// Sixteen hexadecimal digits.
  public var text: String {
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The hash of a file's content.
  static func of(_ data: Data) -> String {
    var hash = StableHash()
    hash.combine(data)
    return hash.text
  }
}
