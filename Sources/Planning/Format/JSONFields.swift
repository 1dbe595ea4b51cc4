// SPDX-License-Identifier: MIT
import Foundation

/// The fields of a JSON object, with errors that say where something is wrong.
struct JSONFields {
  private let values: [String: Any]
  /// Where the object is, for example `rooms[3]`.
  let path: String

  init(data: Data) throws(PlanningError) {
    let parsed: Any
    do { parsed = try JSONSerialization.jsonObject(with: data) } catch {
      throw .unreadable(reason: "not JSON: \(error.localizedDescription)")
    }
    try self.init(parsed, path: "")
  }

  private init(_ value: Any, path: String) throws(PlanningError) {
    guard let values = value as? [String: Any] else {
      throw .unreadable(reason: "\(path.isEmpty ? "the text" : path) is not an object")
    }
    self.values = values
    self.path = path
  }

  private func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  func has(_ key: String) -> Bool {
    guard let value = values[key] else { return false }
    return !(value is NSNull)
  }

  func text(_ key: String) -> String? { values[key] as? String }

  func flag(_ key: String) throws(PlanningError) -> Bool? {
    guard has(key), let value = values[key] else { return nil }
    if let flag = value as? Bool { return flag }
    guard let number = value as? NSNumber else {
      throw .unreadable(reason: "\(name(key)) is not true, false, 0 or 1")
    }
    return number.doubleValue != 0
  }

  func optionalNumber(_ key: String) throws(PlanningError) -> Double? {
    guard has(key) else { return nil }
    guard let number = values[key] as? NSNumber else {
      throw .unreadable(reason: "\(name(key)) is not a number")
    }
    return number.doubleValue
  }

  func number(_ key: String) throws(PlanningError) -> Double {
    guard let number = try optionalNumber(key) else {
      throw .unreadable(reason: "\(name(key)) is missing")
    }
    return number
  }

  func number(_ key: String, default fallback: Double) throws(PlanningError) -> Double {
    try optionalNumber(key) ?? fallback
  }

  func integer(_ key: String, default fallback: Int? = nil) throws(PlanningError) -> Int {
    if !has(key), let fallback { return fallback }
    let value = try number(key)
    guard let whole = Int(exactly: value) else {
      throw .unreadable(reason: "\(name(key)) is \(value), not a whole number")
    }
    return whole
  }

  /// Numbers of an array; a `null` among them is an error with its step.
  func numbers(_ key: String) throws(PlanningError) -> [Double] {
    guard let list = values[key] as? [Any] else {
      throw .unreadable(reason: "\(name(key)) is not an array")
    }
    var numbers: [Double] = []
    numbers.reserveCapacity(list.count)
    for (step, item) in list.enumerated() {
      guard let number = item as? NSNumber, !(item is NSNull) else {
        throw .notFinite(field: name(key), step: step)
      }
      numbers.append(number.doubleValue)
    }
    return numbers
  }

  func optionalNumbers(_ key: String) throws(PlanningError) -> [Double] {
    has(key) ? try numbers(key) : []
  }

  /// One number for all steps, or an array.
  func numberOrNumbers(_ key: String, count: Int) throws(PlanningError) -> [Double] {
    if let single = values[key] as? NSNumber {
      return [Double](repeating: single.doubleValue, count: count)
    }
    return try numbers(key)
  }

  func object(_ key: String) throws(PlanningError) -> JSONFields? {
    guard has(key), let value = values[key] else { return nil }
    return try JSONFields(value, path: name(key))
  }

  func objects(_ key: String) throws(PlanningError) -> [JSONFields] {
    guard has(key) else { return [] }
    guard let list = values[key] as? [Any] else {
      throw .unreadable(reason: "\(name(key)) is not an array")
    }
    var objects: [JSONFields] = []
    for (index, item) in list.enumerated() {
      objects.append(try JSONFields(item, path: "\(name(key))[\(index)]"))
    }
    return objects
  }

  /// Rows of numbers, for example `[[room, exchange], …]`.
  func rows(_ key: String) throws(PlanningError) -> [[Double]] {
    guard has(key) else { return [] }
    guard let rows = values[key] as? [[NSNumber]] else {
      throw .unreadable(reason: "\(name(key)) is not an array of arrays of numbers")
    }
    return rows.map { $0.map(\.doubleValue) }
  }
}
