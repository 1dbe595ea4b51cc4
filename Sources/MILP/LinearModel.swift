// SPDX-License-Identifier: MIT

/// A linear or mixed-integer programme in building: minimise `cost · x` within the columns' and rows' bounds.
///
/// Columns and rows are numbered in the order they are added. A bound that is not there is `±.infinity`.
public struct LinearModel: Sendable, Equatable {
  /// Cost of each column.
  public private(set) var costs: [Double] = []
  /// Lower bound of each column.
  public private(set) var columnLower: [Double] = []
  /// Upper bound of each column.
  public private(set) var columnUpper: [Double] = []
  /// Which columns take whole numbers only.
  public private(set) var isInteger: [Bool] = []
  /// Lower bound of each row.
  public private(set) var rowLower: [Double] = []
  /// Upper bound of each row.
  public private(set) var rowUpper: [Double] = []
  /// A constant part of the objective.
  public var offset = 0.0

  private(set) var rowStarts: [Int32] = []
  private(set) var rowColumns: [Int32] = []
  private(set) var rowValues: [Double] = []

  /// A model without columns and rows.
  public init() {}

  /// How many columns there are.
  public var columnCount: Int { costs.count }

  /// How many rows there are.
  public var rowCount: Int { rowLower.count }

  /// How many columns take whole numbers only.
  public var integerCount: Int { isInteger.count { $0 } }

  /// Adds a column and returns its number.
  public mutating func addColumn(
    cost: Double = 0, lower: Double = 0, upper: Double = .infinity, isInteger: Bool = false
  ) -> Int {
    costs.append(cost)
    columnLower.append(lower)
    columnUpper.append(upper)
    self.isInteger.append(isInteger)
    return costs.count - 1
  }

  /// Adds a row `lower ≤ Σ value·column ≤ upper` and returns its number.
  ///
  /// Terms with the value 0 are left out; a column may come once only.
  @discardableResult
  public mutating func addRow(
    lower: Double = -.infinity, upper: Double = .infinity, _ terms: [(column: Int, value: Double)]
  ) -> Int {
    rowStarts.append(Int32(rowColumns.count))
    for term in terms where term.value != 0 {
      rowColumns.append(Int32(term.column))
      rowValues.append(term.value)
    }
    rowLower.append(lower)
    rowUpper.append(upper)
    return rowLower.count - 1
  }

  /// Sets the bounds of a column.
  public mutating func setBounds(column: Int, lower: Double, upper: Double) {
    columnLower[column] = lower
    columnUpper[column] = upper
  }

  /// Adds to the cost of a column.
  public mutating func addCost(_ cost: Double, column: Int) { costs[column] += cost }

  /// Whether a cost, bound or coefficient is not a number.
  var hasNotANumber: Bool {
    [costs, columnLower, columnUpper, rowLower, rowUpper, rowValues, [offset]]
      .contains { $0.contains { $0.isNaN } }
  }

  /// The same model without whole-number columns.
  public var relaxed: LinearModel {
    var model = self
    model.isInteger = isInteger.map { _ in false }
    return model
  }
}
