// SPDX-License-Identifier: MIT
public import Configuration
public import Household
import TimeSeries

extension InfluxServer {
  /// The server that a configuration describes.
  public init(_ settings: InfluxSettings) {
    self.init(
      address: settings.address, generation: settings.generation, database: settings.database,
      retentionPolicy: settings.retentionPolicy, organisation: settings.organisation,
      language: settings.language, login: settings.login,
      certificateAuthorityFile: settings.certificateFile)
  }
}

extension InfluxMapping {
  /// The signals that a configuration names: its own lines, then what its presets add for the home.
  public init(_ settings: InfluxSettings, home: Home) {
    let rooms = home.rooms.map { (name: $0.name, heaterWatts: $0.heater?.power.rawValue ?? 0) }
    let own = InfluxMapping(
      Dictionary(
        settings.sources.map { source in
          let terms = source.terms.map {
            InfluxSource.Term(
              measurement: $0.measurement, field: $0.field, tags: $0.tags, factor: $0.factor)
          }
          return (source.signal, InfluxSource(database: source.database, terms: terms))
        }, uniquingKeysWith: { first, _ in first }))
    self = settings.presets.reduce(own) { mapping, preset in
      mapping.merging(.preset(preset, rooms: rooms, currency: home.site.currency))
    }
  }
}
