// SPDX-License-Identifier: MIT
import Spelling

/// What an error says of a key that nobody asked for.
enum UnknownKey {
  /// The unit at the end of a key and its name, longest first so that `_kwh_per_k` is not `_k`.
  static let units: [(suffix: String, name: String)] = [
    ("_cost_per_kelvin_hour", "money for a kelvin and an hour"),
    ("_kwh_per_k", "kWh/K"), ("_wh_per_k", "Wh/K"), ("_mj_per_k", "MJ/K"), ("_j_per_k", "J/K"),
    ("_kw_per_k", "kW/K"), ("_w_per_k", "W/K"), ("_percent_per_k", "% per K"),
    ("_per_kwh", "money for a kWh"), ("_per_mwh", "money for a MWh"),
    ("_per_kw", "money for a kW"), ("_per_w", "money for a W"),
    ("_percent", "%, 0…100"), ("_fraction", "a share, 0…1"), ("_share", "a share, 0…1"),
    ("_degrees", "degrees"), ("_deg", "degrees"), ("_rad", "radians"),
    ("_minutes", "minutes"), ("_min", "minutes"), ("_seconds", "seconds"), ("_s", "seconds"),
    ("_hours", "hours"), ("_h", "hours"), ("_days", "days"), ("_d", "days"),
    ("_kwp", "kWp"), ("_wp", "Wp"), ("_mwh", "MWh"), ("_kwh", "kWh"), ("_wh", "Wh"),
    ("_mw", "MW"), ("_kw", "kW"), ("_w", "W"), ("_ma", "mA"), ("_a", "A"), ("_kv", "kV"),
    ("_v", "V"), ("_m2", "m²"), ("_cm", "cm"), ("_km", "km"), ("_m", "m"), ("_c", "°C"),
    ("_f", "°F"), ("_k", "K"),
  ]

  /// The error's text for `key` where the keys `known` are allowed and `present` stand already.
  static func message(_ key: String, known: Set<String>, present: Set<String>) -> String {
    let free = known.subtracting(present).sorted()
    let stem = split(key).stem
    if let sibling = free.first(where: { split($0).stem == stem && split($0).unit != nil }),
      let unit = split(sibling).unit
    {
      return "is not a key here; the unit is \(unit): write '\(sibling)'"
    }
    if let near = NearestMatch.of(key, in: free) ?? NearestMatch.of(key, in: known.sorted()) {
      return "is not a key here; did you mean '\(near)'?"
    }
    return known.isEmpty
      ? "is not a key here"
      : "is not a key here; allowed: \(known.sorted().joined(separator: ", "))"
  }

  /// A key without its unit, and the unit's name; `nil` where it has none.
  static func split(_ key: String) -> (stem: String, unit: String?) {
    guard let unit = units.first(where: { key.hasSuffix($0.suffix) && key != $0.suffix }) else {
      return (key, nil)
    }
    return (String(key.dropLast(unit.suffix.count)), unit.name)
  }
}
