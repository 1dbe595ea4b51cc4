// SPDX-License-Identifier: MIT

/// A small dense matrix of `Double`, row by row; meant for at most about a hundred rows.
struct DenseMatrix: Sendable, Hashable {
  let rows: Int
  let columns: Int
  /// Row-major; `rows * columns` numbers.
  var numbers: [Double]

  /// A matrix of zeros.
  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    numbers = Array(repeating: 0, count: rows * columns)
  }

  /// The identity of a size.
  static func identity(_ size: Int) -> DenseMatrix {
    var matrix = DenseMatrix(rows: size, columns: size)
    for index in 0..<size { matrix[index, index] = 1 }
    return matrix
  }

  subscript(row: Int, column: Int) -> Double {
    get { numbers[row * columns + column] }
    set { numbers[row * columns + column] = newValue }
  }

  /// The largest sum of magnitudes of a column.
  var oneNorm: Double {
    (0..<columns).map { column in
      (0..<rows).reduce(0) { $0 + abs(self[$1, column]) }
    }.max() ?? 0
  }

  static func + (left: DenseMatrix, right: DenseMatrix) -> DenseMatrix {
    left.addingScaled(right, by: 1)
  }

  static func - (left: DenseMatrix, right: DenseMatrix) -> DenseMatrix {
    left.addingScaled(right, by: -1)
  }

  static func * (matrix: DenseMatrix, factor: Double) -> DenseMatrix {
    var result = matrix
    for index in result.numbers.indices { result.numbers[index] *= factor }
    return result
  }

  static func * (left: DenseMatrix, right: DenseMatrix) -> DenseMatrix {
    precondition(left.columns == right.rows, "inner sizes of a product are equal")
    var product = DenseMatrix(rows: left.rows, columns: right.columns)
    product.numbers.withUnsafeMutableBufferPointer { output in
      for row in 0..<left.rows {
        for inner in 0..<left.columns {
          let factor = left.numbers[row * left.columns + inner]
          guard factor != 0 else { continue }
          for column in 0..<right.columns {
            output[row * right.columns + column] +=
              factor * right.numbers[inner * right.columns + column]
          }
        }
      }
    }
    return product
  }

  /// `self + factor * other`.
  func addingScaled(_ other: DenseMatrix, by factor: Double) -> DenseMatrix {
    precondition(rows == other.rows && columns == other.columns, "sizes of a sum are equal")
    var sum = self
    for index in sum.numbers.indices { sum.numbers[index] += factor * other.numbers[index] }
    return sum
  }

  /// The matrix with rows and columns exchanged.
  var transposed: DenseMatrix {
    var result = DenseMatrix(rows: columns, columns: rows)
    for row in 0..<rows {
      for column in 0..<columns { result[column, row] = self[row, column] }
    }
    return result
  }

  /// `X` with `self * X = right`, by elimination with row exchanges; `nil` for a singular matrix.
  func solving(_ right: DenseMatrix) -> DenseMatrix? {
    precondition(rows == columns && right.rows == rows, "a square system")
    var (left, result) = (self, right)
    for pivot in 0..<rows {
      guard let best = (pivot..<rows).max(by: { abs(left[$0, pivot]) < abs(left[$1, pivot]) }),
        abs(left[best, pivot]) > .leastNormalMagnitude
      else { return nil }
      left.exchangeRows(pivot, best)
      result.exchangeRows(pivot, best)
      for row in pivot + 1..<max(rows, pivot + 1) {
        let factor = left[row, pivot] / left[pivot, pivot]
        guard factor != 0 else { continue }
        left.subtractRow(pivot, times: factor, from: row)
        result.subtractRow(pivot, times: factor, from: row)
      }
    }
    for row in (0..<rows).reversed() {
      for later in row + 1..<max(rows, row + 1) where left[row, later] != 0 {
        result.subtractRow(later, times: left[row, later], from: row)
      }
      for column in 0..<result.columns { result[row, column] /= left[row, row] }
    }
    return result
  }

  private mutating func exchangeRows(_ first: Int, _ second: Int) {
    guard first != second else { return }
    for column in 0..<columns {
      numbers.swapAt(first * columns + column, second * columns + column)
    }
  }

  private mutating func subtractRow(_ source: Int, times factor: Double, from target: Int) {
    let (sourceStart, targetStart) = (source * columns, target * columns)
    for column in 0..<columns {
      numbers[targetStart + column] -= factor * numbers[sourceStart + column]
    }
  }
}
