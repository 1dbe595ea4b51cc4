// SPDX-License-Identifier: MIT
import Foundation
import TimeSeries

/// The steps of a history that say something, with all that does not depend on the orientation.
struct CalibrationRows {
  /// One step.
  struct Row {
    let index: Int
    let sky: Transposition.Sky
    let airCelsius: Double
    let wind: Double
    let watts: Double
    /// Global irradiance over that of a clear sky.
    let clearIndex: Double
  }

  private(set) var rows: [Row] = []
  let models: PlantModels

  /// Steps of a history in which a condition on the sun and the light holds.
  ///
  /// - Parameter isWanted: whether a step with an apparent elevation in degrees and a global
  ///   irradiance in W/m² takes part.
  init(
    _ history: PlantHistory, plant: PVPlant, sun: SunTrack,
    isWanted: (_ elevationDegrees: Double, _ globalHorizontal: Double) -> Bool
  ) {
    models = plant.models
    let sky = PlantSky(weather: history.weather, sun: sun, models: plant.models)
    let clear = ClearSkySeries(sun: sun, location: plant.location)
    for index in history.grid.indices {
      let light = sky.light(index, sun: sun)
      guard
        let watts = history.power[index]?.rawValue, !history.excluded.contains(index),
        !light.globalHorizontal.isNaN, !sky.airCelsius[index].isNaN,
        isWanted(90 - light.zenithDegrees, light.globalHorizontal)
      else { continue }
      rows.append(
        Row(
          index: index, sky: light, airCelsius: sky.airCelsius[index], wind: sky.wind[index],
          watts: watts,
          clearIndex: light.globalHorizontal / max(clear.globalHorizontal[index], 20)))
    }
  }

  private init(rows: [Row], models: PlantModels) {
    self.rows = rows
    self.models = models
  }

  var count: Int { rows.count }

  /// The rows for which a condition holds.
  func filter(_ isIncluded: (Row) -> Bool) -> CalibrationRows {
    CalibrationRows(rows: rows.filter(isIncluded), models: models)
  }

  /// At most so many rows, evenly taken.
  func thinned(to count: Int) -> CalibrationRows {
    guard rows.count > count else { return self }
    let kept = (0..<count).map { rows[$0 * rows.count / count] }
    return CalibrationRows(rows: kept, models: models)
  }

  /// The alternating current of a plant in one row, W.
  @inline(__always)
  func watts(_ row: Row, arrays: [PlantArray], inverters: [PlantInverter]) -> Double {
    var total = 0.0
    for (position, inverter) in inverters.enumerated() {
      var direct = 0.0
      for array in arrays where array.inverter == position {
        direct +=
          ArrayStep(
            array, models, row.sky, airCelsius: row.airCelsius,
            wind: row.wind * array.cellTemperature.windShare
          ).directCurrentWatts
      }
      total += inverter.alternatingCurrent(directCurrent: Watts(max(direct, 0))).rawValue
    }
    return total
  }

  /// Model minus measurement of each row as a share of a capacity.
  func residuals(of plant: PVPlant, capacityWatts: Double) -> [Double] {
    rows.map {
      (watts($0, arrays: plant.arrays, inverters: plant.inverters) - $0.watts) / capacityWatts
    }
  }
}
