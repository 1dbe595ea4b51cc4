// SPDX-License-Identifier: MIT
import Control
import Devices
import Foundation
import Household
import Synchronization

extension HomeBridge {
  /// Listens to people. What cannot be done is told to them on `pems/alert`, and in the log.
  func listen(
    change: @escaping @Sendable (OverrideChange) -> Void, stop: @escaping @Sendable (Bool) -> Void
  ) {
    listen(to: Self.overrideTopic) { bridge, text throws(CommandFailure) in
      guard let wish = try? JSONDecoder().decode(OverrideWish.self, from: Data(text.utf8)) else {
        throw .failed(
          #"this is no wish as {"target":"room","name":"kitchen","wish":"on","minutes":90}"#)
      }
      change(try wish.change(home: bridge.home, source: .mqtt, now: bridge.now()))
    }
    for room in home.heatedRooms {
      listen("pems/room/\(room.name)/override", target: "room", name: room.name, change)
    }
    if let battery = home.battery {
      listen("pems/battery/override", target: "battery", name: battery.name, change)
    }
    for point in home.chargePoints {
      listen(
        "pems/charge_point/\(point.name)/override", target: "charge_point", name: point.name, change
      )
    }
    listen(to: "pems/override_hours/set") { bridge, text throws(CommandFailure) in
      guard let value = Double(text), (0.25...48).contains(value) else {
        throw .failed("overrides last 0.25 to 48 hours")
      }
      bridge.hours.withLock { $0 = value }
      bridge.keep(MQTTMessage("pems/override_hours", "\(value)", quality: 1, isRetained: true))
    }
    listen(to: "pems/stop/set") { bridge, text throws(CommandFailure) in
      // Whoever stops a house in a hurry shall not have to mind the case.
      let word = text.trimmingCharacters(in: .whitespacesAndNewlines).uppercased()
      guard ["ON", "OFF"].contains(word) else {
        throw .failed("the emergency stop is ON or OFF; nothing was changed")
      }
      stop(word == "ON")
      bridge.keep(MQTTMessage("pems/stop", word, quality: 1, isRetained: true))
    }
  }

  private func listen(
    _ topic: String, target: String, name: String,
    _ change: @escaping @Sendable (OverrideChange) -> Void
  ) {
    listen(to: "\(topic)/set") { bridge, text throws(CommandFailure) in
      let minutes = bridge.hours.withLock { $0 } * 60
      let wish = OverrideWish(target: target, name: name, wish: text, minutes: minutes)
      change(try wish.change(home: bridge.home, source: .mqtt, now: bridge.now()))
    }
  }

  private func listen(
    to topic: String,
    _ take: @escaping @Sendable (HomeBridge, String) throws(CommandFailure) -> Void
  ) {
    client.subscribe(topic) { [weak self] message in
      // Nothing is what stays of a kept message that somebody removed.
      guard let self, !message.payload.isEmpty else { return }
      do throws(CommandFailure) {
        guard !message.isRetained else {
          throw .failed("the broker had kept it and nobody knows how old it is; do not retain it")
        }
        try take(self, message.text)
      } catch {
        refuse(message, error.message)
      }
    }
  }

  private func refuse(_ message: MQTTMessage, _ problem: String) {
    let text = String(message.text.prefix(200))
    log.writeSparsely(
      .warning, "wish_refused", key: "\(message.topic) \(text)", every: .seconds(10),
      ["topic": message.topic, "text": text, "problem": problem])
    alert("'\(text)' on \(message.topic) is refused: \(problem)")
  }
}
