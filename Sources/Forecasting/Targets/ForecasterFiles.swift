// SPDX-License-Identifier: MIT
import Foundation
import Learning

/// The parts of a forecaster that are no trees: JSON beside the files of the trees.
extension [String: Data] {
  /// Adds a part as NAME.json.
  mutating func add(_ part: some Encodable, named name: String) throws(LearningError) {
    do {
      self[name + ".json"] = try JSONEncoder.stable.encode(part)
    } catch {
      throw .damagedModel(reason: "\(name).json cannot be written: \(error)")
    }
  }

  /// Reads a part from NAME.json.
  ///
  /// - Throws: `damagedModel`.
  func part<Part: Decodable>(named name: String) throws(LearningError) -> Part {
    guard let data = self[name + ".json"],
      let part = try? JSONDecoder().decode(Part.self, from: data)
    else { throw .damagedModel(reason: "\(name).json is missing or not a \(Part.self)") }
    return part
  }
}

extension JSONEncoder {
  /// The same value always gives the same bytes: the registry tells models apart by them.
  static var stable: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return encoder
  }
}
