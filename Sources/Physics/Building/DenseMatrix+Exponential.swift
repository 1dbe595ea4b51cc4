// SPDX-License-Identifier: MIT

extension DenseMatrix {
  /// The exponential of a square matrix: the [13/13] Padé approximant with scaling and squaring.
  ///
  /// Source: N. Higham, The scaling and squaring method for the matrix exponential revisited,
  /// SIAM J. Matrix Anal. Appl. 26 (2005) 1179, doi:10.1137/04061101X, algorithm 2.3.
  /// - Returns: `nil` when an entry is not finite.
  var exponential: DenseMatrix? {
    precondition(rows == columns, "only a square matrix has an exponential")
    let norm = oneNorm
    guard norm.isFinite else { return nil }
    var squarings = 0
    var scaled = norm
    while scaled > Self.largestUnscaledNorm {
      scaled /= 2
      squarings += 1
    }
    let matrix = self * (scaled == 0 ? 1 : scaled / norm)
    guard var result = matrix.padeApproximant else { return nil }
    for _ in 0..<squarings { result = result * result }
    return result
  }

  /// Below this norm the [13/13] approximant has an error under the unit round-off (table 2.3).
  private static let largestUnscaledNorm = 5.371920351148152

  /// Coefficients of the [13/13] approximant, lowest power first.
  private static let coefficients: [Double] = [
    64_764_752_532_480_000, 32_382_376_266_240_000, 7_771_770_303_897_600, 1_187_353_796_428_800,
    129_060_195_264_000, 10_559_470_521_600, 670_442_572_800, 33_522_128_640, 1_323_241_920,
    40_840_800, 960_960, 16_380, 182, 1,
  ]

  private var padeApproximant: DenseMatrix? {
    let factor = Self.coefficients
    let unit = DenseMatrix.identity(rows)
    let square = self * self
    let fourth = square * square
    let sixth = square * fourth
    func combination(_ offset: Int) -> DenseMatrix {
      let high =
        sixth * factor[12 + offset] + fourth * factor[10 + offset]
        + square * factor[8 + offset]
      return sixth * high + sixth * factor[6 + offset] + fourth * factor[4 + offset]
        + square * factor[2 + offset] + unit * factor[offset]
    }
    let odd = self * combination(1)
    let even = combination(0)
    return (even - odd).solving(even + odd)
  }
}
