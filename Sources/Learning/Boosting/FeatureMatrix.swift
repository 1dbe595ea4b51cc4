// SPDX-License-Identifier: MIT

/// Rows of named features, stored row after row in single precision as both libraries want them.
///
/// A missing value is `nil` at the door and NaN inside, which the trees send to the side they
/// learned for it.
public struct FeatureMatrix: Sendable, Hashable {
  /// The columns, in order.
  public let names: [String]
  /// The number of rows.
  public private(set) var rowCount: Int
  private(set) var values: [Float]

  /// A matrix without rows.
  ///
  /// - Precondition: at least one column, no name twice.
  public init(names: [String]) {
    precondition(!names.isEmpty && Set(names).count == names.count, "features have unique names")
    self.names = names
    rowCount = 0
    values = []
  }

  /// Adds a row; one value a column.
  ///
  /// - Precondition: `row.count == names.count`.
  public mutating func append(_ row: [Double?]) {
    precondition(row.count == names.count, "a row has one value a column")
    for value in row {
      values.append(value.map(Float.init) ?? .nan)
    }
    rowCount += 1
  }

  /// Adds one row of another matrix with the same columns.
  public mutating func append(row: Int, of other: FeatureMatrix) {
    precondition(names.count == other.names.count, "both matrices have the same columns")
    values.append(contentsOf: other.values[row * names.count..<(row + 1) * names.count])
    rowCount += 1
  }

  /// The value of one cell; `nil` where it is missing.
  public subscript(row: Int, column: Int) -> Double? {
    let value = values[row * names.count + column]
    return value.isNaN ? nil : Double(value)
  }

  /// The rows at the given places, in their order.
  public func rows(_ selection: [Int]) -> FeatureMatrix {
    var part = FeatureMatrix(names: names)
    part.values.reserveCapacity(selection.count * names.count)
    for row in selection {
      part.values.append(contentsOf: values[row * names.count..<(row + 1) * names.count])
    }
    part.rowCount = selection.count
    return part
  }

  /// The same rows with the columns that a model wants, in its order.
  ///
  /// - Throws: `missingFeatures` with the names that are not among the columns.
  public func arranged(as wanted: [String]) throws(LearningError) -> FeatureMatrix {
    if wanted == names { return self }
    let places = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    let missing = wanted.filter { places[$0] == nil }
    guard missing.isEmpty else { throw .missingFeatures(missing) }
    let order = wanted.compactMap { places[$0] }
    var arranged = FeatureMatrix(names: wanted)
    arranged.values.reserveCapacity(rowCount * wanted.count)
    for row in 0..<rowCount {
      let first = row * names.count
      for column in order { arranged.values.append(values[first + column]) }
    }
    arranged.rowCount = rowCount
    return arranged
  }
}

/// Rows to learn from: features, the value to be learned, and how much each row counts.
public struct TrainingExamples: Sendable, Hashable {
  /// The features.
  public var features: FeatureMatrix
  /// The value to be learned, one a row, finite.
  public var targets: [Double]
  /// How much a row counts, one a row, at least 0.
  public var weights: [Double]

  /// Examples of equal weight, or with a weight each.
  ///
  /// - Precondition: one target and one weight a row.
  public init(features: FeatureMatrix, targets: [Double], weights: [Double]? = nil) {
    precondition(
      features.rowCount == targets.count && (weights?.count ?? targets.count) == targets.count,
      "an example has features, a target and a weight")
    self.features = features
    self.targets = targets
    self.weights = weights ?? Array(repeating: 1, count: targets.count)
  }

  /// The number of rows.
  public var count: Int { targets.count }

  /// Adds one row of a matrix with the same columns.
  public mutating func append(
    row: Int, of matrix: FeatureMatrix, target: Double, weight: Double = 1
  ) {
    features.append(row: row, of: matrix)
    targets.append(target)
    weights.append(weight)
  }

  /// The rows at the given places.
  public func rows(_ selection: [Int]) -> TrainingExamples {
    TrainingExamples(
      features: features.rows(selection), targets: selection.map { targets[$0] },
      weights: selection.map { weights[$0] })
  }
}
