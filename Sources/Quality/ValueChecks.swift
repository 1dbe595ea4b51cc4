// SPDX-License-Identifier: MIT
import Foundation
import TimeSeries

/// What the values of a stream in order say about it.
struct ValueChecks {
  /// Days before and after that tell what level is usual.
  private static let nearDays = 7

  let samples: [Sample]
  let profile: StreamProfile
  let rhythm: Rhythm

  var findings: [Finding] {
    var found = impossible + stuck + spikes + catchUps + mixedUnits
    if let limit = profile.largestAboveUsual {
      found += UsualDay(samples: samples).above(limit, except: spoilt(found))
    }
    return found
  }

  private func spoilt(_ findings: [Finding]) -> Set<Date> {
    Set(findings.filter { $0.count == 1 }.map(\.span.lowerBound))
  }

  /// Runs of readings outside what can be true.
  private var impossible: [Finding] {
    runs { !profile.possible.contains($0.value) }.map { run in
      let worst = run.max { abs($0.value) < abs($1.value) }?.value ?? 0
      return finding(
        .impossible, run,
        "\(worst) is outside \(profile.possible.lowerBound) … \(profile.possible.upperBound)")
    }
  }

  /// Runs of one value that last too long, except those at rest.
  private var stuck: [Finding] {
    guard let limit = profile.longestStillSeconds else { return [] }
    var found: [Finding] = []
    var start = 0
    for index in samples.indices {
      let isLast = index == samples.count - 1
      if !isLast, samples[index + 1].value == samples[start].value,
        samples[index + 1].time.timeIntervalSince(samples[index].time) <= rhythm.allowedSilence
      {
        continue
      }
      let run = samples[start...index]
      let length = samples[index].time.timeIntervalSince(samples[start].time)
      if run.count >= 6, length >= limit, !profile.restingValues.contains(samples[start].value) {
        found.append(finding(.stuck, run, "\(samples[start].value) for \(Int(length / 3_600)) h"))
      }
      start = index + 1
    }
    return found
  }

  /// Single readings, or two, that leave their neighbours and come back.
  private var spikes: [Finding] {
    guard let limit = profile.largestSpike, samples.count >= 5 else { return [] }
    return (2..<samples.count - 2).compactMap { index in
      let around = [index - 2, index - 1, index + 1, index + 2]
      let near = around.filter {
        abs(samples[$0].time.timeIntervalSince(samples[index].time)) <= rhythm.allowedSilence * 3
      }.map { samples[$0].value }.sorted()
      guard near.count >= 3, profile.possible.contains(samples[index].value) else { return nil }
      let middle = near[near.count / 2]
      guard abs(samples[index].value - middle) > limit,
        abs(samples[index].value - near[near.count / 2 - 1]) > limit
      else { return nil }
      return finding(
        .outlier, samples[index...index], "\(samples[index].value) between values near \(middle)")
    }
  }

  /// A reading beside a silence, or beside a value that stood still, that carries far more than any
  /// other; without either it is an outlier.
  private var catchUps: [Finding] {
    guard profile.isPower, samples.count >= 100 else { return [] }
    let sizes = samples.map { abs($0.value) }.sorted()
    let usual = sizes[Int(Double(sizes.count - 1) * 0.999)]
    guard usual > 0 else { return [] }
    return samples.indices.compactMap { index in
      let size = abs(samples[index].value)
      guard size > 1.3 * usual, profile.possible.contains(samples[index].value) else { return nil }
      let silence = silence(before: index)
      guard silence > rhythm.allowedSilence || size > 3 * usual else { return nil }
      let hasStopped =
        silence > rhythm.allowedSilence || self.silence(before: index + 1) > rhythm.allowedSilence
        || stoodStill(before: index)
      return finding(
        hasStopped ? .catchUp : .outlier, samples[index...index],
        "\(samples[index].value) where at most \(usual) is usual")
    }
  }

  /// The seconds between a reading and the one before it; 0 at both ends.
  private func silence(before index: Int) -> TimeInterval {
    guard index > 0, index < samples.count else { return 0 }
    return samples[index].time.timeIntervalSince(samples[index - 1].time)
  }

  private func stoodStill(before index: Int) -> Bool {
    index >= 4 && samples[index - 4..<index].allSatisfy { $0.value == samples[index - 1].value }
  }

  /// Days whose level is a thousandth or a thousand times that of the others.
  private var mixedUnits: [Finding] {
    guard profile.isPower else { return [] }
    let days = Dictionary(grouping: samples.indices) {
      Int((samples[$0].time.timeIntervalSince1970 / 86_400).rounded(.down))
    }
    let levels = days.mapValues { indices -> Double in
      let sizes = indices.map { abs(samples[$0].value) }.sorted()
      return sizes[Int(Double(sizes.count - 1) * 0.9)]
    }.filter { $0.value > 0 }
    let highest = levels.values.max() ?? 0
    // Between 500 and 2000 times off the week before and after: weather and habits change days,
    // but not like that.
    let wrong = levels.filter { day, level in
      let near = (-Self.nearDays...Self.nearDays).compactMap { $0 == 0 ? nil : levels[day + $0] }
        .sorted()
      guard near.count >= Self.nearDays else { return false }
      let middle = near[near.count / 2]
      guard level > middle || !profile.mayRestForDays else { return false }
      let ratio = max(level / middle, middle / level)
      return (500...2_000).contains(ratio) && max(level, middle) > 100
    }
    return wrong.keys.sorted().compactMap { day in
      guard let indices = days[day], let first = indices.min(), let last = indices.max() else {
        return nil
      }
      return finding(
        .unitMixUp, samples[first...last],
        "a level of \(levels[day] ?? 0), unlike the days around: W and kW mixed up?")
    } + wholeStreamInKilowatts(level: highest)
  }

  /// A stream of watts that never reaches what a kettle draws, although it moves.
  private func wholeStreamInKilowatts(level: Double) -> [Finding] {
    guard profile.possible.upperBound >= 1_000, samples.count >= 100, (0.2..<60).contains(level),
      samples.contains(where: { $0.value != $0.value.rounded() })
    else { return [] }
    return [finding(.unitMixUp, samples[...], "never above \(level): kW declared as W?")]
  }

  private func runs(where isBad: (Sample) -> Bool) -> [ArraySlice<Sample>] {
    var found: [ArraySlice<Sample>] = []
    var start: Int?
    for index in samples.indices {
      if isBad(samples[index]) {
        start = start ?? index
      } else if let first = start {
        found.append(samples[first..<index])
        start = nil
      }
    }
    if let first = start { found.append(samples[first...]) }
    return found
  }

  private func finding(
    _ kind: Finding.Kind, _ run: ArraySlice<Sample>, _ message: String
  ) -> Finding {
    let first = run.first?.time ?? .distantPast
    return Finding(
      kind, in: first...(run.last?.time ?? first), count: run.count, message: message)
  }
}
