// SPDX-License-Identifier: MIT
import Foundation

/// The small JSON files that outlive a run.
enum KeptFile {
  /// What a file holds; `nil` where there is none, or where it cannot be read, which is told.
  static func read<Content: Decodable>(
    _ path: String, by decoder: JSONDecoder = JSONDecoder(), onDamage: (String) -> Void
  ) -> Content? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    do {
      return try decoder.decode(
        Content.self, from: try Data(contentsOf: URL(filePath: path)))
    } catch {
      onDamage("\(path): \(error)")
      return nil
    }
  }
}

extension RunLog {
  /// What a damaged file held is not known any more: a person must look.
  func tellDamage(_ problem: String) {
    self.writeSparsely(.error, "state_damaged", key: problem, ["problem": problem])
  }
}
