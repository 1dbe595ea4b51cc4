// SPDX-License-Identifier: MIT
import Spelling

/// A key of the file that nobody asked for, and what was probably meant.
struct UnknownKey {
  /// The unit at the end of a key and its name, longest first so that `_kwh_per_k` is not `_k`.
  private static let units: [(suffix: String, name: String)] = [
    ("_kwh_per_k", "kWh/K"), ("_wh_per_k", "Wh/K"), ("_mj_per_k", "MJ/K"), ("_j_per_k", "J/K"),
    ("_kw_per_k", "kW/K"), ("_w_per_k", "W/K"), ("_percent_per_k", "% per K"),
    ("_per_kwh", "money for a kWh"), ("_per_mwh", "money for a MWh"),
    ("_per_kw", "money for a kW"), ("_per_w", "money for a W"), ("_percent", "%, 0…100"),
    ("_fraction", "a share, 0…1"), ("_share", "a share, 0…1"), ("_degrees", "degrees"),
    ("_deg", "degrees"), ("_rad", "radians"), ("_minutes", "minutes"), ("_min", "minutes"),
    ("_seconds", "seconds"), ("_hours", "hours"), ("_days", "days"), ("_kwp", "kWp"),
    ("_wp", "Wp"), ("_mwh", "MWh"), ("_kwh", "kWh"), ("_wh", "Wh"), ("_mw", "MW"), ("_kw", "kW"),
    ("_ma", "mA"), ("_kv", "kV"), ("_m2", "m²"), ("_cm", "cm"), ("_ft", "ft"), ("_km", "km"),
    ("_w", "W"),
    ("_a", "A"), ("_v", "V"), ("_m", "m"), ("_c", "°C"), ("_f", "°F"), ("_k", "K"),
    ("_s", "seconds"), ("_h", "hours"),
  ]

  /// The key that was probably meant.
  let suggestion: String?
  /// What the error says.
  let message: String

  /// What to say of `key` where the keys `known` are allowed and `present` stand already.
  init(_ key: String, known: Set<String>, present: Set<String>) {
    let free = known.subtracting(present).sorted()
    let stem = Self.split(key).stem
    let sibling = free.first { Self.split($0).stem == stem && Self.split($0).unit != nil }
    if let sibling, let unit = Self.split(sibling).unit {
      suggestion = sibling
      message = "is not a key here; the unit is \(unit): write '\(sibling)'"
    } else if let near = NearestMatch.of(key, in: free) ?? NearestMatch.of(key, in: known) {
      suggestion = near
      message = "is not a key here; did you mean '\(near)'?"
    } else {
      suggestion = nil
      let allowed = known.sorted().joined(separator: ", ")
      message = "is not a key here" + (allowed.isEmpty ? "" : "; allowed: " + allowed)
    }
  }

  /// A key without its unit, and the unit's name; `nil` where it has none.
  private static func split(_ key: String) -> (stem: String, unit: String?) {
    guard let unit = units.first(where: { key.hasSuffix($0.suffix) && key != $0.suffix }) else {
      return (key, nil)
    }
    return (String(key.dropLast(unit.suffix.count)), unit.name)
  }
}
