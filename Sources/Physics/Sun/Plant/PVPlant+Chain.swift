// SPDX-License-Identifier: MIT
import TimeSeries

/// One array over all steps; `nil` where an input is missing.
struct ArrayCurrents {
  var planeOfArray: [WattsPerSquareMetre?]
  var cellTemperature: [Celsius?]
  var directCurrent: [Watts?]

  init(count: Int) {
    planeOfArray = Array(repeating: .zero, count: count)
    cellTemperature = Array(repeating: nil, count: count)
    directCurrent = Array(repeating: .zero, count: count)
  }
}

extension PVPlant {
  /// The chain of one array over all steps, without snow.
  func currents(of array: PlantArray, sky: PlantSky, sun: SunTrack) -> ArrayCurrents {
    var currents = ArrayCurrents(count: sun.count)
    let windShare = array.cellTemperature.windShare
    for index in 0..<sun.count {
      let air = sky.airCelsius[index]
      if sky.isDark(index) {
        currents.cellTemperature[index] = Self.present(air)
        continue
      }
      let step = ArrayStep(
        array, models, sky.light(index, sun: sun), airCelsius: air,
        wind: sky.wind[index] * windShare)
      currents.planeOfArray[index] = Self.present(step.planeOfArrayIrradiance)
      currents.cellTemperature[index] = Self.present(step.cellCelsius)
      currents.directCurrent[index] = Self.present(step.directCurrentWatts)
    }
    return currents
  }

  /// Takes off what snow on an array costs.
  func cover(
    _ currents: inout ArrayCurrents, of array: PlantArray, with snowfall: [Double], sky: PlantSky,
    stepHours: Double
  ) {
    var coverage = SnowCoverage(tiltDegrees: array.plane.tiltDegrees)
    for index in snowfall.indices {
      coverage.advance(
        SnowCoverage.Step(
          snowfallCentimetres: snowfall[index],
          planeOfArrayIrradiance: currents.planeOfArray[index]?.rawValue ?? .nan,
          airCelsius: sky.airCelsius[index], hours: stepHours))
      guard coverage.share > 0, let watts = currents.directCurrent[index] else { continue }
      let lost = SnowCoverage.directCurrentLoss(share: coverage.share, strings: array.strings)
      currents.directCurrent[index] = watts * (1 - lost)
    }
  }

  /// Direct currents through the inverters, as the plant's power.
  func collected(_ currents: [ArrayCurrents], sky: PlantSky, grid: TimeGrid) -> PlantPower {
    var ofArrays = currents.map { _ in [Watts?](repeating: .zero, count: grid.count) }
    var clippedSteps = 0
    let ofInverters = inverters.indices.map { position in
      output(ofInverter: position, currents, &ofArrays, &clippedSteps, count: grid.count)
    }
    let total = ofInverters.dropFirst().reduce(ofInverters.first ?? ofArrays.flatMap { $0 }) {
      zip($0, $1).map { left, right in
        if let left, let right { left + right } else { nil }
      }
    }
    return PlantPower(
      total: Series(grid: grid, values: total),
      inverters: ofInverters.map { Series(grid: grid, values: $0) },
      arrays: arrays.indices.map { index in
        PlantPower.Array(
          name: arrays[index].name,
          planeOfArrayIrradiance: Series(grid: grid, values: currents[index].planeOfArray),
          cellTemperature: Series(grid: grid, values: currents[index].cellTemperature),
          directCurrent: Series(grid: grid, values: currents[index].directCurrent),
          alternatingCurrent: Series(grid: grid, values: ofArrays[index]))
      },
      clippedSteps: clippedSteps, diagnostics: sky.diagnostics)
  }

  /// The alternating current of one inverter; its arrays share it by their direct current.
  private func output(
    ofInverter position: Int, _ currents: [ArrayCurrents], _ ofArrays: inout [[Watts?]],
    _ clippedSteps: inout Int, count: Int
  ) -> [Watts?] {
    let inverter = inverters[position]
    let members = arrays.indices.filter { arrays[$0].inverter == position }
    var output = [Watts?](repeating: .zero, count: count)
    for index in 0..<count {
      var direct: Watts? = .zero
      for member in members {
        guard let sum = direct, let part = currents[member].directCurrent[index] else {
          direct = nil
          break
        }
        direct = sum + part
      }
      guard let direct, direct.rawValue > 0 else {
        if direct == nil {
          output[index] = nil
          for member in members { ofArrays[member][index] = nil }
        }
        continue
      }
      let watts = inverter.alternatingCurrent(directCurrent: direct)
      output[index] = watts
      if watts >= inverter.ratedPower { clippedSteps += 1 }
      let share = watts.rawValue / direct.rawValue
      for member in members {
        ofArrays[member][index] = currents[member].directCurrent[index].map { $0 * share }
      }
    }
    return output
  }

  /// A number as a quantity; NaN is missing.
  @inline(__always)
  private static func present<Value: Quantity>(_ number: Double) -> Value? {
    number.isNaN ? nil : Value(rawValue: number)
  }
}
