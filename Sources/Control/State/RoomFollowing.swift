// SPDX-License-Identifier: MIT
import Foundation
import Household
import Physics
import TimeSeries

/// One step of following the rooms: what the relays, the weather and the readings since the last
/// decision make of what was believed then.
struct RoomFollowing {
  let model: HomeModel
  let reader: FreshReadings
  let relays: [String: RelayState]
  let outdoor: Celsius?
  let sun: WattsPerSquareMetre

  /// Outdoors where nobody ever told.
  private static let usualOutdoor = Celsius(10)

  /// What is believed now; what is odd about a room is added to the diagnostics.
  func belief(
    _ snapshot: Snapshot, previous: HomeState?, _ diagnostics: inout [Diagnostic]
  ) -> HouseBelief {
    var belief = start(snapshot)
    if let previous {
      let before = model.tracker.adopted(previous.belief)
      // After a day without a decision nothing of the old state is left.
      if let steps = model.tracker.steps(from: before, to: snapshot.time) {
        belief = before
        model.tracker.advance(&belief, through: forcing(steps, from: before.time, previous))
      }
    }
    for (index, room) in model.home.rooms.enumerated() {
      let reading = reader.value(snapshot.roomTemperatures[room.name])
      let isHeated =
        (relays[room.name]?.isOn ?? false) || (previous?.relays[room.name]?.isOn ?? false)
      model.tracker.correct(&belief, room: index, reading: reading, isHeated: isHeated)
      if let message = Self.message(belief, index) {
        diagnostics.append(Diagnostic(.warning, subject: room.name, message: message))
      }
    }
    return belief
  }

  private func start(_ snapshot: Snapshot) -> HouseBelief {
    let wall = model.home.site.calendar.wallTime(at: snapshot.time)
    return model.tracker.start(
      model.home.rooms.map { room in
        reader.value(snapshot.roomTemperatures[room.name]) ?? room.comfort.band(at: wall).lower
      }, at: snapshot.time)
  }

  private func forcing(_ steps: Int, from start: Date, _ previous: HomeState) -> ThermalForcing {
    let grid = TimeGrid(start: start, stepSeconds: model.settings.cycleSeconds, count: steps)
    var forcing = ThermalForcing(network: model.network, stepCount: steps)
    let irradiances = model.irradiances(Series(grid: grid, constant: sun))
    for step in grid.indices {
      forcing.setOutdoor(outdoor ?? previous.outdoorTemperature ?? Self.usualOutdoor, at: step)
      for (facade, series) in irradiances.enumerated() {
        forcing.setIrradiance(series[step] ?? .zero, onFacade: facade, at: step)
      }
      let hour = model.home.site.calendar.wallTime(at: grid.middle(at: step)).hour
      forcing.setDailyGains(of: model.network, localHour: hour, at: step)
      for (index, room) in model.home.rooms.enumerated() {
        guard let heater = room.heater else { continue }
        let share = onShare(room.name, grid.date(at: step)..<grid.date(at: step + 1), previous)
        let output = heater.output(
          outdoors: forcing.outdoor(at: step), room: previous.thermal.temperature(ofRoom: index))
        forcing.setHeat(output.heat * share, inRoom: index, at: step)
      }
    }
    return forcing
  }

  /// The share of a time in which a relay was on: it has been as it is since it was switched, and
  /// before that as it was seen at the last decision.
  private func onShare(_ room: String, _ times: Range<Date>, _ previous: HomeState) -> Double {
    guard let relay = relays[room] else { return 0 }
    let wasOn = previous.relays[room]?.isOn ?? false
    let length = times.upperBound.timeIntervalSince(times.lowerBound)
    let switched = min(max(relay.since, times.lowerBound), times.upperBound)
    let after = times.upperBound.timeIntervalSince(switched) / length
    return (relay.isOn ? after : 0) + (wasOn ? 1 - after : 0)
  }

  private static func message(_ belief: HouseBelief, _ room: Int) -> String? {
    let temperature = belief.thermal.temperature(ofRoom: room)
    switch belief.rooms[room].reception {
    case .followed: return nil
    case .missing: return "no fresh temperature; the model believes \(temperature)"
    case .frozen: return "its sensor repeats one number; the model believes \(temperature)"
    case .windowOpen: return "falls although it is heated: a window seems open"
    case .restarted: return "the model had lost the room and starts anew at \(temperature)"
    }
  }
}
