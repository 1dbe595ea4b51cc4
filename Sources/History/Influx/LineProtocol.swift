// SPDX-License-Identifier: MIT
import Foundation
import TimeSeries

/// Points as InfluxDB takes them: `measurement,tag=x field=1.5 1700000000000000`.
///
/// Numbers are always floats, so that one whole number never fixes a field's type as integer.
struct LineProtocol {
  private let before: [UInt8]
  private(set) var bytes: [UInt8] = []
  private(set) var count = 0

  /// Lines of one field of one measurement.
  init(measurement: String, tags: [String: String], field: String) {
    var text = Self.escaped(measurement, ", ")
    for (key, value) in tags.sorted(by: { $0.key < $1.key }) {
      text += "," + Self.escaped(key, ",= ") + "=" + Self.escaped(value, ",= ")
    }
    text += " " + Self.escaped(field, ",= ") + "="
    before = Array(text.utf8)
  }

  /// Adds a point.
  mutating func add(_ sample: Sample) {
    bytes.append(contentsOf: before)
    // `description` is the shortest text that reads back as the same number.
    bytes.append(contentsOf: sample.value.description.utf8)
    bytes.append(UInt8(ascii: " "))
    append(Self.microseconds(sample.time))
    bytes.append(UInt8(ascii: "\n"))
    count += 1
  }

  /// Forgets the points and keeps the room.
  mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
    count = 0
  }

  static func microseconds(_ time: Date) -> Int64 {
    Int64((time.timeIntervalSince1970 * 1e6).rounded())
  }

  private mutating func append(_ number: Int64) {
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    var rest = number.magnitude
    let start = bytes.count
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  private static func escaped(_ text: String, _ special: String) -> String {
    var escaped = ""
    for character in text.replacingOccurrences(of: "\n", with: " ") {
      if special.contains(character) { escaped.append("\\") }
      escaped.append(character)
    }
    return escaped
  }
}
