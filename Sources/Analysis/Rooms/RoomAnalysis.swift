// SPDX-License-Identifier: MIT
public import Household
public import Physics
public import TimeSeries

/// What the history of a home shows of its rooms: how they were heated, how they keep heat, what the
/// sun gives them, and whether people were comfortable.
public struct RoomAnalysis: Sendable {
  /// Whether people were comfortable in a room.
  public struct Comfort: Sendable, Hashable {
    /// Share of readings inside the band of their time.
    public let inside: Fraction
    /// Mean of how far it was below the band, K·h a day.
    public let coldPerDay: Double
    /// Mean of how far it was above the band, K·h a day.
    public let warmPerDay: Double
  }

  /// One room.
  public struct Finding: Sendable {
    /// The model with its properties, remarks and doubts.
    public let model: RoomIdentification
    /// Cycles, duty and rates; `nil` where heat is not known in watts.
    public let statistics: HeatingStatistics?
    /// Loss and capacity from these alone: what the model must not be far from.
    public let cycles: CycleEstimate?
    /// The sun's share of what heater and sun gave the room; `nil` where either is not known.
    public let solarShare: Estimated<Fraction>?
    /// Comfort by the bands of the configuration; `nil` without them or without readings.
    public let comfort: Comfort?
    /// Temperatures that nine of ten readings are above, and below.
    public let usual: ClosedRange<Celsius>?
  }

  /// The rooms, in the order of the record.
  public let rooms: [Finding]

  /// Analyses a record whose rooms were identified.
  ///
  /// - Parameters:
  ///   - house: of the same record.
  ///   - home: configured rooms, for their bands; empty where nobody knows them.
  ///   - calendar: of the home.
  public init(
    _ record: HouseRecord, _ house: IdentifiedHouse, home: [Room], calendar: SiteCalendar
  ) {
    let statistics = record.rooms.map { room -> HeatingStatistics? in
      guard case .power(let heat) = room.heating else { return nil }
      return HeatingStatistics(
        room: room.name, temperature: room.temperature, heat: heat, outdoor: record.outdoor)
    }
    let estimates = Dictionary(
      CycleEstimate.estimates(for: statistics.compactMap { $0 }).map { ($0.room, $0) },
      uniquingKeysWith: { first, _ in first })
    // Heat of the sun through all apertures of a room; rooms whose heat is not in watts have none.
    let network = try? house.network()
    let means = record.irradiances.map { Self.mean($0) ?? 0 }
    let times = calendar.wallTimes(on: record.grid)
    rooms = record.rooms.indices.map { index in
      let room = record.rooms[index]
      let readings = room.temperature.values.compactMap { $0?.rawValue }.sorted()
      let bands = home.first { $0.name == room.name }?.comfort
      return Finding(
        model: house.rooms[index], statistics: statistics[index], cycles: estimates[room.name],
        solarShare: Self.solarShare(
          house.rooms[index].findings?.solarAperture,
          sunWatts: network.map { Self.sunWatts($0.rooms[index], means) }, room),
        comfort: bands.flatMap { Self.comfort(room.temperature, $0, times) },
        usual: readings.isEmpty
          ? nil
          : Celsius(readings[readings.count / 10])...Celsius(readings[readings.count * 9 / 10]))
    }
  }

  private static func mean<Value: Quantity>(_ series: Series<Value>?) -> Double? {
    guard let numbers = series?.values.compactMap({ $0?.rawValue }), !numbers.isEmpty else {
      return nil
    }
    return numbers.reduce(0, +) / Double(numbers.count)
  }

  private static func solarShare(
    _ aperture: Estimated<SquareMetres>?, sunWatts: Double?, _ room: HouseRecord.Room
  ) -> Estimated<Fraction>? {
    guard let aperture, aperture.value > .zero, let sunWatts, sunWatts > 0,
      case .power(let heat) = room.heating, let heater = mean(heat)
    else { return nil }
    func share(_ area: SquareMetres) -> Fraction {
      let gain = sunWatts * max(0, area.rawValue) / aperture.value.rawValue
      return Fraction(gain + heater > 0 ? gain / (gain + heater) : 0)
    }
    return Estimated(
      value: share(aperture.value), low: share(aperture.low), high: share(aperture.high))
  }

  private static func sunWatts(_ room: ThermalRoom, _ means: [Double]) -> Double {
    [room.solarApertures, room.envelope?.solarApertures ?? []].reduce(0) { sum, apertures in
      zip(apertures, means).reduce(sum) { $0 + $1.0.rawValue * $1.1 }
    }
  }

  private static func comfort(
    _ temperature: Series<Celsius>, _ schedule: ComfortSchedule, _ times: [SiteCalendar.WallTime]
  ) -> Comfort? {
    var (inside, cold, warm, count) = (0.0, 0.0, 0.0, 0.0)
    for (reading, time) in zip(temperature.values, times) {
      guard let reading else { continue }
      let band = schedule.band(at: time)
      count += 1
      if reading < band.lower {
        cold += (band.lower - reading).rawValue
      } else if reading > band.upper {
        warm += (reading - band.upper).rawValue
      } else {
        inside += 1
      }
    }
    guard count > 0 else { return nil }
    return Comfort(
      inside: Fraction(inside / count), coldPerDay: 24 * cold / count,
      warmPerDay: 24 * warm / count)
  }
}
