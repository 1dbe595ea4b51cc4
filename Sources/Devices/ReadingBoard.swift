// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import Synchronization
public import TimeSeries

/// Where devices post what they read, and where the loop takes its frozen picture. Never blocks.
public final class ReadingBoard: SnapshotReading, Sendable {
  private let home: Home
  private let state: Mutex<State>

  private struct State {
    var snapshot: Snapshot
    /// Consumption of the whole house, from which the base load follows.
    var load: Reading<Watts>?
  }

  /// A board on which nothing stands.
  public init(home: Home) {
    self.home = home
    state = Mutex(State(snapshot: Snapshot(time: .distantPast), load: nil))
  }

  /// Posts readings.
  public func post(_ change: (inout Snapshot) -> Void) { state.withLock { change(&$0.snapshot) } }

  /// Posts the consumption of the whole house.
  public func postLoad(_ load: Reading<Watts>) { state.withLock { $0.load = load } }

  /// Posts a relay's state; the time of its last switching is kept while it does not change. A relay
  /// that is seen for the first time counts as settled: nobody knows better.
  public func postRelay(_ room: String, isOn: Bool, at time: Date) {
    state.withLock { state in
      let before = state.snapshot.relays[room]?.value
      let since = before.map { $0.isOn == isOn ? $0.since : time } ?? .distantPast
      state.snapshot.relays[room] = Reading(RelayState(isOn: isOn, since: since), at: time)
    }
  }

  /// Posts what an appliance draws.
  public func postAppliance(_ name: String, power: Watts, at time: Date) {
    state.withLock {
      $0.snapshot.appliancePowers = ($0.snapshot.appliancePowers ?? [:]).merging(
        [name: Reading(power, at: time)]
      ) { $1 }
    }
  }

  /// All that stands on the board. Where the base load has no meter, it is what the house consumes
  /// less heaters that are on, cars that charge and appliances that run.
  public func snapshot(at time: Date) -> Snapshot {
    let (board, load) = state.withLock { ($0.snapshot, $0.load) }
    var snapshot = board.taken(at: time)
    if snapshot.baseLoadPower == nil, let load {
      let heating = home.heatedRooms.reduce(Watts.zero) { sum, room in
        sum + (board.relays[room.name]?.value.isOn == true ? room.heater?.power ?? .zero : .zero)
      }
      let cars = board.vehicles.values.reduce(Watts.zero) { $0 + $1.value.power }
      let appliances = board.appliances.values.reduce(Watts.zero) { $0 + $1.value }
      snapshot.baseLoadPower = Reading(
        max(.zero, load.value - heating - cars - appliances), at: load.time)
    }
    return snapshot
  }
}
