// SPDX-License-Identifier: MIT
import Foundation

/// A YAML file with the place of every value, from which types are decoded with exact errors.
///
/// The door for every file that people write: the configuration of the home, and the mappings of
/// foreign column names. YAML 1.2 core schema, one document, no tags, aliases within limits.
public struct YAMLDocument: Sendable {
  /// A larger file is not one that a person wrote.
  static let maximumBytes = 4_000_000

  /// The file as errors name it.
  public let file: String
  let root: YAMLNode

  /// The document in a text.
  ///
  /// - Parameters:
  ///   - file: the name that errors show.
  ///   - environment: what `${NAME}` in a value stands for; `nil` leaves such text as it is.
  /// - Throws: for text that is no YAML, is empty, or names a variable that is not set.
  public init(
    text: String, file: String, environment: [String: String]? = nil
  ) throws(ConfigurationError) {
    self.file = file
    let tree: YAMLNode?
    do {
      tree = try YAMLTreeBuilder.tree(of: text)
    } catch {
      throw Self.syntaxError(error, text: text, file: file)
    }
    guard var root = tree, !root.isNull else {
      throw ConfigurationError([
        ConfigurationError.Problem(
          file: file, line: 1, column: 1, keyPath: "", message: "the file is empty")
      ])
    }
    if let environment {
      let problems = root.substitute(environment: environment)
      guard problems.isEmpty else {
        throw ConfigurationError(
          problems.map { problem in
            ConfigurationError.Problem(
              file: file, line: problem.mark.line, column: problem.mark.column,
              keyPath: problem.path.description, message: problem.message)
          })
      }
    }
    self.root = root
  }

  /// The document in a file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - environment: what `${NAME}` in a value stands for, completed by the file `.env` beside the
  ///     document; `nil` leaves such text as it is.
  /// - Throws: for a file that cannot be read, is not UTF-8 or no YAML, is empty, or names a
  ///   variable that is not set.
  public init(
    contentsOf path: String, environment: [String: String]? = nil
  ) throws(ConfigurationError) {
    let text = try Self.text(ofFile: path)
    var variables = environment
    if let environment {
      let beside = URL(filePath: path).deletingLastPathComponent().appending(path: ".env").path
      variables = try EnvironmentFile.variables(ofFile: beside)
        .merging(environment) { _, fromProcess in fromProcess }
    }
    try self.init(text: text, file: path, environment: variables)
  }

  /// The UTF-8 text of a file.
  static func text(ofFile path: String) throws(ConfigurationError) -> String {
    func unreadable(_ message: String, line: Int? = nil) -> ConfigurationError {
      ConfigurationError([
        ConfigurationError.Problem(
          file: path, line: line, column: line.map { _ in 1 }, keyPath: "", message: message)
      ])
    }
    var isFolder = ObjCBool(false)
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw unreadable("there is no such file")
    }
    guard !isFolder.boolValue else { throw unreadable("this is a folder, a file is needed") }
    let bytes: Data
    do {
      bytes = try Data(contentsOf: URL(filePath: path))
    } catch {
      throw unreadable("cannot be read: \(error.localizedDescription)")
    }
    guard bytes.count <= maximumBytes else {
      throw unreadable("has \(bytes.count) bytes, more than \(maximumBytes)")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let valid = String(decoding: bytes, as: UTF8.self).prefix { $0 != "\u{FFFD}" }
      throw unreadable(
        "is not UTF-8 text; save it with the encoding UTF-8",
        line: valid.count { $0.isNewline } + 1)
    }
    return text
  }

  private static func syntaxError(
    _ error: YAMLSyntaxError, text: String, file: String
  ) -> ConfigurationError {
    let lines = text.split(
      separator: "\n", maxSplits: error.mark.line, omittingEmptySubsequences: false)
    let line = error.mark.line <= lines.count ? lines[error.mark.line - 1] : ""
    let indentation = line.prefix { $0 == " " || $0 == "\t" }
    let message =
      indentation.contains("\t")
      ? "a tab stands in the indentation; write spaces" : error.message
    return ConfigurationError([
      ConfigurationError.Problem(
        file: file, line: error.mark.line, column: error.mark.column, keyPath: "",
        message: message)
    ])
  }
}
