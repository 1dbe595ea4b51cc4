// SPDX-License-Identifier: MIT
import Foundation
import Spelling

extension Section {
  /// Text for people, not empty.
  func text(_ key: String, _ allowed: String) -> String {
    guard let node = requiredNode(key, allowed) else { return "" }
    guard let text = node.scalar?.string, !text.isEmpty else {
      let quoted = node.scalar.map { !$0.isNull && $0.isPlain } ?? false
      report("\(node.shown) is not text; " + (quoted ? "put it in quotes" : allowed), key)
      return ""
    }
    return text
  }

  /// The name of a thing, as it stands in signals and commands.
  func name(_ key: String = "name") -> String {
    let allowed = "lower-case letters, digits and '_', at most 40, a letter first"
    let text = text(key, allowed)
    guard !text.isEmpty, !Self.isName(text) else { return text }
    report("\(shown(key)) is no name; \(allowed)", key)
    return text
  }

  /// The name of something that stands elsewhere in the file.
  ///
  /// - Parameter kind: what it names, for the error.
  func reference(_ key: String, to known: [String], kind: String) -> String {
    let text = text(key, "the name of a \(kind)")
    guard !text.isEmpty, !known.contains(text) else { return text }
    let near = NearestMatch.of(text, in: known).map { "did you mean '\($0)'?" }
    let names = known.isEmpty ? "there is none" : "there are " + known.joined(separator: ", ")
    report("there is no \(kind) \(shown(key)); \(near ?? names)", key)
    return text
  }

  /// One of a fixed set of words.
  func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ key: String, default fallback: Choice, isNeeded: Bool = false
  ) -> Choice {
    let words = Choice.allCases.map(\.rawValue)
    let allowed = "allowed: " + words.joined(separator: ", ")
    if !isNeeded, !has(key) { return fallback }
    guard let node = requiredNode(key, allowed) else { return fallback }
    if let choice = Choice(rawValue: node.scalar?.text ?? "") { return choice }
    let near = node.scalar.flatMap { NearestMatch.of($0.text, in: words) }
    report(
      "\(node.shown) is " + (near.map { "not known; did you mean '\($0)'? " } ?? "not known; ")
        + allowed, key)
    return fallback
  }

  /// Minutes after midnight of a time written `"HH:MM"`, 00:00…24:00.
  func minuteOfDay(
    _ key: String, in range: ClosedRange<Int>, default fallback: Int? = nil
  ) -> Int {
    if let fallback, !has(key) { return fallback }
    let allowed = "\"\(Self.clock(range.lowerBound))\"…\"\(Self.clock(range.upperBound))\""
    guard let node = requiredNode(key, "allowed: \(allowed)") else { return range.lowerBound }
    let minute = Self.minute(node.scalar?.text ?? "")
    if let minute, range.contains(minute) { return minute }
    let isQuoteMissing = node.scalar.map { $0.isPlain && $0.string == nil } ?? false
    report(
      "\(node.shown) is no time in \(allowed)"
        + (isQuoteMissing ? "; write hours and minutes in quotes, \"22:00\"" : ""), key)
    return range.lowerBound
  }

  /// `22:00` for 1320.
  static func clock(_ minute: Int) -> String {
    String(format: "%02d:%02d", minute / 60, minute % 60)
  }

  private func shown(_ key: String) -> String { node(key)?.shown ?? "nothing" }

  private static func minute(_ text: String) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ (1...2).contains($0.count) }),
      parts[1].count == 2, parts.joined().utf8.allSatisfy({ (48...57).contains($0) }),
      let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60
    else { return nil }
    return hour * 60 + minute
  }

  private static func isName(_ text: String) -> Bool {
    let letters = text.unicodeScalars
    guard let first = letters.first, ("a"..."z").contains(first), letters.count <= 40 else {
      return false
    }
    return letters.allSatisfy {
      ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "_"
    }
  }
}
