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
  /// The question as a statement.
  static func statement(_ question: InfluxQuestion, _ term: InfluxSource.Term) -> String {
    let name = identifier(term.field)
    switch question {
    case .readings(let range): return "SELECT \(name) \(from(term, in: range))"
    case .means(let range, let step):
      return "SELECT MEAN(\(name)) \(from(term, in: range)) GROUP BY time(\(step)s) fill(none)"
    case .oldest: return "SELECT FIRST(\(name)) \(from(term))"
    case .newest: return "SELECT LAST(\(name)) \(from(term))"
    case .count: return "SELECT COUNT(\(name)) \(from(term))"
    }
  }
}

/// Words of Flux. Source: docs.influxdata.com, Flux language reference.
enum Flux {
  /// The question as a script; times come as whole microseconds.
  static func script(
    _ question: InfluxQuestion, _ term: InfluxSource.Term, bucket: String
  ) -> String {
    switch question {
    case .readings(let range): return source(bucket, term, range) + rows
    case .means(let range, let step):
      // By default Flux stamps a window with its end.
      return source(bucket, term, range)
        + " |> aggregateWindow(every: \(step)s, fn: mean, createEmpty: false, timeSrc: \"_start\")"
        + rows
    case .oldest: return source(bucket, term, nil) + " |> first()" + rows
    case .newest: return source(bucket, term, nil) + " |> last()" + rows
    case .count: return source(bucket, term, nil) + " |> count() |> keep(columns: [\"_value\"])"
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
    _ bucket: String, _ term: InfluxSource.Term, _ range: Range<Date>?
  ) -> String {
    let start = range.map { time($0.lowerBound) } ?? "1970-01-01T00:00:00Z"
    let stop = range.map { time($0.upperBound) } ?? "2200-01-01T00:00:00Z"
    let tags = term.tags.sorted { $0.key < $1.key }.map {
      " and r[\(quoted($0.key))] == \(quoted($0.value))"
    }
    return "from(bucket: \(quoted(bucket))) |> range(start: \(start), stop: \(stop))"
      + " |> filter(fn: (r) => r._measurement == \(quoted(term.measurement))"
      + " and r._field == \(quoted(term.field))\(tags.joined()))"
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
