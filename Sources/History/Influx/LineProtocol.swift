// SPDX-License-Identifier: MIT
import Foundation
import TimeSeries

/// Points as InfluxDB takes them: `measurement,tag=x a=1.5,b=2.0 1700000000000000`.
///
/// Fields that have a reading at the same instant share a line, which halves the server's work.
/// Numbers are always floats, so that one whole number never fixes a field's type as integer.
struct LineProtocol {
  private let before: [UInt8]
  private let fields: [[UInt8]]
  private(set) var bytes: [UInt8] = []
  private(set) var count = 0

  /// Lines of some fields of one measurement.
  init(measurement: String, tags: [String: String], fields: [String]) {
    var text = Self.escaped(measurement, ", ")
    for (key, value) in tags.sorted(by: { $0.key < $1.key }) {
      text += "," + Self.escaped(key, ",= ") + "=" + Self.escaped(value, ",= ")
    }
    before = Array((text + " ").utf8)
    self.fields = fields.map { Array((Self.escaped($0, ",= ") + "=").utf8) }
  }

  /// Adds the line of one instant.
  ///
  /// - Parameter values: fields by their position, with their values; at least one.
  mutating func add(_ microseconds: Int64, _ values: [(field: Int, value: Double)]) {
    bytes.append(contentsOf: before)
    for (position, entry) in values.enumerated() {
      if position > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes.append(contentsOf: fields[entry.field])
      append(entry.value)
    }
    bytes.append(UInt8(ascii: " "))
    append(microseconds)
    bytes.append(UInt8(ascii: "\n"))
    count += values.count
  }

  /// Forgets the points and keeps the room.
  mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
    count = 0
  }

  static func microseconds(_ time: Date) -> Int64 {
    Int64((time.timeIntervalSince1970 * 1e6).rounded())
  }

  /// Numbers of up to four decimals, which is what meters tell, by whole numbers alone: the text reads
  /// back as the same number because the division below is rounded in the same way.
  private mutating func append(_ value: Double) {
    let scaled = (value * 10_000).rounded()
    guard abs(scaled) < 1e15, scaled / 10_000 == value else {
      // The shortest text that reads back as the same number.
      return bytes.append(contentsOf: value.description.utf8)
    }
    if scaled < 0 { bytes.append(UInt8(ascii: "-")) }
    let (whole, fraction) = Int64(scaled).magnitude.quotientAndRemainder(dividingBy: 10_000)
    append(digits: whole)
    bytes.append(UInt8(ascii: "."))
    var (rest, unit) = (fraction, UInt64(1_000))
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(rest / unit))
      rest %= unit
      unit /= 10
    } while rest > 0
  }

  private mutating func append(_ number: Int64) {
    if number < 0 { bytes.append(UInt8(ascii: "-")) }
    append(digits: number.magnitude)
  }

  private mutating func append(digits number: UInt64) {
    var rest = number
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
