// SPDX-License-Identifier: MIT
import Foundation
import Household
import Physics
import TimeSeries

/// The sun over one UTC day under a sky without clouds, at the middle of each quarter-hour.
struct SimulatedSky {
  /// Global horizontal irradiance, W/m².
  let irradiance: [Double]

  init(dayNumber: Int, location: Location) {
    let grid = TimeGrid(
      start: Date(timeIntervalSince1970: Double(dayNumber) * 86_400),
      stepSeconds: SimulatedWeather.stepSeconds, count: SimulatedWeather.stepsADay)
    let track = SunTrack(grid: grid, location: location)
    irradiance = ClearSkySeries(sun: track, location: location).globalHorizontal
  }
}
