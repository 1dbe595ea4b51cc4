// SPDX-License-Identifier: MIT

/// A single value as it is written.
///
/// Plain (unquoted) text is read by the core schema of YAML 1.2: `null`, `true`, `false`, whole
/// numbers (also `0x…`, `0o…`) and decimal numbers. `yes`, `NO`, `on` and `22:00` are text.
///
/// Source: YAML 1.2.2, section 10.3.2, https://yaml.org/spec/1.2.2/.
struct YAMLScalar: Sendable, Hashable {
  let text: String
  /// Neither quoted nor a block: may be a number, a boolean or null.
  let isPlain: Bool
  /// The `${NAME}` text in the file where the value came out of the environment.
  var source: String?

  var isNull: Bool { isPlain && ["", "~", "null", "Null", "NULL"].contains(text) }

  var bool: Bool? {
    guard isPlain else { return nil }
    switch text {
    case "true", "True", "TRUE": return true
    case "false", "False", "FALSE": return false
    default: return nil
    }
  }

  var integer: Int? {
    guard isPlain else { return nil }
    if text.hasPrefix("0x") { return Int(text.dropFirst(2), radix: 16) }
    if text.hasPrefix("0o") { return Int(text.dropFirst(2), radix: 8) }
    return Int(text)
  }

  /// A finite number; `.inf` and `.nan` are none.
  var number: Double? {
    guard isPlain else { return nil }
    if let integer { return Double(integer) }
    let isDecimal = text.utf8.allSatisfy {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        || [
          UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "e"),
          UInt8(ascii: "E"),
        ].contains($0)
    }
    guard isDecimal, let number = Double(text), number.isFinite else { return nil }
    return number
  }

  /// The text where the scalar is text; `nil` where it is null, a boolean or a number.
  var string: String? {
    isNull || bool != nil || number != nil ? nil : text
  }

  /// What stands there, for an error.
  var shown: String {
    if let source { return "the value of \(source)" }
    if isNull { return "nothing" }
    let quote = isPlain ? "'" : "\""
    return quote + (text.count > 60 ? text.prefix(57) + "…" : text[...]) + quote
  }

  /// What somebody who wanted a number should write instead; empty when there is no guess.
  var numberHint: String {
    if source != nil { return "" }
    if !isPlain {
      return YAMLScalar(text: text, isPlain: true).number == nil ? "" : "; write it without quotes"
    }
    let pointed = text.replacing(",", with: ".")
    if pointed != text, Double(pointed) != nil { return "; write \(pointed) with a point" }
    if let word = text.split(separator: " ").first, word.count < text.count, Double(word) != nil {
      return "; write \(word) alone, the unit is in the key"
    }
    return ""
  }
}
