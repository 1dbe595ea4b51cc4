// SPDX-License-Identifier: MIT
import Forecasting
import Foundation
import History
import Household
import Synchronization
import TimeSeries

/// Puts the live readings into the store, once a minute, on a queue of its own: a store that is
/// locked or full holds nothing up. What could not be stored is kept for a while and tried again.
final class SignalRecorder: Sendable {
  private let home: Home
  private let path: String
  private let log: RunLog
  private let queue = DispatchQueue(label: "pems.recorder")
  private let state = Mutex(State())

  private struct State {
    var waiting: [SignalName: [Sample]] = [:]
    var stored: [SignalName: Date] = [:]
    var minute = -1
  }

  /// A day of minutes.
  private static let mostWaiting = 1_440

  init(home: Home, storePath: String, log: RunLog) {
    self.home = home
    path = storePath
    self.log = log
  }

  /// Takes the readings of a picture that are new.
  ///
  /// - Parameter limit: what the PV plant confirmed.
  func take(_ snapshot: Snapshot, limit: Command.Action? = nil) {
    queue.async { [self] in
      let now = Int(snapshot.time.timeIntervalSince1970) / 60
      state.withLock { state in
        guard now != state.minute else { return }
        state.minute = now
        for (signal, sample) in Self.samples(snapshot, home) + Self.samples(limit, snapshot.time)
        where state.stored[signal] != sample.time {
          state.stored[signal] = sample.time
          state.waiting[signal, default: []].append(sample)
          if state.waiting[signal]?.count ?? 0 > Self.mostWaiting {
            state.waiting[signal]?.removeFirst()
          }
        }
        store(&state.waiting)
      }
    }
  }

  /// Takes the irradiance that is expected now: where nobody measures the sun, rooms are identified
  /// with what their forecast was made of.
  func take(_ forecast: HomeForecast?, at time: Date) {
    guard let forecast, let step = forecast.grid.index(of: time),
      let sun = forecast.irradiance[step]
    else { return }
    let sample = Sample(time: forecast.grid.date(at: step), value: sun.rawValue)
    queue.async { [self] in
      state.withLock { state in
        guard state.stored.updateValue(sample.time, forKey: .expectedIrradiance) != sample.time
        else { return }
        state.waiting[.expectedIrradiance, default: []].append(sample)
      }
    }
  }

  /// Stores what waits, at the end.
  func close() { queue.sync { state.withLock { store(&$0.waiting) } } }

  private func store(_ waiting: inout [SignalName: [Sample]]) {
    guard !waiting.isEmpty else { return }
    do {
      let history = try SQLiteHistory(file: path, access: .writing)
      for (signal, samples) in waiting {
        try history.store(samples, for: signal)
        waiting[signal] = nil
      }
    } catch {
      log.writeSparsely(
        .warning, "store_unwritable", key: "recorder",
        ["problem": "\(error)", "waiting": waiting.values.reduce(0) { $0 + $1.count }])
    }
  }

  /// What holds the plant back; nothing while it is free.
  static func samples(_ limit: Command.Action?, _ time: Date) -> [(SignalName, Sample)] {
    let watts: Watts? =
      switch limit {
      case .limitPV(let limit): limit
      case .limitExport(let limit): limit
      default: nil
      }
    guard let signal = SignalName.pvLimit, let watts else { return [] }
    return [(signal, Sample(time: time, value: watts.rawValue))]
  }

  /// What a picture tells of the signals of a home; of old readings the recorder knows by their time.
  static func samples(_ snapshot: Snapshot, _ home: Home) -> [(SignalName, Sample)] {
    var samples: [(SignalName, Sample)] = []
    func add<Value: Quantity>(_ signal: SignalName, _ reading: Reading<Value>?, _ scale: Double = 1)
    {
      guard let reading, reading.value.isFinite else { return }
      samples.append(
        (signal, Sample(time: reading.time, value: reading.value.rawValue * scale)))
    }
    add(.gridPower, snapshot.gridPower)
    add(.pvPower, snapshot.pvPower)
    add(.baseLoadPower, snapshot.baseLoadPower)
    add(.loadPower, loadPower(snapshot, home))
    add(.batteryPower, snapshot.batteryPower)
    add(.batteryStateOfCharge, snapshot.batteryStateOfCharge, 100)
    add(.outdoorTemperature, snapshot.outdoorTemperature)
    for (room, reading) in snapshot.roomTemperatures { add(.roomTemperature(room), reading) }
    for room in home.heatedRooms {
      guard let heater = room.heater, let relay = snapshot.relays[room.name] else { continue }
      add(.roomHeat(room.name), Reading(relay.value.isOn ? heater.power : .zero, at: relay.time))
    }
    for point in home.chargePoints {
      let states = home.vehicles.filter { $0.chargePoint == point.name }
        .compactMap { snapshot.vehicles[$0.name] }
      guard let newest = states.map(\.time).max() else { continue }
      let power = states.reduce(Watts.zero) { $0 + $1.value.power }
      add(.chargePointPower(point.name), Reading(power, at: newest))
      let isPlugged = states.contains { $0.value.isConnected }
      add(.chargePointPlugged(point.name), Reading(Fraction(isPlugged ? 1 : 0), at: newest))
    }
    for (name, reading) in snapshot.appliances { add(.appliancePower(name), reading) }
    return samples
  }

  /// What the house consumes: import, production and discharge together, where all that it has was
  /// read within two minutes.
  private static func loadPower(_ snapshot: Snapshot, _ home: Home) -> Reading<Watts>? {
    guard let grid = snapshot.gridPower else { return nil }
    var parts = [grid]
    for (isThere, reading) in [
      (!home.pvArrays.isEmpty, snapshot.pvPower), (home.battery != nil, snapshot.batteryPower),
    ] where isThere {
      guard let reading else { return nil }
      parts.append(reading)
    }
    guard parts.allSatisfy({ $0.isFresh(at: grid.time, maximumAge: .seconds(120)) }) else {
      return nil
    }
    return Reading(parts.reduce(.zero) { $0 + $1.value }, at: grid.time)
  }
}
