// SPDX-License-Identifier: MIT
import Foundation
import TimeSeries

/// How often a stream speaks: at a steady rhythm, or when something changes.
struct Rhythm {
  /// From this factor on a source that speaks more or less often than before has changed its ways.
  private static let changedFactor = 10.0
  private static let changedDays = 3
  /// A steady source loses no more than this share of its readings.
  private static let usualLosses = 0.02

  /// The usual distance of two readings in seconds.
  let seconds: Double?
  /// Whether most readings keep it.
  let isSteady: Bool

  /// A stream that speaks on change may be silent for so long before that counts as a gap.
  private let longestSilence: Double

  init(_ samples: [Sample], longestSilence: Double = 6 * 3_600, maySkip: Bool = false) {
    self.longestSilence = longestSilence
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
    // A source that may have nothing to say and often has not speaks on change.
    let long = counts.filter { Double($0.key) > usual * 1.5 }.values.reduce(0, +)
    let skips = maySkip && Double(long) > Self.usualLosses * Double(samples.count - 1)
    isSteady = Double(near) >= 0.6 * Double(samples.count - 1) && !skips
  }

  /// The longest silence that is no gap.
  var allowedSilence: Double {
    guard let seconds else { return longestSilence }
    return isSteady ? seconds * 1.5 : max(longestSilence, seconds * 10)
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

  /// The day from which on there are many times more or fewer readings a day than before.
  func change(in samples: [Sample]) -> Finding? {
    let counts = Dictionary(grouping: samples) {
      Int(($0.time.timeIntervalSince1970 / 86_400).rounded(.down))
    }.mapValues(\.count)
    let days = counts.keys.sorted()
    var best: (index: Int, before: Int, after: Int)?
    for index in days.indices.dropFirst(Self.changedDays).dropLast(Self.changedDays - 1) {
      func median(_ part: ArraySlice<Int>) -> Int {
        part.compactMap { counts[$0] }.sorted()[part.count / 2]
      }
      let (before, after) = (median(days[..<index].suffix(30)), median(days[index...].prefix(30)))
      let ratio = Double(max(before, after)) / Double(max(1, min(before, after)))
      let today = Double(counts[days[index]] ?? 0)
      let isNew =
        (today / Double(max(1, before)) > Double(after) / max(1, today)) == (after > before)
      if ratio >= Self.changedFactor, isNew {
        best = (index, before, after)
        break
      }
    }
    guard let best else { return nil }
    let time = Date(timeIntervalSince1970: Double(days[best.index]) * 86_400)
    return Finding(
      .rhythmChange, in: time...time.addingTimeInterval(86_400), count: 1,
      message: "\(best.before) readings a day before, \(best.after) from then on")
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
