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
  func take(_ snapshot: Snapshot) {
    queue.async { [self] in
      let now = Int(snapshot.time.timeIntervalSince1970) / 60
      state.withLock { state in
        guard now != state.minute else { return }
        state.minute = now
        for (signal, sample) in samples(snapshot) where state.stored[signal] != sample.time {
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

  private func samples(_ snapshot: Snapshot) -> [(SignalName, Sample)] {
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
    add(.batteryPower, snapshot.batteryPower)
    add(.batteryStateOfCharge, snapshot.batteryStateOfCharge, 100)
    add(.outdoorTemperature, snapshot.outdoorTemperature)
    for (room, reading) in snapshot.roomTemperatures { add(.roomTemperature(room), reading) }
    for room in home.rooms {
      guard let heater = room.heater, let relay = snapshot.relays[room.name] else { continue }
      // A relay's heat holds until it is read again; rooms are identified from it.
      let power = relay.value.isOn ? heater.power : Watts.zero
      add(.roomHeat(room.name), Reading(power, at: relay.time))
    }
    return samples
  }
}
