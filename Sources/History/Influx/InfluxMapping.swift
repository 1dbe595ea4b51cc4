// SPDX-License-Identifier: MIT
public import Configuration
public import Household

/// Where in an InfluxDB a signal is: a sum of fields, each times a factor.
public struct InfluxSource: Sendable, Hashable {
  /// One field of one measurement.
  public struct Term: Sendable, Hashable {
    /// The measurement.
    public let measurement: String
    /// The field.
    public let field: String
    /// Tags that must have these values.
    public let tags: [String: String]
    /// What its numbers are multiplied with to have the signal's unit and sign.
    public let factor: Double

    /// A field.
    public init(
      measurement: String, field: String, tags: [String: String] = [:], factor: Double = 1
    ) {
      self.measurement = measurement
      self.field = field
      self.tags = tags
      self.factor = factor
    }
  }

  /// The database or bucket; that of the server when `nil`.
  public let database: String?
  /// What is added; readings count at instants at which all terms have one.
  public let terms: [Term]

  /// A sum of fields.
  public init(database: String? = nil, terms: [Term]) {
    self.database = database
    self.terms = terms
  }
}

/// Which signal is where.
public struct InfluxMapping: Sendable, Hashable {
  /// The signals and their places.
  public let sources: [SignalName: InfluxSource]

  /// A mapping.
  public init(_ sources: [SignalName: InfluxSource]) { self.sources = sources }

  /// Where pems itself writes: a field of the signal's name in the measurement `pems`.
  public static func own(_ signals: [SignalName]) -> InfluxMapping {
    InfluxMapping(
      Dictionary(
        signals.map { ($0, InfluxSource(terms: [.init(measurement: "pems", field: $0.text)])) },
        uniquingKeysWith: { first, _ in first }))
  }

  /// Signals that a server finds faster together: those of one measurement, at most ten.
  ///
  /// - Parameter workers: how many groups shall be there at least, so that nobody is idle.
  public func groups(of signals: [SignalName], workers: Int) -> [[SignalName]] {
    let size = max(
      1, min(InfluxField.countPerStatement, signals.count / max(1, min(workers, 2))))
    var byPlace: [InfluxPlace?: [SignalName]] = [:]
    for signal in signals {
      byPlace[sources[signal]?.fields.first?.place, default: []].append(signal)
    }
    let groups = byPlace.values.flatMap { members in
      stride(from: 0, to: members.count, by: size).map {
        Array(members[$0..<min(members.count, $0 + size)])
      }
    }
    return groups.sorted { ($0[0], $0.count) < ($1[0], $1.count) }
  }

  /// Both mappings; this one counts where both know a signal.
  public func merging(_ other: InfluxMapping) -> InfluxMapping {
    InfluxMapping(sources.merging(other.sources) { own, _ in own })
  }
}

extension InfluxMapping {
  /// A ready mapping of one of the reference house's buckets.
  ///
  /// - Parameter rooms: the rooms, for mappings that have signals for each; 0 W without a heater.
  public static func preset(
    _ preset: InfluxSettings.Preset, rooms: [(name: String, heaterWatts: Double)] = [],
    currency: String = "CZK"
  ) -> InfluxMapping {
    switch preset {
    case .loxone: loxone(rooms: rooms)
    case .solar: solar
    case .otePrices: prices(currency: currency)
    case .weatherForecast: weather
    }
  }

  /// What the Loxone logger writes: measurement = type, field = name, tags room, tag1.
  private static func loxone(rooms: [(name: String, heaterWatts: Double)]) -> InfluxMapping {
    func weather(_ field: String, _ factor: Double = 1) -> InfluxSource {
      place("loxone", .init(measurement: "current_weather", field: field, factor: factor))
    }
    var sources: [SignalName: InfluxSource] = [
      .outdoorTemperature: weather("temperature_outside"),
      .windSpeed: weather("wind_speed", 1 / 3.6),
    ]
    func add(_ name: String, _ source: InfluxSource) {
      SignalName(name).map { sources[$0] = source }
    }
    add("sunshine_share", weather("sunshine"))
    add("rain_share", weather("rain"))
    for room in rooms {
      func field(_ measurement: String, _ name: String) -> InfluxSource {
        place("loxone", .init(measurement: measurement, field: name))
      }
      func relay(_ kind: String, _ factor: Double = 1) -> InfluxSource {
        place(
          "loxone",
          .init(measurement: "relay", field: room.name, tags: ["tag1": kind], factor: factor))
      }
      sources[.roomTemperature(room.name)] = field("temperature", "temperature_\(room.name)")
      add("room_\(room.name)_target_c", field("target_temp", "target_temp_\(room.name)"))
      add("room_\(room.name)_humidity_percent", field("humidity", "humidity_\(room.name)"))
      add("room_\(room.name)_shading_share", relay("shading"))
      if room.heaterWatts > 0 { sources[.roomHeat(room.name)] = relay("heating", room.heaterWatts) }
    }
    return InfluxMapping(sources)
  }

  /// What the Growatt logger writes, in watts; import and discharge positive.
  private static var solar: InfluxMapping {
    func term(_ field: String, _ factor: Double = 1) -> InfluxSource.Term {
      .init(measurement: "solar", field: field, factor: factor)
    }
    return InfluxMapping([
      .pvPower: place("solar", term("PV1InputPower"), term("PV2InputPower")),
      .batteryPower: place("solar", term("DischargePower"), term("ChargePower", -1)),
      .batteryStateOfCharge: place("solar", term("SOC")),
      .gridPower: place("solar", term("ACPowerToUser"), term("ACPowerToGrid", -1)),
      .loadPower: place("solar", term("INVPowerToLocalLoad"), term("ACPowerToUser")),
    ])
  }

  private static func prices(currency: String) -> InfluxMapping {
    InfluxMapping([
      .spotPrice(currency: currency): place(
        "ote_prices", .init(measurement: "electricity_prices", field: "price_czk_kwh"))
    ])
  }

  /// Open-Meteo's names as fields.
  private static var weather: InfluxMapping {
    func term(_ field: String, _ factor: Double = 1) -> InfluxSource.Term {
      .init(measurement: "weather_forecast", field: field, factor: factor)
    }
    return InfluxMapping([
      .outdoorTemperature: place("weather_forecast", term("temperature_2m")),
      .globalHorizontalIrradiance: place("weather_forecast", term("shortwave_radiation")),
      .windSpeed: place("weather_forecast", term("wind_speed_10m", 1 / 3.6)),
      .snowfall: place("weather_forecast", term("snowfall", 10)),
    ])
  }

  private static func place(_ database: String, _ terms: InfluxSource.Term...) -> InfluxSource {
    InfluxSource(database: database, terms: terms)
  }
}
