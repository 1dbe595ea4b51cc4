// SPDX-License-Identifier: MIT
import Foundation

/// The file `.env`: one `NAME=value` a line, comments with `#`, quotes optional.
enum EnvironmentFile {
  /// The variables of a file; none when there is no such file.
  static func variables(
    ofFile path: String
  ) throws(ConfigurationError) -> [String: String] {
    guard FileManager.default.fileExists(atPath: path) else { return [:] }
    return try variables(of: YAMLDocument.text(ofFile: path), file: path)
  }

  /// The variables of a text.
  static func variables(
    of text: String, file: String
  ) throws(ConfigurationError) -> [String: String] {
    var variables: [String: String] = [:]
    var problems: [ConfigurationError.Problem] = []
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      var entry = line.trimmingCharacters(in: .whitespaces)
      guard !entry.isEmpty, !entry.hasPrefix("#") else { continue }
      if entry.hasPrefix("export ") { entry.removeFirst("export ".count) }
      let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, isName(parts[0]) else {
        problems.append(
          ConfigurationError.Problem(
            file: file, line: index + 1, column: 1, keyPath: "",
            message: "a line is NAME=value, the name of letters, digits and '_'"))
        continue
      }
      variables[String(parts[0])] = unquoted(parts[1].trimmingCharacters(in: .whitespaces))
    }
    guard problems.isEmpty else { throw ConfigurationError(problems) }
    return variables
  }

  /// Whether a text can name a variable.
  static func isName(_ text: some StringProtocol) -> Bool {
    guard let first = text.unicodeScalars.first, !("0"..."9").contains(first) else { return false }
    return text.unicodeScalars.allSatisfy {
      ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0) || $0 == "_"
    }
  }

  private static func unquoted(_ text: String) -> String {
    guard text.count >= 2, let quote = text.first, quote == "\"" || quote == "'",
      text.last == quote
    else { return text }
    return String(text.dropFirst().dropLast())
  }
}

extension Findings {
  /// Tells secrets that come out of a file `.env` which others than its owner may read.
  func checkEnvironmentFile(_ variablesOfProcess: Set<String>) {
    let file = beside(".env")
    let attributes = try? FileManager.default.attributesOfItem(atPath: file)
    let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue ?? 0
    guard mode & 0o077 != 0 else { return }
    for secret in secrets where !variablesOfProcess.contains(where: { secret.source == "${\($0)}" })
    {
      report(
        "\(secret.source) comes out of \(file), which others may read: run chmod 600 \(file)",
        at: secret.path, mark: secret.mark)
    }
  }
}
