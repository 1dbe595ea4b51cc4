// SPDX-License-Identifier: MIT
import CommandLineParsing
import Configuration
import Control
import Devices
import Foundation
import Household
import Synchronization

/// `pems override`: tells the running pems what a person wants, until a time.
let overrideCommand = CommandLineCommand(
  "override", "Tell the running pems what you want of a room, the battery or a car, for a while.",
  examples: [
    "pems override room kitchen on --minutes 90", "pems override battery battery hold",
    "pems override charge_point wallbox charge --minutes 180", "pems override room kitchen auto",
    "pems override house all hands_off --minutes 600",
  ],
  options: [
    .value("config", "FILE", default: "pems.yaml", "The configuration of the home."),
    .value("minutes", "N", default: "120", "How long it holds; every override ends."),
    .value("power", "WATTS", "For charge, discharge and limit: with which power."),
  ],
  arguments: [
    CommandLineArgument("TARGET", "room, battery, charge_point, appliance, pv or house."),
    CommandLineArgument("NAME", "Which one."),
    CommandLineArgument(
      "WISH",
      "Room, appliance: on, off; battery: self_consumption, hold, charge, discharge; charge_point: charge, stop; pv: no_export, limit, free; house: off; all: hands_off (pems leaves it alone), auto (back)."
    ),
  ],
  run: { input in
    let file = try input.require("config")
    let configuration = try configuration(at: file)
    let wish = OverrideWish(
      target: try input.require("TARGET"), name: try input.require("NAME"),
      wish: try input.require("WISH"), minutes: try input.value("minutes", as: Double.self),
      powerWatts: try input.value("power", as: Double.self))
    let change = try wish.change(home: configuration.home, source: .commandLine, now: Date())
    guard var settings = configuration.service.broker else {
      throw CommandFailure.configuration(
        "\(file): mqtt is missing, and overrides go over MQTT; docs/configuration.md shows the section"
      )
    }
    settings.clientName += "-override-\(ProcessInfo.processInfo.processIdentifier)"
    let client = try MQTTClient(settings)
    let shown = Mutex<String?>(nil)
    client.subscribe(HomeBridge.overridesTopic) { message in
      if !message.isRetained { shown.withLock { $0 = message.text } }
    }
    client.start()
    defer { client.stop() }
    guard await client.waitForConnection(.seconds(5)) else {
      throw CommandFailure.unreachable(
        "the broker \(settings.host):\(settings.port) does not answer; is it running, and are mqtt.host "
          + "and mqtt.port right?")
    }
    try await Task.sleep(for: .milliseconds(200))
    try client.publish(
      MQTTMessage(
        HomeBridge.overrideTopic, Array(try JSONEncoder().encode(wish)), quality: 1))
    for _ in 0..<50 where shown.withLock({ $0 }) == nil {
      try await Task.sleep(for: .milliseconds(100))
    }
    guard shown.withLock({ $0 }) != nil else {
      throw CommandFailure.unreachable(
        "no pems answered; is 'pems run' up, and was this not in force already?")
    }
    print("\(change)")
    return ExitCode.done
  })
