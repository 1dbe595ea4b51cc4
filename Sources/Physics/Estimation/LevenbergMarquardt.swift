// SPDX-License-Identifier: MIT

/// Bounded non-linear least squares with a robust loss and Gaussian priors.
///
/// Minimises `Σ ρ(rᵢ) + Σ wⱼ² (pⱼ − mⱼ)²` with the soft-L1 loss `ρ(r) = 2 s² (√(1 + r²/s²) − 1)`,
/// by damped Gauss–Newton steps that are projected on the bounds; parameters at a bound that the
/// gradient pushes outwards are held. Source: D. Marquardt, SIAM J. Appl. Math. 11 (1963) 431,
/// doi:10.1137/0111030; damping after H. Nielsen, IMM-REP-1999-05.
struct LevenbergMarquardt {
  /// Scale `s` of the loss, in the unit of the residuals.
  var lossScale = 0.4
  var maximumIterations = 25
  /// Relative decrease of the cost below which the search ends.
  var tolerance = 2e-4
  var lower: [Double]
  var upper: [Double]
  var priorMean: [Double]
  /// `wⱼ`; 0 for a free parameter.
  var priorWeight: [Double]
  /// So many residuals at the end are conditions: each counts by its plain square, like a prior.
  var conditionCount = 0

  /// Where the search ended.
  struct Solution {
    var parameters: [Double]
    var cost: Double
    var residuals: [Double]
    /// Derivative of the residuals by each parameter, of the last accepted point or the one before.
    var jacobian: [[Double]]
    var iterations: Int
  }

  /// Searches from a start.
  ///
  /// - Parameter residuals: of a parameter vector, always the same number; `nil` where the model
  ///   has no value, which counts as infinitely bad.
  /// - Returns: `nil` if there is no value at the start.
  func minimise(from start: [Double], residuals: ([Double]) -> [Double]?) -> Solution? {
    var point = zip(start, zip(lower, upper)).map { min(max($0, $1.0), $1.1) }
    guard var current = residuals(point) else { return nil }
    var cost = cost(current, point)
    var (damping, growth) = (1e-2, 2.0)
    var jacobian: [[Double]] = []
    var iterations = 0
    search: while iterations < maximumIterations {
      iterations += 1
      jacobian = self.jacobian(at: point, current, residuals)
      let (normal, gradient) = normalEquations(jacobian, current, point)
      var isAccepted = false
      for _ in 0..<8 {
        let next = step(from: point, normal, gradient, damping)
        if let candidate = residuals(next) {
          let value = self.cost(candidate, next)
          if value < cost {
            let gain = (cost - value) / cost
            (point, current, cost) = (next, candidate, value)
            (damping, growth, isAccepted) = (max(1e-9, damping / 4), 2, true)
            if gain < tolerance { break search }
            break
          }
        }
        damping *= growth
        growth *= 2
      }
      if !isAccepted { break }
    }
    if jacobian.isEmpty { jacobian = self.jacobian(at: point, current, residuals) }
    return Solution(
      parameters: point, cost: cost, residuals: current, jacobian: jacobian,
      iterations: iterations)
  }

  /// The objective.
  func cost(_ residuals: [Double], _ point: [Double]) -> Double {
    let square = lossScale * lossScale
    let count = residuals.count - conditionCount
    var sum = 0.0
    for residual in residuals.prefix(count) {
      sum += (1 + residual * residual / square).squareRoot() - 1
    }
    sum *= 2 * square / Double(max(1, count))
    for condition in residuals.dropFirst(count) { sum += condition * condition }
    for index in point.indices {
      let pull = priorWeight[index] * (point[index] - priorMean[index])
      sum += pull * pull
    }
    return sum
  }

  /// Forward differences, inwards at the upper bound.
  func jacobian(
    at point: [Double], _ current: [Double], _ residuals: ([Double]) -> [Double]?
  ) -> [[Double]] {
    point.indices.map { index in
      var moved = point
      let size = 1e-4 * max(1, abs(point[index]))
      let change = point[index] + size > upper[index] ? -size : size
      moved[index] += change
      guard var column = residuals(moved) else {
        return [Double](repeating: 0, count: current.count)
      }
      let factor = 1 / change
      column.withUnsafeMutableBufferPointer { column in
        current.withUnsafeBufferPointer { current in
          for row in 0..<column.count { column[row] = (column[row] - current[row]) * factor }
        }
      }
      return column
    }
  }

  /// Hessian approximation and half gradient of the objective; robust weights frozen.
  func normalEquations(
    _ jacobian: [[Double]], _ residuals: [Double], _ point: [Double]
  ) -> (normal: DenseMatrix, gradient: [Double]) {
    let size = point.count
    let count = residuals.count - conditionCount
    let factor = 1 / Double(max(1, count))
    let square = lossScale * lossScale
    let weights =
      residuals.prefix(count).map { factor / (1 + $0 * $0 / square).squareRoot() }
      + [Double](repeating: 1, count: conditionCount)
    var normal = DenseMatrix(rows: size, columns: size)
    var gradient = [Double](repeating: 0, count: size)
    for row in 0..<size {
      let weighted = zip(jacobian[row], weights).map { $0 * $1 }
      gradient[row] = Self.dot(weighted, residuals)
      for column in row..<size {
        let value = Self.dot(weighted, jacobian[column])
        normal[row, column] = value
        normal[column, row] = value
      }
      let square = priorWeight[row] * priorWeight[row]
      normal[row, row] += square
      gradient[row] += square * (point[row] - priorMean[row])
    }
    return (normal, gradient)
  }

  private func step(
    from point: [Double], _ normal: DenseMatrix, _ gradient: [Double], _ damping: Double
  ) -> [Double] {
    let free = point.indices.filter { index in
      !(point[index] <= lower[index] && gradient[index] > 0)
        && !(point[index] >= upper[index] && gradient[index] < 0)
    }
    var matrix = DenseMatrix(rows: free.count, columns: free.count)
    var right = DenseMatrix(rows: free.count, columns: 1)
    for (row, index) in free.enumerated() {
      for (column, other) in free.enumerated() { matrix[row, column] = normal[index, other] }
      matrix[row, row] += damping * max(normal[index, index], 1e-9)
      right[row, 0] = -gradient[index]
    }
    guard !free.isEmpty, let solution = matrix.solving(right) else { return point }
    var next = point
    for (row, index) in free.enumerated() {
      // A logarithm that moves by more than 1.5 leaves the range of the linearisation.
      let move = min(max(solution[row, 0], -1.5), 1.5)
      next[index] = min(max(point[index] + move, lower[index]), upper[index])
    }
    return next
  }

  private static func dot(_ left: [Double], _ right: [Double]) -> Double {
    left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in
        var lanes = SIMD8<Double>(repeating: 0)
        let blocks = left.count / 8
        for block in 0..<blocks {
          var (one, two) = (SIMD8<Double>(), SIMD8<Double>())
          for lane in 0..<8 {
            one[lane] = left[block * 8 + lane]
            two[lane] = right[block * 8 + lane]
          }
          lanes += one * two
        }
        var sum = lanes.sum()
        for index in blocks * 8..<left.count { sum += left[index] * right[index] }
        return sum
      }
    }
  }
}
