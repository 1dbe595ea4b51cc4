// SPDX-License-Identifier: MIT
import Household
import Spelling

/// The section `history`.
enum HistorySchema {
  static func history(_ section: Section) -> HistorySettings {
    let usual = "pems.db"
    let name: String
    if section.has("store") {
      name = section.text("store", "the path of a file")
    } else {
      section.assume(usual, "store")
      name = usual
    }
    return HistorySettings(
      storePath: section.findings.beside(name), influx: section.section("influx").map(influx),
      roomModelsPath: optionalText("room_models", section).map(section.findings.beside))
  }

  private static func influx(_ section: Section) -> InfluxSettings {
    let generation: InfluxSettings.Generation = section.choice("generation", default: .one)
    return InfluxSettings(
      address: address(section), generation: generation,
      database: section.text("database", "the name of the database or bucket"),
      retentionPolicy: optionalText("retention_policy", section),
      organisation: generation == .two
        ? section.text("organisation", "generation 2 needs the name of its organisation")
        : optionalText("organisation", section),
      language: language(section, generation), login: login(section),
      certificateFile: optionalText("certificate_file", section).map(section.findings.beside),
      presets: presets(section), sources: section.sections("signals").map(source))
  }

  private static func language(
    _ section: Section, _ generation: InfluxSettings.Generation
  ) -> InfluxSettings.Language {
    let language: InfluxSettings.Language = section.choice("query_language", default: .influxQL)
    if language == .flux, generation != .two {
      section.report("flux is spoken by generation 2 only; leave it out", "query_language")
    }
    return language
  }

  /// An `http` or `https` address.
  private static func address(_ section: Section) -> String {
    let text = section.text("address", "as http://host:8086")
    if !text.isEmpty, !text.hasPrefix("http://"), !text.hasPrefix("https://") {
      section.report("is no http or https address, as http://host:8086", "address")
    }
    return text
  }

  static func optionalText(_ key: String, _ section: Section) -> String? {
    section.has(key) ? section.text(key, "text") : nil
  }

  private static func login(_ section: Section) -> InfluxSettings.Login {
    if let token = section.optionalSecret("token") {
      if section.has("user") { section.report("stands beside token; write one of them", "user") }
      return .token(token)
    }
    guard section.has("user") else { return .none }
    return .user(section.text("user", "a name"), section.secret("password"))
  }

  private static func presets(_ section: Section) -> [InfluxSettings.Preset] {
    let names = InfluxSettings.Preset.allCases.map(\.rawValue)
    let allowed = "allowed: " + names.joined(separator: ", ")
    return section.texts("presets", allowed).compactMap { text, mark in
      if let preset = InfluxSettings.Preset(rawValue: text) { return preset }
      let near = NearestMatch.of(text, in: names).map { "did you mean '\($0)'? " } ?? ""
      section.findings.report(
        "there is no preset '\(text)'; \(near)\(allowed)", at: section.path.key("presets"),
        mark: mark)
      return nil
    }
  }

  private static func source(_ section: Section) -> InfluxSettings.Source {
    let name = section.text("signal", "the name of a signal, as pv_power_w")
    let signal = SignalName(name)
    if !name.isEmpty, signal == nil {
      let units = SignalName.Unit.allCases.map { "…\($0.rawValue)" }.joined(separator: ", ")
      section.report("'\(name)' is no signal; it ends with its unit: \(units)", "signal")
    }
    let terms =
      section.has("terms") ? section.sections("terms").map(term) : [term(section)]
    if terms.isEmpty { section.report("is empty; give at least one field", "terms") }
    return InfluxSettings.Source(
      signal: signal ?? .loadPower, database: optionalText("database", section), terms: terms)
  }

  private static func term(_ section: Section) -> InfluxSettings.Term {
    InfluxSettings.Term(
      measurement: section.text("measurement", "the name of the measurement"),
      field: section.text("field", "the name of the field"), tags: section.textMap("tags"),
      factor: section.has("factor") ? section.number("factor", in: -1e6...1e6) : 1)
  }
}
