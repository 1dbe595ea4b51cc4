// SPDX-License-Identifier: MIT
import Testing

@testable import Planning

@Suite("Places of grid points")
struct GridPlacesTests {
  /// Slow rooms go in blocks of four; a room that loses half of its heat in a step goes point by point.
  @Test("are read as straight lines between neighbours", arguments: [0.99, 0.9, 0.7, 0.5, 0.1])
  func lines(retention: Double) {
    let count = 40
    let places = (0..<count).map { retention * Double($0) + 0.3 }
    // 0, 1, 4, 9, …; a place between n and n + 1 has n² + (place − n)(2n + 1).
    let squares = (-2..<count + 4).map { Float($0 * $0) }
    var into = [Float](repeating: .nan, count: count)
    squares.withUnsafeBufferPointer { values in
      into.withUnsafeMutableBufferPointer { into in
        guard let values = values.baseAddress, let target = into.baseAddress else { return }
        RoomKernel.interpolate(values + 2, at: GridPlaces(places), add: 5, into: target)
      }
    }
    for (place, value) in zip(places, into) {
      let whole = place.rounded(.down)
      let expected = 5 + whole * whole + (place - whole) * (2 * whole + 1)
      #expect(abs(Double(value) - expected) < 1e-3)
    }
    #expect(GridPlaces(places).hasBlocks == (retention >= 2.0 / 3))
  }
}
