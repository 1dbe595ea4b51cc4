// SPDX-License-Identifier: MIT
public import Foundation

extension QuantileTrees {
  private static let parts = ["p10", "p50", "p90", "mean"]

  /// The four models as files, `NAME-p10.lightgbm.txt` and so on.
  public func files(named name: String) throws(LearningError) -> [String: Data] {
    var files: [String: Data] = [:]
    for (part, model) in zip(Self.parts, models) {
      files["\(name)-\(part).\(model.library.rawValue).txt"] = Data(try model.text().utf8)
    }
    return files
  }

  /// Reads the four models of a name; `nil` when none of them is there.
  ///
  /// - Throws: `damagedModel` when some are missing or cannot be read.
  public init?(files: [String: Data], named name: String) throws(LearningError) {
    var models: [GradientBoostedTrees] = []
    for part in Self.parts {
      for library in BoostingLibrary.allCases {
        guard let data = files["\(name)-\(part).\(library.rawValue).txt"] else { continue }
        models.append(
          try GradientBoostedTrees(text: String(decoding: data, as: UTF8.self), library: library))
      }
    }
    if models.isEmpty { return nil }
    try self.init(models: models)
  }

  /// Reads two sets of trees that belong together; `nil` when neither is there.
  ///
  /// - Throws: `damagedModel` when only one of them is there, or one cannot be read.
  public static func pair(
    files: [String: Data], named first: String, _ second: String
  ) throws(LearningError) -> (QuantileTrees, QuantileTrees)? {
    switch (
      try QuantileTrees(files: files, named: first), try QuantileTrees(files: files, named: second)
    ) {
    case (let first?, let second?): return (first, second)
    case (nil, nil): return nil
    default: throw .damagedModel(reason: "one of the two sets of trees is missing")
    }
  }
}
