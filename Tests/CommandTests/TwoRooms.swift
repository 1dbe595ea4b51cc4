// SPDX-License-Identifier: MIT
import Foundation
import TestSupport

/// A small heated house whose truth is known, as files in a folder.
struct TwoRooms {
  let folder: TemporaryFolder

  /// Two rooms of 30 and 20 W/K, 3 and 2 kWh/K, kept by relays with a night set-back, as a series.
  func series(days: Int) throws -> String {
    let (loss, capacity, power, wanted) = ([30.0, 20], [3.0, 2], [1_500.0, 1_000], [21.0, 19.5])
    var temperature = wanted
    var isOn = [false, false]
    var seed: UInt64 = 7
    func noise() -> Double {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(seed >> 33) / Double(1 << 31) - 0.5
    }
    var lines = [
      "time_utc,temperature_outdoor_c,ghi_w_m2,room_kitchen_c,room_kitchen_heat_w,"
        + "room_study_c,room_study_heat_w"
    ]
    let start = instant("2026-01-01T00:00:00Z")
    for step in 0..<days * 96 {
      let hour = Double(step % 96) / 4
      let swing = 4 * sin(Double(step) / 96 / 3.7 * 2 * .pi)
      let outdoor = 1 + swing - 3 * cos((hour - 3) / 24 * 2 * .pi)
      let sun = max(0, sin((hour - 7) / 9 * .pi)) * (hour > 7 && hour < 16 ? 250 : 0)
      var cells = [
        start.addingTimeInterval(Double(step) * 900).formatted(.iso8601),
        String(format: "%.2f,%.1f", outdoor, sun),
      ]
      for room in 0..<2 {
        let target = wanted[room] - (hour < 6 ? 1.5 : 0)
        isOn[room] = temperature[room] < target + (isOn[room] ? 0.2 : -0.2)
        let heat = isOn[room] ? power[room] : 0
        cells.append(String(format: "%.2f,%.0f", temperature[room] + 0.08 * noise(), heat))
        let gain = 60 + 60 * noise() + sun * 0.8
        let through = 5 * (temperature[1 - room] - temperature[room])
        temperature[room] +=
          0.25 / 1_000 / capacity[room]
          * (heat + gain + through - loss[room] * (temperature[room] - outdoor))
      }
      lines.append(cells.joined(separator: ","))
    }
    let path = folder.path("house-\(days).csv")
    try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  /// A configuration with these rooms, whose kitchen is described as if it lost twice its heat.
  func configuration(kitchenLoss: Double = 60) throws -> String {
    let text = """
      version: 1
      site: {name: t, latitude: 49.2, longitude: 16.6, altitude_m: 200, time_zone: UTC, holidays: none, currency: CZK}
      grid: {main_fuse_a: 25, phases: 3, export_limit_w: 9000}
      tariff: {value_added_tax_percent: 21, import: {fixed_per_kwh: 3}, export: {fixed_per_kwh: 1}}
      history: {store: pems.db, room_models: models.json}
      rooms:
        - name: kitchen
          heater: {power_w: 1500}
          comfort: {usual: {lower_c: 20.5, upper_c: 22}}
          thermal: {heat_loss_w_per_k: \(kitchenLoss), heat_capacity_kwh_per_k: 1.5}
        - name: study
          heater: {power_w: 1000}
          comfort: {usual: {lower_c: 19, upper_c: 21}}
          thermal: {heat_loss_w_per_k: 20, heat_capacity_kwh_per_k: 2}
      """
    let path = folder.path("pems.yaml")
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }
}
