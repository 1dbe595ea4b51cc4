// SPDX-License-Identifier: MIT
import Foundation
import TestSupport
import Testing
import TimeSeries

@testable import Devices

/// Damaged telegrams: ignored or true numbers, never a crash: a device may send anything.
@Suite("Fuzzed telegrams of devices")
struct DeviceFuzzTests {
  private static let telemetry = [
    #"{"InverterStatus":1,"InputPower":2450.5,"ACPowerToUser":312.25,"ACPowerToGrid":120.5,"#
      + #""DischargePower":800.75,"ChargePower":15.5,"INVPowerToLocalLoad":990.5,"SOC":55,"#
      + #""BatteryTemperature":21.5,"Cnt":17}"#
  ]
  private static let room = [
    #"{"state":"on","source":"command","until":1781042400,"temperature":20.5,"#
      + #""timestamp":"2026-06-10T06:15:00Z"}"#
  ]
  private static let lines = [
    "2026-10-25 02:31:15;temperature_kitchen;21.5;kitchen;temperature;tag;tag",
    "2026-06-11 14:25:16;temperature_outside;-3.25",
  ]
  private let calendar = SiteCalendar(timeZone: TimeZone(identifier: "Europe/Prague") ?? .gmt)
  private let now = instant("2026-10-25T00:31:16Z")

  private func complaints(
    seed: UInt64, _ seeds: [String], _ parse: ([UInt8]) -> [Double]?
  ) -> [String] {
    var random = SplitMix64(seed: seed)
    return Fuzzing(seeds: seeds.map { Array($0.utf8) }).run(using: &random) { input in
      parse(input).map { .numbers($0) } ?? .refused
    }
  }

  @Test("damaged telegrams of the inverter's stick")
  func stick() {
    // The differences of two powers may be zero where none of the powers is.
    let found = complaints(seed: 21, Self.telemetry) { input in
      GrowattTelemetry(MQTTMessage("t", input)).map { telemetry in
        [telemetry.pv?.rawValue, telemetry.load?.rawValue, telemetry.stateOfCharge?.percent]
          .compactMap(\.self)
          + [telemetry.grid?.rawValue, telemetry.battery?.rawValue].compactMap(\.self).filter {
            $0 != 0
          }
      }
    }
    #expect(found.isEmpty)
    #expect(
      GrowattTelemetry(MQTTMessage("t", #"{"InverterStatus":1,"Cnt":1e300,"InputPower":7}"#))?.count
        == nil)
  }

  @Test("damaged answers of the inverter's stick")
  func stickAnswers() {
    let seeds = [
      #"{"correlationId":"pems-1","success":true,"message":"ok","powerRate":55,"stopSOC":95,"#
        + #""acChargeEnabled":true,"timeSlots":[{"slot":1,"start":"11:30","stop":"14:15","#
        + #""enabled":true}]}"#,
      #"{"correlationId":"pems-2","success":true,"commands":["datetime/get"],"value":17.5}"#,
    ]
    let found = complaints(seed: 24, seeds) { input in
      (try? JSONDecoder().decode(GrowattStick.Answer.self, from: Data(input))).map { answer in
        [answer.powerRate, answer.stopSOC].compactMap(\.self).map(Double.init)
      }
    }
    #expect(found.isEmpty)
  }

  @Test("damaged numbers and times of meters, relays and chargers")
  func meters() {
    let seeds = [#"{"apower":412.5,"aenergy":{"total":1234.5},"at":"x"}"#, " 230.25\n", "17"]
    let found = complaints(seed: 25, seeds) { input in
      let message = MQTTMessage("t", input)
      let numbers = ["", "apower", "aenergy.total", "aenergy.none.total"].compactMap {
        message.number(at: $0)
      }
      return numbers.isEmpty ? nil : numbers
    }
    #expect(found.isEmpty)
    let times = ["2026-06-10T06:15:00Z", "2026-06-10T06:15:00.123456+02:00"]
    let wrong = complaints(seed: 26, times) { input in
      Timestamp.iso8601(String(decoding: input, as: UTF8.self)).map {
        [$0.timeIntervalSince1970 == 0 ? 1 : $0.timeIntervalSince1970]
      }
    }
    #expect(wrong.isEmpty)
  }

  @Test("damaged states of rooms")
  func rooms() {
    let found = complaints(seed: 22, Self.room) { input in
      LoxoneHeating.Status(MQTTMessage("t", input)).map { status in
        [status.celsius, status.until?.timeIntervalSince1970].compactMap(\.self)
      }
    }
    #expect(found.isEmpty)
  }

  @Test("damaged lines of a Miniserver's logger: never in the future, at most ten minutes old")
  func loggerLines() {
    let found = complaints(seed: 23, Self.lines) { input in
      LoxoneLine(String(decoding: input, as: UTF8.self)).map { line in
        let age = now.timeIntervalSince(line.time(arrivedAt: now, calendar: calendar))
        return (0...600).contains(age) ? [line.value] : [.nan]
      }
    }
    #expect(found.isEmpty)
  }
}
