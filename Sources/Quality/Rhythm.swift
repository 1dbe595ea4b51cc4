// SPDX-License-Identifier: MIT
import Foundation
import TimeSeries

/// How often a stream speaks: at a steady rhythm, or when something changes.
struct Rhythm {
  /// A stream that speaks on change may be silent for so long before that counts as a gap.
  private static let longestSilence = 6 * 3_600.0

  /// The usual distance of two readings in seconds.
  let seconds: Double?
  /// Whether most readings keep it.
  let isSteady: Bool

  init(_ samples: [Sample]) {
    guard samples.count >= 3 else {
      (seconds, isSteady) = (nil, false)
      return
    }
    var counts: [Int: Int] = [:]
    for (before, after) in zip(samples, samples.dropFirst()) {
      counts[Int(after.time.timeIntervalSince(before.time).rounded()), default: 0] += 1
    }
    let most = counts.max { ($0.value, -$0.key) < ($1.value, -$1.key) }
    let usual = Double(max(1, most?.key ?? 1))
    seconds = usual
    let near = counts.filter { abs(Double($0.key) - usual) <= usual / 4 }.values.reduce(0, +)
    isSteady = Double(near) >= 0.6 * Double(samples.count - 1)
  }

  /// The longest silence that is no gap.
  var allowedSilence: Double {
    guard let seconds else { return Self.longestSilence }
    return isSteady ? seconds * 1.5 : max(Self.longestSilence, seconds * 10)
  }

  func gaps(in samples: [Sample], expected: Range<Date>?) -> [Finding] {
    guard let seconds, let first = samples.first, let last = samples.last else { return [] }
    var found: [Finding] = []
    func add(_ from: Date, _ to: Date) {
      let length = to.timeIntervalSince(from)
      guard length > allowedSilence else { return }
      let missing = max(1, Int((length / seconds).rounded()) - 1)
      found.append(
        Finding(
          .gap, in: from...to, count: missing,
          message: "nothing for \(Int(length / 60)) min, about \(missing) readings"))
    }
    if let expected, expected.lowerBound < first.time { add(expected.lowerBound, first.time) }
    for (before, after) in zip(samples, samples.dropFirst()) { add(before.time, after.time) }
    if let expected, expected.upperBound > last.time { add(last.time, expected.upperBound) }
    return found
  }

  /// The share of time that is covered.
  func completeness(of samples: [Sample], missing gaps: [Finding]) -> Fraction {
    guard let first = samples.first, let last = samples.last, let seconds else {
      return samples.isEmpty ? .zero : Fraction(1)
    }
    let lost = gaps.reduce(0) {
      $0 + $1.span.upperBound.timeIntervalSince($1.span.lowerBound) - seconds
    }
    let outside = gaps.filter {
      $0.span.upperBound <= first.time || $0.span.lowerBound >= last.time
    }.reduce(0) { $0 + $1.span.upperBound.timeIntervalSince($1.span.lowerBound) }
    let whole = last.time.timeIntervalSince(first.time) + seconds + outside
    return Fraction(max(0, min(1, 1 - lost / whole)))
  }
}
