// SPDX-License-Identifier: MIT
import Foundation
import TimeSeries

/// What Open-Meteo answers: arrays by the name of the variable beside an array of labels.
struct OpenMeteoAnswer: Decodable {
  struct Block: Decodable {
    var times: [Date] = []
    var values: [String: [Double?]] = [:]

    private enum Label: Decodable {
      case number(Double)
      case text(String)

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {
          self = .number(number)
        } else {
          self = .text(try container.decode(String.self))
        }
      }
    }

    struct Key: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init?(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      for key in container.allKeys {
        if key.stringValue == "time" {
          times = try container.decode([Label].self, forKey: key).map { label in
            switch label {
            case .number(let seconds): return Date(timeIntervalSince1970: seconds)
            case .text(let text):
              guard let stamp = TimestampText(text) else {
                throw DecodingError.dataCorruptedError(
                  forKey: key, in: container, debugDescription: "no time: \(text)")
              }
              return stamp.instant(offsetSeconds: 0)
            }
          }
        } else if let numbers = try? container.decode([Double?].self, forKey: key) {
          values[key.stringValue] = numbers
        }
      }
    }
  }

  let utc_offset_seconds: Double
  let hourly: Block?
  let minutely_15: Block?
  let hourly_units: [String: String]?
  let minutely_15_units: [String: String]?

  func weather(
    _ interval: OpenMeteo.Interval, issuedAt: Date, suffix: String
  ) throws(FeedError) -> IssuedWeather {
    let block = interval == .hourly ? hourly : minutely_15
    let units = (interval == .hourly ? hourly_units : minutely_15_units) ?? [:]
    guard let block, let first = block.times.first else {
      throw .unreadable(service: OpenMeteo.service, reason: "no '\(interval.rawValue)' times")
    }
    // Labels as text are by the clock of the answer; those in seconds are UTC already.
    let offset = units["time"] == "unixtime" ? 0 : utc_offset_seconds
    let grid = try Self.grid(block.times, from: first, offset: offset, interval)
    var weather = IssuedWeather(source: OpenMeteo.service, issuedAt: issuedAt, grid: grid)
    func column(_ name: String) throws(FeedError) -> [Double?]? {
      guard let values = block.values[name + suffix] else { return nil }
      guard values.count == grid.count else {
        throw .unreadable(
          service: OpenMeteo.service, reason: "'\(name)' has \(values.count) of \(grid.count)")
      }
      return values
    }
    let preceding = try column("shortwave_radiation").map(Self.untilLabel)
    let instantaneous = try column("shortwave_radiation_instant").map(Self.atLabel)
    weather.irradiance = preceding ?? instantaneous
    weather.temperature = try column("temperature_2m").map(Self.atLabel)
    let windScale = try scale(units["wind_speed_10m" + suffix], ["m/s": 1, "km/h": 1 / 3.6])
    weather.windSpeed = try column("wind_speed_10m").map {
      Self.atLabel(Self.scaled($0, windScale))
    }
    let snowScale = try scale(units["snowfall" + suffix], ["mm": 1, "cm": 10])
    weather.snowfall = try column("snowfall").map { Self.untilLabel(Self.scaled($0, snowScale)) }
    weather.cloudCover = try column("cloud_cover").map { Self.atLabel(Self.scaled($0, 0.01)) }
    guard weather.temperature != nil || weather.irradiance != nil else {
      throw .unreadable(
        service: OpenMeteo.service, reason: "neither temperature nor radiation '\(suffix)'")
    }
    return weather
  }

  private static func grid(
    _ times: [Date], from first: Date, offset: Double, _ interval: OpenMeteo.Interval
  ) throws(FeedError) -> TimeGrid {
    let step = Double(interval.seconds)
    for (index, time) in times.enumerated()
    where time.timeIntervalSince(first) != step * Double(index) {
      throw .unreadable(service: OpenMeteo.service, reason: "uneven times at \(index)")
    }
    return TimeGrid(
      start: first.addingTimeInterval(-offset), stepSeconds: interval.seconds, count: times.count)
  }

  private func scale(_ unit: String?, _ known: [String: Double]) throws(FeedError) -> Double {
    guard let unit else { return 1 }
    guard let scale = known[unit] else {
      throw .unreadable(service: OpenMeteo.service, reason: "the unit '\(unit)'")
    }
    return scale
  }

  private static func scaled(_ values: [Double?], _ factor: Double) -> [Double?] {
    values.map { $0.map { $0 * factor } }
  }

  /// From means over the interval that ends at the label to means over the one that begins there.
  private static func untilLabel(_ values: [Double?]) -> [Double?] {
    Array(values.dropFirst()) + [nil]
  }

  /// From values at the labels to means between them; the last one stands for itself.
  private static func atLabel(_ values: [Double?]) -> [Double?] {
    values.indices.map { index in
      guard let here = values[index] else { return nil }
      guard index + 1 < values.count, let next = values[index + 1] else { return here }
      return (here + next) / 2
    }
  }
}
