// SPDX-License-Identifier: MIT
import Foundation
import Household
import Synchronization

@testable import Devices

/// Plays small devices on a broker: relays in each dialect, a battery controller, a wallbox with a car.
///
/// Sources: Shelly Gen1 and Gen2 API references (MQTT), Tasmota documentation (MQTT, Power).
final class DeviceDouble: Sendable {
  private let client: MQTTClient

  /// Waits until it listens.
  init(port: Int) async throws {
    client = try MQTTClient(
      BrokerSettings(host: "127.0.0.1", port: port, clientName: "double"))
    answer("relay/set", at: "relay/state") { $0 }
    answer("inverter/limit/set", at: "inverter/limit") { $0 }
    answer("battery/set", at: "battery/status") { $0 }
    answer("shellies/shelly1-A4CF12/relay/0/command", at: "shellies/shelly1-A4CF12/relay/0") { $0 }
    answer(
      "shellyplus1-a8032a/command/switch:0", at: "shellyplus1-a8032a/status/switch:0"
    ) {
      #"{"id":0,"source":"MQTT","output":\#($0 == "on"),"temperature":{"tC":41.2}}"#
    }
    answer("cmnd/tasmota_4F3A2B/POWER2", at: "stat/tasmota_4F3A2B/POWER2") { $0 }
    playWallbox()
    try await client.startAndConnect()
  }

  private func answer(
    _ command: String, at status: String, _ text: @escaping @Sendable (String) -> String
  ) {
    client.subscribe(command) { [client] message in
      try? client.publish(MQTTMessage(status, text(message.text)))
    }
  }

  private struct Wallbox {
    var isOn = false
    var amperes = 6.0
  }

  private let wallbox = Mutex(Wallbox())

  /// A car is plugged in and draws what it may on three phases of 230 V.
  private func playWallbox() {
    client.subscribe("wallbox/maxcurrent") { [weak self] message in
      self?.change { $0.amperes = Double(message.text) ?? $0.amperes }
    }
    client.subscribe("wallbox/enable") { [weak self] message in
      self?.change { $0.isOn = message.text == "true" }
    }
  }

  private func change(_ change: (inout Wallbox) -> Void) {
    let shown = wallbox.withLock { wallbox in
      change(&wallbox)
      return wallbox
    }
    show("wallbox/status", shown.isOn ? "C" : "B")
    show("wallbox/enabled", "\(shown.isOn)")
    show("wallbox/current", "\(shown.amperes)")
    show("wallbox/kilowatts", "\(shown.isOn ? shown.amperes * 0.69 : 0)")
  }

  /// Somebody presses a button: the device shows a state that nobody commanded.
  func show(_ topic: String, _ text: String) { try? client.publish(MQTTMessage(topic, text)) }

  func stop() { client.stop() }
}
