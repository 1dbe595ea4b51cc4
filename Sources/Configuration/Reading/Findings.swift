// SPDX-License-Identifier: MIT
import Foundation

/// What reading a file brings to light beside its values: problems, and defaults that were taken.
///
/// Reading goes on after a problem, with the smallest allowed value in the place of the wrong one,
/// so that one run tells everything that is wrong. What was read is thrown away when there is a
/// problem; no stand-in ever leaves this module.
final class Findings {
  private let file: String
  private var problems: [(problem: ConfigurationError.Problem, missing: ValuePath?)] = []
  private var sections: [Section] = []
  /// Secrets out of the environment: the text `${NAME}` and where it stands.
  private(set) var secrets: [(source: String, path: ValuePath, mark: YAMLMark)] = []
  /// The keys that were not given, with what counts in their place.
  private(set) var assumptions: [(path: ValuePath, value: String)] = []

  init(file: String) { self.file = file }

  func report(_ message: String, at path: ValuePath, mark: YAMLMark, isMissing: Bool = false) {
    let problem = ConfigurationError.Problem(
      file: file, line: mark.line, column: mark.column, keyPath: path.description,
      message: message)
    problems.append((problem, isMissing ? path : nil))
  }

  /// Whether a value is there and right, as far as it has been read.
  func isRight(_ path: ValuePath) -> Bool {
    let keyPath = path.description
    return !problems.contains { $0.problem.keyPath == keyPath }
  }

  func assume(_ value: String, at path: ValuePath) { assumptions.append((path, value)) }

  func noteSecret(_ source: String, at path: ValuePath, mark: YAMLMark) {
    secrets.append((source, path, mark))
  }

  /// A path as the program can open it: relative ones count from the folder of the file.
  func beside(_ path: String) -> String {
    guard !path.hasPrefix("/") else { return path }
    return URL(filePath: file).deletingLastPathComponent().appending(path: path).relativePath
  }

  func open(_ section: Section) { sections.append(section) }

  /// Looks for keys that nobody asked for, then throws when there is any problem.
  func close() throws(ConfigurationError) {
    var explained: Set<ValuePath> = []
    for section in sections {
      for (entry, unknown) in section.unknownKeys {
        report(unknown.message, at: section.path.key(entry.key), mark: entry.keyMark)
        if let suggestion = unknown.suggestion { explained.insert(section.path.key(suggestion)) }
      }
    }
    let left = problems.filter { problem in problem.missing.map { !explained.contains($0) } ?? true
    }
    guard left.isEmpty else { throw ConfigurationError(left.map(\.problem)) }
  }
}
