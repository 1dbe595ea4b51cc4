// SPDX-License-Identifier: MIT
import Forecasting
import Foundation
import Household
import Physics
import TimeSeries

/// A likely course of all rooms over the horizon: what the planner takes as given for neighbours,
/// slow floors and gains when it looks at one room alone.
struct NominalCourse {
  let start: ThermalState
  let forcing: ThermalForcing
  let trajectory: ThermalTrajectory
  /// What the planner may switch in each room; `nil` without a heater.
  let heaters: [HeaterCourse?]

  /// Simulates the network under the heating of the last plan where it reaches, and of a thermostat
  /// in the lower part of the band after that.
  init(state: HomeState, forecast: HomeForecast, previous: Plan?, model: HomeModel) {
    let grid = forecast.grid
    let times = model.home.site.calendar.wallTimes(on: grid)
    var forcing = ThermalForcing(network: model.network, stepCount: grid.count)
    var thermal = state.thermal
    let irradiances = model.irradiances(forecast.irradiance)
    let unknown = model.tracker.disturbanceGains(
      of: state.belief, steps: grid.count, stepHours: grid.stepHours)
    let outdoors = grid.indices.map { forecast.outdoorTemperature[$0] ?? Celsius(10) }
    let heaters = model.home.rooms.map { room in
      room.heater.map {
        HeaterCourse(
          $0, outdoors: outdoors, targets: times.map { room.comfort.band(at: $0).target })
      }
    }
    for step in grid.indices {
      forcing.setOutdoor(outdoors[step], at: step)
      for (facade, series) in irradiances.enumerated() {
        forcing.setIrradiance(series[step] ?? .zero, onFacade: facade, at: step)
      }
      let planned = previous.flatMap { $0.grid.index(of: grid.date(at: step)) }
      forcing.setDailyGains(of: model.network, localHour: times[step].hour, at: step)
      for (room, gains) in unknown.enumerated() {
        forcing.addGain(gains[step], inRoom: room, at: step)
      }
      for (index, room) in model.home.rooms.enumerated() {
        guard let heater = heaters[index] else { continue }
        let isOn =
          planned.flatMap { previous?.heating[room.name]?[$0] }
          ?? (thermal.temperature(ofRoom: index) < room.comfort.band(at: times[step]).target)
        if isOn { forcing.setHeat(heater.heat(at: step), inRoom: index, at: step) }
      }
      model.planNetwork.step(&thermal, forcing: forcing, at: step)
    }
    start = state.thermal
    self.heaters = heaters
    self.forcing = forcing
    trajectory = model.planNetwork.simulate(from: state.thermal, forcing: forcing)
  }

  /// A room's temperature at the start of a step.
  func temperature(ofRoom room: Int, atStartOf step: Int) -> Celsius {
    step == 0
      ? start.temperature(ofRoom: room) : trajectory.temperature(ofRoom: room, atEndOf: step - 1)
  }
}

extension ComfortBand {
  /// Where a plan should leave a room: a third up from the lower end, warm enough to be content
  /// and with room above for cheap heat.
  var target: Celsius { lower + (upper - lower) * (1.0 / 3) }
}
