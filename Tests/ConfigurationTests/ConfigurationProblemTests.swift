// SPDX-License-Identifier: MIT
import Configuration
import Testing

@Suite("Problems in a configuration")
struct ConfigurationProblemTests {
  typealias Text = ConfigurationText

  @Test("nothing is wrong in the small home")
  func right() { #expect(Text.problems(Text.small) == []) }

  @Test(
    "one mistake gives one problem with line, key and what is allowed",
    arguments: [
      ("latitude: 49.2", "latitude: 149", "4: site.latitude: '149' is outside -90…90°"),
      (
        "altitude_m: 237", "altitude_m: high",
        "6: site.altitude_m: 'high' is not a number;"
          + " allowed: -450…6000 m"
      ),
      (
        "altitude_m: 237", "altitude_ft: 778",
        "6: site.altitude_ft: is not a key here; the unit is m: write 'altitude_m'"
      ),
      (
        "Europe/Prague", "Europe/Prag",
        "7: site.time_zone: is no time zone;"
          + " did you mean 'Europe/Prague'?"
      ),
      (
        "holidays: CZ", "holidays: Czech",
        "8: site.holidays: 'Czech' is not known;"
          + " allowed: none, CZ, US, DE, AU, ES"
      ),
      ("currency: CZK", "currency: czk", "9: site.currency: is no currency of ISO 4217; write CZK"),
      (
        "phases: 3, voltage", "phases: 2, voltage",
        "10: grid.phases: '2' is not allowed;"
          + " write 1 or 3"
      ),
      (
        "main_fuse_a: 25", "main_fuse: 25",
        "10: grid.main_fuse: is not a key here;"
          + " the unit is A: write 'main_fuse_a'"
      ),
      (
        "export_limit_w: 10000", "export_limit_kw: 10",
        "10: grid.export_limit_kw: is not a key here;"
          + " the unit is W: write 'export_limit_w'"
      ),
      (
        "spot: {factor: 1, fee_per_kwh: 0.35}", "sport: {fee_per_kwh: 0.35}",
        "12: tariff.import.sport: is not a key here; did you mean 'spot'?"
      ),
      (
        "import: {spot: {factor: 1, fee_per_kwh: 0.35}}", "import: {}",
        "12: tariff.import.spot: is missing; write either spot or fixed_per_kwh"
      ),
      (
        "import: {spot", "import: {fixed_per_kwh: 2, spot",
        "12: tariff.import.fixed_per_kwh: stands beside spot; only one of them can hold"
      ),
      (
        "fee_per_kwh: 0.35", "fee_per_mwh: 350",
        "12: tariff.import.spot.fee_per_mwh:"
          + " is not a key here; the unit is money for a kWh: write 'fee_per_kwh'"
      ),
      (
        "days: working_days, from", "days: workingdays, from",
        "16: tariff.layers[0].windows[0].days: 'workingdays' is not known;"
          + " did you mean 'working_days'? allowed: all, working_days, days_off"
      ),
      (
        "from: \"10:00\"", "from: 10",
        "16: tariff.layers[0].windows[0].from: '10' is no time in"
          + " \"00:00\"…\"23:59\"; write hours and minutes in quotes, \"22:00\""
      ),
      (
        "to: \"11:00\"", "to: \"24:01\"",
        "16: tariff.layers[0].windows[0].to: \"24:01\""
          + " is no time in \"00:01\"…\"24:00\""
      ),
      (
        "to: \"11:00\"", "to: \"11:60\"",
        "16: tariff.layers[0].windows[0].to: \"11:60\""
          + " is no time in \"00:01\"…\"24:00\""
      ),
      (
        "to: \"11:00\"", "to: false",
        "16: tariff.layers[0].windows[0].to: 'false' is no time in"
          + " \"00:01\"…\"24:00\"; write hours and minutes in quotes, \"22:00\""
      ),
      (
        "{name: tax, price_per_kwh: 0.03}", "{name: tax}",
        "19: tariff.layers[1].price_per_kwh: is missing; allowed: -100…100 /kWh"
      ),
      (
        "value_added_tax_percent: 21", "value_added_tax_percent: 121",
        "20: tariff.value_added_tax_percent: '121' is outside 0…100 %"
      ),
      (
        "tilt_degrees: 35", "tilt_degrees: 95",
        "25: pv.arrays[0].tilt_degrees: '95' is outside 0…90°"
      ),
      (
        "peak_power_w: 5400", "peak_power_kwp: 5.4",
        "25: pv.arrays[0].peak_power_kwp:"
          + " is not a key here; the unit is W: write 'peak_power_w'"
      ),
      (
        "maximum_soc_percent: 90", "maximum_soc_percent: 5",
        "30: battery.maximum_soc_percent: is not above minimum_soc_percent"
      ),
      (
        "\n  charge_efficiency_percent: 95", "\n  charge_efficiency_percent: 0.95",
        "33: battery.charge_efficiency_percent: '0.95' is outside 50…100 %"
      ),
      (
        "name: battery", "name: My Battery",
        "27: battery.name: 'My Battery' is no name;"
          + " lower-case letters, digits and '_', at most 40, a letter first"
      ),
      (
        "maximum_current_a: 16", "maximum_current_a: 16, minimum_current_a: 20",
        "37: charge_points[0].maximum_current_a: is below minimum_current_a"
      ),
      (
        "charge_point: wallbox", "charge_point: walbox",
        "40: vehicles[0].charge_point: there is no charge point 'walbox'; did you mean 'wallbox'?"
      ),
      (
        "returns: \"17:00\"", "returns: \"06:00\"",
        "44: vehicles[0].routines[0].returns: is not after leaves;"
          + " a trip ends on the day it begins"
      ),
      (
        "usual: {lower_c: 20, upper_c: 22}", "usual: {lower_c: 22, upper_c: 20}",
        "47: comfort.quiet.usual.upper_c: is not above lower_c"
      ),
      (
        "usual: {lower_c: 20, upper_c: 22}", "usual: {lower_c: 20, upper_c: 27}",
        "47: comfort.quiet.usual.upper_c: '27' is outside 16…25 °C"
      ),
      ("power_w: 1800", "power_w: 2", "52: rooms[0].heater.power_w: '2' is outside 10…50000 W"),
      (
        "power_w: 1800", "power_kw: 1.8",
        "52: rooms[0].heater.power_kw: is not a key here;"
          + " the unit is W: write 'power_w'"
      ),
      (
        "comfort: quiet", "comfort: quite",
        "53: rooms[0].comfort: there is no comfort schedule"
          + " 'quite'; did you mean 'quiet'?"
      ),
      (
        "room: pantry", "room: pantri",
        "58: rooms[0].thermal.neighbours[0].room: there is no room 'pantri'; did you mean 'pantry'?"
      ),
      (
        "room: pantry", "room: kitchen",
        "58: rooms[0].thermal.neighbours[0].room: a room is not its own neighbour"
      ),
      ("name: pantry", "name: kitchen", "60: rooms[1].name: there is already a room 'kitchen'"),
      (
        "priority: 70", "priority: 7.5",
        "59: rooms[0].priority: '7.5' is not a whole number in 0…100"
      ),
      (
        "rooms:\n", "comfrt: {}\nrooms:\n",
        "50: comfrt: is not a key here; did you mean 'comfort'?"
      ),
    ])
  func mistakes(old: String, new: String, expected: String) {
    let text = Text.changed(old, new)
    let problems = Text.problems(text).filter { !$0.contains("there is no room 'pantry'") }
    #expect(problems == ["pems.yaml:" + expected])
  }

  @Test("neighbours may be written twice, if both say the same")
  func neighboursTwice() {
    let pantry = "thermal: {heat_loss_w_per_k: 3.5, heat_capacity_kwh_per_k: 1.5"
    func with(_ conductance: Int) -> String {
      Text.changed(
        pantry, pantry + ", neighbours: [{room: kitchen, conductance_w_per_k: \(conductance)}]")
    }
    #expect(Text.problems(with(40)) == [])
    #expect(
      Text.problems(with(30)) == [
        "pems.yaml:62: rooms[1].thermal.neighbours[0].conductance_w_per_k: is 30.0 W/K, but kitchen"
          + " says 40.0 W/K; give it once, or twice the same"
      ])
  }

  @Test("a missing section is told once, without its keys")
  func missingSection() {
    let text = Text.changed(
      "grid: {main_fuse_a: 25, phases: 3, voltage_v: 230, export_limit_w: 10000}\n", "")
    #expect(
      Text.problems(text) == ["pems.yaml:1: grid: is missing; the connection to the grid"])
  }

  @Test("all problems are told in one run, in the order of the lines")
  func several() {
    let text = Text.small.replacing("latitude: 49.2", with: "latitude: north")
      .replacing("power_w: 1800", with: "power_kw: 1.8").replacing(
        "tax_percent: 21", with: "tax: 21")
    let lines = Text.problems(text).compactMap { $0.split(separator: ":").dropFirst().first }
    #expect(lines == ["4", "20", "52"])
    #expect(Text.problems(text).count == 3)
  }

  @Test(
    "the version is the first thing that has to be right",
    arguments: [
      ("", "1: version: is missing; begin the file with 'version: 1'"),
      ("version: 2", "1: version: is 2, this pems reads versions up to 1; update pems"),
      ("version: 0", "1: version: is 0, but versions begin with 1; write 1"),
      ("version: new", "1: version: 'new' is not a whole number; write 1"),
    ])
  func version(line: String, expected: String) {
    // The other mistake is not told: a file of another version is not read on.
    let text = Text.changed("version: 1\n", line.isEmpty ? "" : line + "\n")
      .replacing("latitude: 49.2", with: "latitude: north")
    #expect(Text.problems(text) == ["pems.yaml:" + expected])
  }

  @Test("a file without keys is told")
  func noKeys() {
    #expect(Text.problems("- 1") == ["pems.yaml:1: version: the file has no keys"])
  }

  @Test(
    "an ensemble is named by its model, and only Open-Meteo has one",
    arguments: [
      ("service: open_meteo, ensemble: icon_seamless", ""),
      (
        "service: open_meteo, ensemble: 'ICON D2'",
        "weather.services[0].ensemble: \"ICON D2\" is no name;"
      ),
      (
        "service: open_meteo, ensemble_address: 'http://h'",
        "weather.services[0].ensemble_address: stands alone; name the model under ensemble"
      ),
      (
        "service: open_meteo, ensemble: icon_d2, ensemble_address: h",
        "weather.services[0].ensemble_address: is no http or https address"
      ),
      (
        "service: bright_sky, ensemble: icon_d2",
        "weather.services[0].ensemble: is not a key here"
      ),
    ])
  func ensembles(service: String, message: String) {
    let problems = Text.problems(Text.small + "\nweather: {services: [{\(service)}]}\n")
    #expect(problems.count == (message.isEmpty ? 0 : 1), "\(problems)")
    #expect(problems.allSatisfy { $0.contains(message) }, "\(problems)")
  }
}
