// SPDX-License-Identifier: MIT
import Foundation

/// What is asked of one field.
enum InfluxQuestion {
  /// The readings inside a half-open time.
  case readings(Range<Date>)
  /// The means over steps of so many seconds, stamped with their start, inside a half-open time.
  case means(Range<Date>, stepSeconds: Int)
  /// The oldest reading.
  case oldest
  /// The newest reading.
  case newest
  /// How many readings there are.
  case count
}

extension InfluxQL {
  /// The question as a statement, with a column for each field.
  static func statement(
    _ question: InfluxQuestion, _ fields: [String], of place: InfluxPlace
  ) -> String {
    func columns(_ function: String? = nil) -> String {
      fields.map { field in
        let name = identifier(field)
        return function.map { "\($0)(\(name))" } ?? name
      }.joined(separator: ", ")
    }
    switch question {
    case .readings(let range): return "SELECT \(columns()) \(from(place, in: range))"
    case .means(let range, let step):
      return "SELECT \(columns("MEAN")) \(from(place, in: range)) "
        + "GROUP BY time(\(step)s) fill(none)"
    case .oldest: return "SELECT \(columns("FIRST")) \(from(place))"
    case .newest: return "SELECT \(columns("LAST")) \(from(place))"
    case .count: return "SELECT \(columns("COUNT")) \(from(place))"
    }
  }
}

/// Words of Flux. Source: docs.influxdata.com, Flux language reference.
enum Flux {
  /// The question as a script; times come as whole microseconds.
  static func script(
    _ question: InfluxQuestion, _ field: String, of place: InfluxPlace, bucket: String
  ) -> String {
    func source(_ range: Range<Date>?) -> String {
      Self.source(bucket, field, place, range)
    }
    switch question {
    case .readings(let range): return source(range) + rows
    case .means(let range, let step):
      // By default Flux stamps a window with its end.
      return source(range)
        + " |> aggregateWindow(every: \(step)s, fn: mean, createEmpty: false, timeSrc: \"_start\")"
        + rows
    case .oldest: return source(nil) + " |> first()" + rows
    case .newest: return source(nil) + " |> last()" + rows
    case .count: return source(nil) + " |> count() |> keep(columns: [\"_value\"])"
    }
  }

  /// Names of measurements, or of the fields of one.
  static func names(bucket: String, of measurement: String?) -> String {
    let call =
      measurement.map {
        "measurementFieldKeys(bucket: \(quoted(bucket)), measurement: \(quoted($0))"
      }
      ?? "measurements(bucket: \(quoted(bucket))"
    return "import \"influxdata/influxdb/schema\"\nschema." + call
      + ", start: 1970-01-01T00:00:00Z)"
  }

  private static let rows =
    " |> map(fn: (r) => ({_time: int(v: r._time) / 1000, _value: float(v: r._value)}))"

  private static func source(
    _ bucket: String, _ field: String, _ place: InfluxPlace, _ range: Range<Date>?
  ) -> String {
    let start = range.map { time($0.lowerBound) } ?? "1970-01-01T00:00:00Z"
    let stop = range.map { time($0.upperBound) } ?? "2200-01-01T00:00:00Z"
    let tags = place.tags.sorted { $0.key < $1.key }.map {
      " and r[\(quoted($0.key))] == \(quoted($0.value))"
    }
    return "from(bucket: \(quoted(bucket))) |> range(start: \(start), stop: \(stop))"
      + " |> filter(fn: (r) => r._measurement == \(quoted(place.measurement))"
      + " and r._field == \(quoted(field))\(tags.joined()))"
  }

  /// An instant inside a range may be in whole nanoseconds.
  private static func time(_ instant: Date) -> String {
    "time(v: \(LineProtocol.microseconds(instant))000)"
  }

  private static func quoted(_ text: String) -> String {
    let escaped = text.replacingOccurrences(of: "\\", with: "\\\\")
      .replacingOccurrences(of: "\"", with: "\\\"").replacingOccurrences(of: "\n", with: " ")
      .replacingOccurrences(of: "${", with: "\\${")
    return "\"" + escaped + "\""
  }
}
