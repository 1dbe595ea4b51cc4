// SPDX-License-Identifier: MIT
import Foundation
import TestSupport

/// The rows of the house plan: a module imports only modules of lower rows.
///
/// Written in `docs/architecture.md` as a block of lines `7 pems`, and `allow Web Reports` for an
/// import inside a row.
struct Rows {
  private(set) var row: [String: Int] = [:]
  private(set) var allowed: Set<[String]> = []

  struct Unreadable: Error {
    let line: String
  }

  init(_ block: some StringProtocol) throws(Unreadable) {
    for line in String(block).split(whereSeparator: \.isNewline) {
      let words = line.split(separator: " ").map(String.init)
      if words.first == "allow", words.count == 3 {
        allowed.insert([words[1], words[2]])
      } else if let number = words.first.flatMap({ Int($0) }), words.count > 1 {
        for module in words.dropFirst() { row[module] = number }
      } else {
        throw Unreadable(line: String(line))
      }
    }
  }

  /// The block of `docs/architecture.md`.
  static func current() throws -> Rows {
    let page = ReferenceMaterial.package.appending(path: "docs/architecture.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    guard let block = text.firstMatch(of: /(?s)```rows\n(.*?)```/) else {
      throw Unreadable(line: "docs/architecture.md has no block ```rows")
    }
    return try Rows(block.output.1)
  }
}
