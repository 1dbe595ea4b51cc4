// SPDX-License-Identifier: MIT
import Foundation
public import Household
public import TimeSeries

/// What Home Assistant answers to `/api/history/period`: for each entity its states, in order.
///
/// Each state counts from its time on. A state that is no number (`unavailable`, `unknown`) is left out
/// and counted, `on` and `off` are 1 and 0. In the short form of the answer only the first state of an
/// entity has its name and unit. Source: developers.home-assistant.io, REST API.
public struct HomeAssistantHistory: Sendable {
  /// What was brought into a store of one entity.
  public struct Imported: Sendable, Hashable, Codable {
    /// The entity.
    public let entity: String
    /// The signal it became.
    public let signal: String
    /// What was stored.
    public let stored: MergeCounts
    /// States that are no number.
    public let withoutNumber: Int
  }

  /// The states of one entity.
  private struct Stream {
    let entity: String
    let unit: String?
    let states: [State]
  }

  private struct State: Decodable {
    enum CodingKeys: String, CodingKey {
      case entity = "entity_id"
      case state, attributes
      case changed = "last_changed"
      case updated = "last_updated"
    }

    struct Attributes: Decodable {
      let unit: String?

      enum CodingKeys: String, CodingKey { case unit = "unit_of_measurement" }
    }

    let entity: String?
    let state: String
    let attributes: Attributes?
    let changed: String?
    let updated: String?
  }

  private let file: String
  private let streams: [Stream]

  /// Reads an answer that was kept in a file, plain or gzip; it is read as a whole.
  public init(file: String) throws(TransferError) {
    self.file = file
    var content = Data()
    try TransferError.inFile { () throws(CSVError) in
      let input = try CompressedInput(path: file)
      while true {
        let piece = try input.read(limit: 1 << 20)
        if piece.isEmpty { break }
        content.append(contentsOf: piece)
      }
    }
    let lists: [[State]]
    do { lists = try JSONDecoder().decode([[State]].self, from: content) } catch {
      throw .notAHistory(file: file, reason: "\(error)")
    }
    streams = lists.compactMap { states -> Stream? in
      guard let first = states.first, let entity = first.entity else { return nil }
      return Stream(
        entity: entity, unit: first.attributes?.unit, states: states)
    }
  }

  /// The entities of the file.
  public var entities: [String] { streams.map(\.entity) }

  /// The readings of an entity in the unit of a signal, ascending.
  ///
  /// - Returns: the readings and how many states are no number.
  public func samples(
    of entity: String, as signal: SignalName
  ) throws(TransferError) -> (samples: [Sample], withoutNumber: Int) {
    guard let stream = streams.first(where: { $0.entity == entity }) else {
      throw .unknownEntity(entity, known: entities)
    }
    let conversion = try conversion(of: stream, to: signal)
    var samples: [Sample] = []
    var withoutNumber = 0
    for state in stream.states {
      guard let text = state.updated ?? state.changed, let time = Date(isoText: text)
      else { throw .notAHistory(file: file, reason: "\(entity): a state without its time") }
      guard let number = Self.number(state.state) else {
        withoutNumber += 1
        continue
      }
      samples.append(Sample(time: time, value: conversion?.apply(number) ?? number))
    }
    return (samples.sorted { $0.time < $1.time }, withoutNumber)
  }

  /// Brings entities into a store; all or nothing.
  public func run(
    _ wishes: [(entity: String, signal: SignalName)], into store: SQLiteHistory
  ) throws(TransferError) -> [Imported] {
    var found: [(samples: [Sample], withoutNumber: Int)] = []
    for wish in wishes { found.append(try samples(of: wish.entity, as: wish.signal)) }
    return try store.connection.transaction(wrapping: TransferError.store) {
      () throws(TransferError) in
      var imported: [Imported] = []
      for (wish, found) in zip(wishes, found) {
        let counts = try TransferError.inStore { () throws(HistoryError) in
          try store.insert(found.samples, for: wish.signal)
        }
        imported.append(
          Imported(
            entity: wish.entity, signal: wish.signal.text, stored: counts,
            withoutNumber: found.withoutNumber))
      }
      return imported
    }
  }

  /// An entity without a unit is in that of the signal.
  private func conversion(
    of stream: Stream, to signal: SignalName
  ) throws(TransferError) -> UnitConversion? {
    guard let name = stream.unit else { return nil }
    // Home Assistant writes W/m² with a superscript.
    let target = SourceUnit(of: signal)
    guard let unit = SourceUnit(name.replacingOccurrences(of: "²", with: "2")),
      let conversion = UnitConversion(from: unit, to: target)
    else {
      throw .notAHistory(
        file: file,
        reason: "\(stream.entity) is in \(name), which cannot become \(signal) in \(target.name)")
    }
    return conversion
  }

  private static func number(_ state: String) -> Double? {
    switch state {
    case "on": 1
    case "off": 0
    default: Double(state).flatMap { $0.isFinite ? $0 : nil }
    }
  }
}
