// SPDX-License-Identifier: MIT
import CommandLineParsing
import Devices
import Foundation
import Household

/// `pems devices`: the drivers that exist, with their options.
let devicesCommand = CommandLineCommand(
  "devices", "Show the drivers that exist, as the page docs/devices.md.",
  examples: ["pems devices"],
  run: { _ in
    print(DevicePage(blueprints: DeviceHub.blueprints).text, terminator: "")
    return ExitCode.done
  })

/// The drivers as a page of documentation.
struct DevicePage {
  let blueprints: [DeviceBlueprint]

  var text: String {
    """
    # Devices

    Made from the drivers by `make docs`; do not edit. A device is an entry of the section `devices` with
    `name`, `driver`, if need be a `stage` of its own, and the options of its driver.

    | driver | device | reads | controls |
    |---|---|---|---|

    """ + blueprints.map(row).joined() + blueprints.map(section).joined()
  }

  private static let controls: Set<DeviceBlueprint.Capability> = [
    .heating, .battery, .charging, .pvLimit,
  ]

  private func row(_ blueprint: DeviceBlueprint) -> String {
    func words(_ capabilities: Set<DeviceBlueprint.Capability>) -> String {
      capabilities.isEmpty ? "–" : capabilities.sorted().map(\.rawValue).joined(separator: ", ")
    }
    return "| `\(blueprint.name)` | \(blueprint.title) | "
      + "\(words(blueprint.capabilities.subtracting(Self.controls))) | "
      + "\(words(blueprint.capabilities.intersection(Self.controls))) |\n"
  }

  private func section(_ blueprint: DeviceBlueprint) -> String {
    var text =
      "\n## \(blueprint.name)\n\n\(blueprint.title). Without pems: \(blueprint.withoutPems)\n\n"
    text += "| option | allowed | default | meaning |\n|---|---|---|---|\n"
    for option in blueprint.options {
      let (allowed, usual) = Self.words(option.kind)
      text += "| `\(option.key)` | \(allowed) | \(usual) | \(option.meaning) |\n"
    }
    guard !blueprint.remarks.isEmpty else { return text }
    return text + "\n" + blueprint.remarks.map { "- \($0)\n" }.joined()
  }

  private static func text(_ number: Double) -> String {
    number == number.rounded() ? "\(Int(number))" : "\(number)"
  }

  private static func words(_ kind: DeviceBlueprint.Kind) -> (allowed: String, usual: String) {
    switch kind {
    case .text(let usual):
      ("text", usual.map { $0.isEmpty ? "none" : "`\($0)`" } ?? "needed")
    case .number(let range, let unit, let usual):
      (
        "\(Self.text(range.lowerBound))…\(Self.text(range.upperBound))"
          + (unit.isEmpty ? "" : " \(unit)"), usual.map(Self.text) ?? "needed"
      )
    case .choice(let words):
      (words.map { "`\($0)`" }.joined(separator: ", "), "`\(words.first ?? "")`")
    case .rooms: ("map of rooms", "pems' own names")
    }
  }
}
