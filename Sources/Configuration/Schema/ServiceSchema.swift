// SPDX-License-Identifier: MIT
import Foundation
import HTTP
import Household

/// The sections `control`, `mqtt` and `devices`.
struct ServiceSchema {
  /// The drivers that exist; a device of another is an error.
  let blueprints: [DeviceBlueprint]
  let home: Home
  /// Relative paths are relative to it.
  let folder: URL

  func settings(_ top: Section) -> ServiceSettings {
    let control = top.sectionOrDefaults("control")
    var settings = ServiceSettings(stateFolder: path(control, "state_folder", usual: "pems-state"))
    settings.stage = control.choice("stage", default: .simulation)
    settings.mode = control.choice("mode", default: .optimised)
    settings.cycleMinutes = control.integer("cycle_min", in: 1...60, default: 5)
    settings.fastSeconds = control.number("safety_seconds", in: 0.2...5, unit: "s", default: 5)
    settings.journalDays = control.integer("journal_days", in: 1...3_650, default: 30)
    settings.features = features(control)
    if let mqtt = top.section("mqtt") {
      settings.broker = broker(mqtt)
      settings.discoveryPrefix = prefix(mqtt)
    }
    settings.web = web(top.sectionOrDefaults("web"))
    let sections = top.sections("devices")
    settings.devices = sections.map(device)
    sections.reportDuplicates(of: settings.devices.map(\.name), kind: "device")
    return settings
  }

  private enum Switch: String, CaseIterable {
    case on, off
  }

  private func web(_ section: Section) -> WebSettings? {
    var web = WebSettings()
    let isOn = section.choice("server", default: Switch.on) == .on
    if section.has("address") {
      web.address = section.text("address", "an address of this machine")
    }
    web.port = section.integer("port", in: 1...65_535, default: WebSettings.usualPort)
    return isOn ? web : nil
  }

  /// All but those that are switched off.
  private func features(_ control: Section) -> Set<Feature> {
    guard let section = control.section("features") else { return Set(Feature.allCases) }
    return Set(
      Feature.allCases.filter {
        section.choice($0.rawValue, default: Switch.on) == .on
      })
  }

  private func path(_ section: Section, _ key: String, usual: String) -> String {
    let name = section.has(key) ? section.text(key, "the path of a folder") : usual
    if !section.has(key) { section.assume(usual, key) }
    return name.hasPrefix("/") ? name : folder.appending(path: name).relativePath
  }

  private func file(_ section: Section, _ key: String) -> String? {
    guard section.has(key) else { return nil }
    let name = section.text(key, "the path of a file")
    return name.hasPrefix("/") ? name : folder.appending(path: name).relativePath
  }

  private func broker(_ section: Section) -> BrokerSettings {
    var broker = BrokerSettings(host: section.text("host", "the name or address of the broker"))
    broker.port = section.integer("port", in: 1...65_535, default: 1_883)
    if section.has("client_name") { broker.clientName = section.name("client_name") }
    if section.has("user") { broker.user = section.text("user", "a name") }
    broker.password = section.optionalSecret("password")?.revealed
    broker.authorityFile = file(section, "authority_file")
    broker.certificateFile = file(section, "certificate_file")
    broker.keyFile = file(section, "key_file")
    broker.keepAliveSeconds = section.integer("keep_alive_seconds", in: 5...300, default: 15)
    return broker
  }

  /// Home Assistant's usual prefix; `none` for no discovery.
  private func prefix(_ section: Section) -> String? {
    guard section.has("discovery_prefix") else {
      section.assume("homeassistant", "discovery_prefix")
      return "homeassistant"
    }
    let text = section.text("discovery_prefix", "a topic, or none")
    return text == "none" ? nil : text
  }

  private func device(_ section: Section) -> DeviceSettings {
    let name = section.name()
    let driver = section.reference("driver", to: blueprints.map(\.name), kind: "driver")
    let stage: RolloutStage? =
      section.has("stage") ? section.choice("stage", default: .simulation) : nil
    var values: [String: DeviceSettings.Value] = [:]
    for option in blueprints.first(where: { $0.name == driver })?.options ?? [] {
      values[option.key] = value(of: option, section)
    }
    return DeviceSettings(name: name, driver: driver, stage: stage, values: values)
  }

  private func value(
    of option: DeviceBlueprint.Option, _ section: Section
  ) -> DeviceSettings.Value? {
    switch option.kind {
    case .text(let usual?) where !section.has(option.key): return .text(usual)
    case .text: return .text(section.text(option.key, "text"))
    case .number(let range, let unit, let usual):
      return .number(section.number(option.key, in: range, unit: unit, default: usual))
    case .choice(let words):
      guard section.has(option.key) else { return words.first.map { .text($0) } }
      return .text(section.reference(option.key, to: words, kind: "value"))
    case .rooms:
      guard let map = section.section(option.key) else { return nil }
      var rooms: [String: String] = [:]
      for room in home.rooms where map.has(room.name) {
        rooms[room.name] = map.text(room.name, "the device's name of the room")
      }
      return .rooms(rooms)
    }
  }
}
