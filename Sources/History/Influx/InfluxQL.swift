// SPDX-License-Identifier: MIT
import Foundation

/// Words of InfluxQL. Source: docs.influxdata.com, InfluxQL reference, strings and identifiers.
enum InfluxQL {
  /// A name in double quotes.
  static func identifier(_ name: String) -> String { quoted(name, "\"") }

  /// `FROM "m" WHERE "tag" = 'x' AND time >= 1u AND time < 2u`.
  static func from(_ place: InfluxPlace, in range: Range<Date>? = nil) -> String {
    var conditions = place.tags.sorted { $0.key < $1.key }.map {
      identifier($0.key) + " = " + quoted($0.value, "'")
    }
    if let range {
      conditions.append("time >= \(LineProtocol.microseconds(range.lowerBound))u")
      conditions.append("time < \(LineProtocol.microseconds(range.upperBound))u")
    }
    let filter = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
    return "FROM " + identifier(place.measurement) + filter
  }

  /// What an answer says that is not the table asked for: the failure of a statement.
  static func error(in text: String) -> InfluxError {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    let isComplaint = line.contains("error") || line.contains("not found")
    return isComplaint ? .statement(line) : .unreadable(line)
  }

  private struct Answer: Decodable {
    struct Result: Decodable { let error: String? }
    let results: [Result]?
    let error: String?
  }

  /// The reason in a JSON answer that reports a failure.
  static func failure(inJSON body: [UInt8]) -> String? {
    // A chunked answer is a document a line; the first one carries the failure of a statement.
    guard let line = body.split(separator: UInt8(ascii: "\n")).first,
      let answer = try? JSONDecoder().decode(Answer.self, from: Data(line))
    else { return nil }
    return answer.error ?? answer.results?.compactMap(\.error).first
  }

  private static func quoted(_ text: String, _ mark: String) -> String {
    let escaped = text.replacingOccurrences(of: "\\", with: "\\\\")
      .replacingOccurrences(of: mark, with: "\\" + mark)
      .replacingOccurrences(of: "\n", with: " ")
    return mark + escaped + mark
  }
}
