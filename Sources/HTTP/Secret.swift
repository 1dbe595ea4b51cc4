// SPDX-License-Identifier: MIT
import Foundation

/// A password, token or key that never shows itself: not in text, not in a dump, not in a mirror.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  /// The secret itself, only for the moment in which it is sent.
  public let revealed: String

  /// Hides a text.
  public init(_ text: String) { revealed = text }

  /// What everybody sees.
  public var description: String { "‹secret›" }
  /// What everybody sees.
  public var debugDescription: String { description }
  /// A mirror without the text.
  public var customMirror: Mirror { Mirror(self, children: [:]) }

  /// The text with every occurrence of the secret, plain or percent-encoded, made unreadable.
  public func removed(from text: String) -> String {
    guard !revealed.isEmpty else { return text }
    return text.replacingOccurrences(of: revealed, with: description)
      .replacingOccurrences(of: PercentEncoding.encode(revealed), with: description)
  }
}

/// A secret could not be read.
public enum SecretError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The environment has no such variable, or it is empty.
  case variableMissing(String)
  /// The file cannot be read.
  case fileUnreadable(String)
  /// Others than the owner may read the file; the octal mode is the second value.
  case fileOpenToOthers(String, mode: Int)

  /// What is wrong and what to do.
  public var description: String {
    switch self {
    case .variableMissing(let name):
      "the environment variable \(name) is not set: set it, or name a file with the secret"
    case .fileUnreadable(let path):
      "cannot read the secret file \(path): create it with the secret on its first line, mode 600"
    case .fileOpenToOthers(let path, let mode):
      "the secret file \(path) has mode \(String(mode, radix: 8)): run chmod 600 \(path)"
    }
  }
}

extension Secret {
  /// The value of a variable of the process's environment.
  ///
  /// - Throws: `variableMissing` when it is not set or empty.
  public init(
    variable name: String, in environment: [String: String]
  ) throws(SecretError) {
    guard let text = environment[name], !text.isEmpty else { throw .variableMissing(name) }
    self.init(text)
  }

  /// The first line of a file that only its owner may read.
  ///
  /// - Throws: `fileUnreadable`, or `fileOpenToOthers` when group or others have any right on it.
  public init(file path: String) throws(SecretError) {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue else {
      throw .fileUnreadable(path)
    }
    guard mode & 0o077 == 0 else { throw .fileOpenToOthers(path, mode: mode) }
    guard let text = try? String(contentsOfFile: path, encoding: .utf8),
      let line = text.split(whereSeparator: \.isNewline).first
    else { throw .fileUnreadable(path) }
    self.init(line.trimmingCharacters(in: .whitespaces))
  }
}
