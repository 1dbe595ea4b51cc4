// SPDX-License-Identifier: MIT
import Foundation
import TimeSeries

/// Finds tilt, azimuth and size of each array from the power of the whole plant.
///
/// Soft-L1 loss with a scale of 5 % of the capacity, so that clouds which the weather does not know and
/// hours of shade pull little; several starts, because east and west can look alike; bounds around the
/// owner's metadata and a weak pull towards them, which decides where the data cannot.
struct OrientationFit {
  let tolerance: PlantCalibration.Tolerance
  let capacityWatts: Double

  /// Units that make the parameters of one size: 20° of tilt, 40° of azimuth, the logarithm of a size.
  private static let tiltUnit = 20.0
  private static let azimuthUnit = 40.0
  /// A move by one unit costs as much as 0.1 % more error of 8 %: it decides only where data cannot.
  private static let priorWeight = 0.002
  private static let startAzimuths = [90.0, 135, 180, 225, 270]

  /// A plant whose arrays fit the rows best.
  struct Solution {
    var plant: PVPlant
    /// The mean loss, in squares of the capacity.
    var cost: Double
  }

  /// The best of all starts.
  func fit(_ plant: PVPlant, rows: CalibrationRows, isMultistart: Bool = true) -> Solution {
    let origin = [Double](repeating: 0, count: 3 * plant.arrays.count)
    var starts = [origin]
    if isMultistart {
      for azimuth in Self.startAzimuths {
        starts.append(
          plant.arrays.flatMap { array in
            let turn = Self.turn(from: array.plane.azimuthDegrees, to: azimuth)
            return [0, turn / Self.azimuthUnit, 0]
          })
      }
      let allowed = tolerance.azimuth.rawValue / Self.azimuthUnit
      starts = starts.filter { start in
        stride(from: 1, to: start.count, by: 3).allSatisfy { abs(start[$0]) <= allowed }
      }
    }
    let search = search(around: plant)
    var best = Solution(plant: plant, cost: .infinity)
    for start in starts {
      let solution = search.minimise(from: start) { point in
        rows.residuals(of: self.plant(plant, at: point), capacityWatts: capacityWatts)
      }
      if let solution, solution.cost < best.cost {
        best = Solution(plant: self.plant(plant, at: solution.parameters), cost: solution.cost)
      }
    }
    return best
  }

  private func search(around plant: PVPlant) -> LevenbergMarquardt {
    var (lower, upper) = ([Double](), [Double]())
    for array in plant.arrays {
      let tilt = array.plane.tiltDegrees
      let down = min(tolerance.tilt.rawValue, tilt)
      let up = min(tolerance.tilt.rawValue, 90 - tilt)
      let turn = tolerance.azimuth.rawValue / Self.azimuthUnit
      lower += [-down / Self.tiltUnit, -turn, log(tolerance.size.lowerBound)]
      upper += [up / Self.tiltUnit, turn, log(tolerance.size.upperBound)]
    }
    return LevenbergMarquardt(
      lossScale: 0.05, maximumIterations: 30, tolerance: 1e-5, lower: lower, upper: upper,
      priorMean: lower.map { _ in 0 }, priorWeight: lower.map { _ in Self.priorWeight })
  }

  /// The plant with its arrays moved away from the metadata.
  private func plant(_ plant: PVPlant, at point: [Double]) -> PVPlant {
    var moved = plant
    for index in plant.arrays.indices {
      let array = plant.arrays[index]
      moved.arrays[index].plane = Plane(
        tiltDegrees: array.plane.tiltDegrees + point[3 * index] * Self.tiltUnit,
        azimuthDegrees: (array.plane.azimuthDegrees + point[3 * index + 1] * Self.azimuthUnit)
          .wrapped360)
      moved.arrays[index].peakPower = array.peakPower * exp(point[3 * index + 2])
    }
    return moved
  }

  /// The shorter way round, −180…180°.
  private static func turn(from: Double, to: Double) -> Double {
    (to - from + 180).wrapped360 - 180
  }
}
