// SPDX-License-Identifier: MIT
import Configuration
import Household
import Testing

@Suite("Devices in the configuration")
struct DeviceConfigurationTests {
  private let relay = DeviceBlueprint(
    name: "relay", title: "a relay", transport: .mqtt, capabilities: [.heating],
    options: [
      .init("topic", .text(default: nil), "the topic"),
      .init("delay_s", .number(1...10, unit: "s", default: 5), "a delay"),
      .init("profile", .choice(["plain", "fancy"]), "the profile"),
      .init("rooms", .rooms, "the rooms"),
    ], remarks: [], withoutPems: "nothing")

  private func read(_ text: String) throws -> ServiceSettings {
    try HomeConfiguration(
      text: ConfigurationText.small + "\n" + text, file: "/etc/pems/pems.yaml",
      environment: ["SECRET": "hush"], drivers: [relay]
    ).service
  }

  private func problems(_ text: String) -> [String] {
    do {
      _ = try read(text)
      return []
    } catch let error as ConfigurationError {
      return error.problems.map { "\($0.keyPath): \($0.message)" }
    } catch {
      return ["\(error)"]
    }
  }

  @Test("without the sections pems is trusted with nothing and has no devices")
  func defaults() throws {
    let service = try read("")
    #expect(service.stage == .simulation)
    #expect(service.devices.isEmpty && service.broker == nil)
    #expect(service.stateFolder == "/etc/pems/pems-state")
  }

  @Test("reads a device with its options, their defaults and its own stage")
  func device() throws {
    let service = try read(
      """
      control: {stage: advisory, safety_seconds: 2}
      mqtt: {host: broker.lan, user: pems, password: "${SECRET}"}
      devices:
        - {name: r, driver: relay, topic: t, profile: fancy, stage: full}
      """)
    let device = try #require(service.devices.first)
    #expect(service.stage == .advisory && device.stage == .full)
    #expect(device.text("topic") == "t" && device.text("profile") == "fancy")
    #expect(device.number("delay_s") == 5)
    #expect(service.broker?.password == "hush")
    #expect(service.discoveryPrefix == "homeassistant")
  }

  @Test("decides in the mode of its name")
  func modes() throws {
    for mode in ControlMode.allCases {
      #expect(try read("control: {mode: \(mode.rawValue)}").mode == mode)
    }
    #expect(problems("control: {mode: manuel}").contains { $0.contains("did you mean 'manual'") })
  }

  @Test("a broker's password stands in no configuration and in no dump of its settings")
  func password() throws {
    let broker = try #require(
      try read("mqtt: {host: broker.lan, user: pems, password: \"${SECRET}\"}").broker)
    var dumped = ""
    dump(broker, to: &dumped)
    for text in ["\(broker)", String(reflecting: broker), dumped] {
      #expect(text.contains("broker.lan") && !text.contains("hush"))
    }
    let error = #expect(throws: ConfigurationError.self) {
      try read("mqtt: {host: broker.lan, user: pems, password: hush-hush}")
    }
    #expect(error?.problems.first?.message.contains("does not stand in this file") ?? false)
    #expect(!"\(String(describing: error))".contains("hush-hush"))
  }

  @Test("every feature is on until it is switched off by its name")
  func features() throws {
    #expect(try read("").features == Set(Feature.allCases))
    let service = try read("control: {features: {replay: off, wish_memory: on}}")
    #expect(service.features == Set(Feature.allCases).subtracting([.replay]))
    #expect(problems("control: {features: {reply: off}}").contains { $0.contains("'replay'") })
    #expect(problems("control: {features: {replay: maybe}}").contains { $0.contains("on, off") })
  }

  @Test("names the nearest driver, stage and word, and every key that is missing or wrong")
  func wrong() {
    let found = problems(
      """
      control: {stage: ful}
      devices:
        - {name: a, driver: relais, topic: t}
        - {name: b, driver: relay, delay_s: 11, profile: fency}
      """)
    #expect(found.contains { $0.contains("control.stage") && $0.contains("did you mean 'full'") })
    #expect(
      found.contains { $0.contains("devices[0].driver") && $0.contains("did you mean 'relay'") })
    #expect(found.contains { $0.contains("devices[1].topic") })
    #expect(found.contains { $0.contains("devices[1].delay_s") && $0.contains("1…10 s") })
    #expect(
      found.contains { $0.contains("devices[1].profile") && $0.contains("did you mean 'fancy'") })
  }

  @Test("two devices of one name are an error")
  func duplicates() {
    let found = problems(
      """
      devices:
        - {name: a, driver: relay, topic: t}
        - {name: a, driver: relay, topic: u}
      """)
    #expect(found.contains { $0.contains("there is already a device 'a'") })
  }
}
