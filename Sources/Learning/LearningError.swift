// SPDX-License-Identifier: MIT

/// Why a model could not be trained, read or asked.
public enum LearningError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The boosting library refused; its own words.
  case libraryRefused(library: String, message: String)
  /// The text of a model cannot be read.
  case damagedModel(reason: String)
  /// The model was trained on features that the question does not have.
  case missingFeatures([String])
  /// There is too little to learn from.
  case tooFewRows(have: Int, need: Int)
  /// A setting is outside its range.
  case invalidSetting(String)

  /// Whether trying again with the same input can help: never, all of these need other input.
  public var isTransient: Bool { false }

  /// What happened and what to do next.
  public var description: String {
    switch self {
    case .libraryRefused(let library, let message):
      "\(library) refused: \(message)"
    case .damagedModel(let reason):
      "the model cannot be read (\(reason)); take an older version or train it again"
    case .missingFeatures(let names):
      "the model needs features that are not there: \(names.joined(separator: ", ")); "
        + "supply them or train a model without them"
    case .tooFewRows(let have, let need):
      "\(have) rows are too few to learn from, \(need) are needed; wait for more history"
    case .invalidSetting(let text):
      "invalid setting: \(text)"
    }
  }
}
