// SPDX-License-Identifier: MIT
import Foundation
import History
import Household
import TestSupport
import Testing
import TimeSeries

@Suite("Histories of Home Assistant")
struct HomeAssistantHistoryTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func history(_ text: String) throws -> HomeAssistantHistory {
    let path = folder.path("history.json")
    try Data(text.utf8).write(to: URL(filePath: path))
    return try HomeAssistantHistory(file: path)
  }

  /// The short form, in which only the first state has name and unit.
  private static let short = """
    [[{"entity_id":"sensor.house","state":"0.5","attributes":{"unit_of_measurement":"kW"},
       "last_changed":"2026-03-29T01:59:00+01:00"},
      {"state":"unavailable","last_changed":"2026-03-29T01:00:00+00:00"},
      {"state":"1.25","last_changed":"2026-03-29T03:15:00.250+02:00"}],
     [{"entity_id":"switch.boiler","state":"on","last_changed":"2026-03-29T01:00:00+00:00",
       "last_updated":"2026-03-29T01:30:00+00:00","attributes":{}},
      {"state":"off","last_changed":"2026-03-29T02:00:00Z"}], []]
    """

  @Test("units, offsets, switches and states without a number")
  func reads() throws {
    let history = try history(Self.short)
    #expect(history.entities == ["sensor.house", "switch.boiler"])
    let (power, without) = try history.samples(of: "sensor.house", as: .loadPower)
    #expect(without == 1)
    #expect(
      power == [
        Sample(time: instant("2026-03-29T00:59:00Z"), value: 500),
        Sample(time: instant("2026-03-29T01:15:00Z").addingTimeInterval(0.25), value: 1_250),
      ])
    let share = try #require(SignalName("relay_boiler_share"))
    #expect(
      try history.samples(of: "switch.boiler", as: share).samples == [
        Sample(time: instant("2026-03-29T01:30:00Z"), value: 1),
        Sample(time: instant("2026-03-29T02:00:00Z"), value: 0),
      ])
  }

  @Test("a second time changes nothing; an unknown entity or a wrong unit stores nothing")
  func imports() throws {
    let history = try history(Self.short)
    let store = try SQLiteHistory(file: folder.path("house.db"), access: .writing)
    let wishes = [(entity: "sensor.house", signal: SignalName.loadPower)]
    #expect(try history.run(wishes, into: store).map(\.stored.added) == [2])
    #expect(try history.run(wishes, into: store).map(\.stored.unchanged) == [2])
    for wrong in [
      (entity: "sensor.hose", signal: SignalName.pvPower),
      (entity: "sensor.house", signal: SignalName.outdoorTemperature),
    ] {
      let error = #expect(throws: TransferError.self) {
        try history.run([(entity: "switch.boiler", signal: .pvPower), wrong], into: store)
      }
      let text = error?.description ?? ""
      #expect(text.contains("did you mean 'sensor.house'") || text.contains("is in kW"), "\(text)")
    }
    #expect(try store.signals().map(\.signal) == [.loadPower])
  }

  @Test("what is no history is refused")
  func refuses() throws {
    for text in ["", "{}", "[[{}]]", "[[{\"entity_id\":\"a\",\"state\":\"1\"}]]", "<html>"] {
      #expect(throws: TransferError.self, "\(text)") {
        try history(text).samples(of: "a", as: .pvPower)
      }
    }
  }

  @Test(
    "a recorded day becomes the quarter-hours that Python's json and datetime give",
    .enabled(
      if: ReferenceMaterial.has("data/f_fixtures_api/homeassistant"),
      Comment(rawValue: ReferenceMaterial.missing("data/f_fixtures_api/homeassistant"))))
  func recordedDay() throws {
    let file = ReferenceMaterial.url(
      "data/f_fixtures_api/homeassistant/emhass_ha_history.json.gz")
    let (samples, without) = try HomeAssistantHistory(file: file.path)
      .samples(of: "sensor.power_load_no_var_loads", as: .loadPower)
    #expect(samples.count == 8_723)
    #expect(without == 0)
    #expect(samples.last?.value == 3_050.28)
    let grid = TimeGrid(start: instant("2022-10-19T19:00:00Z"), stepSeconds: 900, count: 96)
    let quarters = Resampling.hold(maximumAge: 900).apply(samples, to: grid)
    for (index, expected) in [
      (0, 337.2724156), (1, 2115.7474203), (40, 467.8191043), (95, 2297.1368064),
    ] {
      #expect(abs((quarters[index] ?? 0) - expected) < 0.05, "quarter-hour \(index)")
    }
  }
}
