// SPDX-License-Identifier: MIT
import MILP

/// Bounds of dispatch columns, by column, that stand for whole decisions.
typealias DispatchPattern = [Int: ClosedRange<Double>]

extension DispatchPattern {
  /// The bounds that a model with another pattern must take over, by ascending column.
  func changes(
    since applied: DispatchPattern, in linear: LinearModel
  ) -> [(column: Int, bounds: ClosedRange<Double>)] {
    let freed = applied.keys.filter { self[$0] == nil }.map { column in
      (column: column, bounds: linear.columnLower[column]...linear.columnUpper[column])
    }
    let others = filter { applied[$0.key] != $0.value }.map { (column: $0.key, bounds: $0.value) }
    return (freed + others).sorted { $0.column < $1.column }
  }
}
