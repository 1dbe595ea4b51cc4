// SPDX-License-Identifier: MIT

/// When the value of a feature is known.
public enum FeatureKnowledge: String, Sendable, Hashable, Codable, CaseIterable {
  /// At any time before: the calendar and the course of the sun.
  case always
  /// Measured in steps that were over at the issue.
  case measuredBeforeIssue
  /// In a forecast that had been issued: weather, an outside PV forecast, prices.
  case forecastAtIssue
  /// Learned from steps that were over at the issue: levels, ratios, climatology.
  case learnedBeforeIssue
}

/// A feature's name, unit and when it is known.
public struct FeatureDeclaration: Sendable, Hashable, Codable {
  /// The name, unique in its table.
  public let name: String
  /// The unit, empty for a plain number.
  public let unit: String
  /// When its value is known.
  public let knowledge: FeatureKnowledge
}

/// A feature and how it comes out of what is known at an issue.
///
/// The context is built from a `KnownPast`, which answers `nil` for every step that was not over at
/// the issue: a feature cannot look ahead, whoever writes it.
struct Feature<Context>: Sendable {
  let declaration: FeatureDeclaration
  let value: @Sendable (Context) -> Double?

  init(
    _ name: String, _ unit: String = "", _ knowledge: FeatureKnowledge,
    _ value: @escaping @Sendable (Context) -> Double?
  ) {
    declaration = FeatureDeclaration(name: name, unit: unit, knowledge: knowledge)
    self.value = value
  }
}

extension [FeatureDeclaration] {
  /// The names, in order.
  public var names: [String] { map(\.name) }
}

/// All features of all targets: one table a target.
public enum FeatureCatalogue {
  /// The declarations by target.
  public static let tables: [(target: String, features: [FeatureDeclaration])] = [
    ("pv", PVFeatures.declarations),
    ("load", LoadFeatures.declarations), ("price", PriceFeatures.declarations),
  ]
}
