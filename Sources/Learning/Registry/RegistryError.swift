// SPDX-License-Identifier: MIT

/// Why the registry could not do what it was asked; the models in use stay in use.
public enum RegistryError: Error, Sendable, Equatable, CustomStringConvertible {
  /// There is no such version; the ones there are.
  case unknownVersion(target: String, version: Int, available: [Int])
  /// No model of the target is in use.
  case noProduction(target: String)
  /// No earlier model of the target can come back.
  case nothingToRollBackTo(target: String)
  /// A file's content is not what was saved.
  case damaged(path: String, reason: String)
  /// The model was written by a program that does it another way.
  case foreign(path: String, reason: String)
  /// The state may not follow the present one.
  case forbiddenTransition(from: ModelState, to: ModelState)
  /// A name that cannot be a folder.
  case invalidTarget(String)
  /// The folder cannot be read or written; the system's reason.
  case notAccessible(path: String, reason: String)

  /// Whether trying again can help.
  public var isTransient: Bool {
    if case .notAccessible = self { true } else { false }
  }

  /// What happened and what to do next.
  public var description: String {
    switch self {
    case .unknownVersion(let target, let version, let available):
      "\(target) has no version \(version); there are "
        + (available.isEmpty ? "none" : available.map(String.init).joined(separator: ", "))
    case .noProduction(let target):
      "no \(target) model is in use; train one with 'pems train'"
    case .nothingToRollBackTo(let target):
      "no earlier \(target) model has been in use; train one with 'pems train'"
    case .damaged(let path, let reason):
      "\(path) is damaged (\(reason)); the model in use stays, roll back or train again"
    case .foreign(let path, let reason):
      "\(path) is not a model of this program (\(reason)); the model in use stays"
    case .forbiddenTransition(let from, let to):
      from == to
        ? "it is in \(to.rawValue) already"
        : "a model in \(from.rawValue) cannot go to \(to.rawValue)"
    case .invalidTarget(let name):
      "'\(name)' is not the name of a target: lower-case letters, digits and '-'"
    case .notAccessible(let path, let reason):
      "\(path) cannot be used: \(reason)"
    }
  }
}
