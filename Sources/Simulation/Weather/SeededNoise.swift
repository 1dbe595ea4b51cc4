// SPDX-License-Identifier: MIT
import Foundation
import TimeSeries

/// Random numbers that are addressed by their position: any span of a sequence can be drawn without
/// what lies before it, and the same seed gives the same sequence for ever.
struct SeededNoise: Sendable, Hashable {
  /// The sequences of one seed, each independent of the others.
  enum Stream: UInt64, Sendable {
    case temperatureSlow = 1, temperatureFast, temperatureHourly, cloudDaily, cloudHourly
    case cloudQuarter, windDaily, windHourly, wetness
    case forecastTemperature, forecastTemperatureIssue, forecastTemperatureBias
    case forecastCloud, forecastCloudIssue, forecastCloudBias, forecastWind
    case priceLevel, priceDaily, priceHourly, priceQuarter
    case baseLoadLevel, baseLoadFlicker, baseLoadAppliances, baseLoadBusyness
    case trips, roomDisturbance, roomWander, roomTrait, meter
  }

  private let key: UInt64

  /// The sequence of a stream; `member` tells apart, for example, rooms.
  init(seed: UInt64, stream: Stream, member: Int = 0) {
    let mixed = Self.mix(seed ^ Self.mix(stream.rawValue))
    key = Self.mix(mixed ^ Self.mix(UInt64(bitPattern: Int64(member)) &+ 0x51_7CC1_B727_220A))
  }

  /// The bits at a position.
  func bits(_ index: Int) -> UInt64 { Self.mix(key ^ Self.mix(UInt64(bitPattern: Int64(index)))) }

  /// A number of the uniform distribution on 0 ..< 1.
  func uniform(_ index: Int) -> Double { Double(bits(index) >> 11) * 0x1p-53 }

  /// A number of the standard normal distribution.
  ///
  /// Source: G. Box, M. Muller, Ann. Math. Statist. 29 (1958) 610, doi:10.1214/aoms/1177706645.
  func normal(_ index: Int) -> Double {
    let bits = bits(index)
    let radius = (-2 * log((Double(bits >> 32) + 0.5) * 0x1p-32)).squareRoot()
    return radius * cos(2 * .pi * Double(bits & 0xFFFF_FFFF) * 0x1p-32)
  }

  /// A first-order autoregressive sequence of unit variance, whose correlation falls to 1/e over
  /// `memory` positions, at the positions `first ..< first + count`.
  ///
  /// It is started `warmUp` memories before `first`, so spans with different starts agree to
  /// e^−8 = 0.03 %. Draw spans from fixed starts (a day's first position) for identical numbers.
  func persistent(from first: Int, count: Int, memory: Double) -> [Double] {
    let keep = exp(-1 / memory)
    let fresh = (1 - keep * keep).squareRoot()
    var value = 0.0
    let start = first - Int((8 * memory).rounded(.up))
    value = normal(start)
    for index in start + 1..<max(first, start + 1) { value = keep * value + fresh * normal(index) }
    return (first..<first + count).map { index in
      value = keep * value + fresh * normal(index)
      return value
    }
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var generator = SplitMix64(seed: value)
    return generator.next()
  }
}

extension SeededNoise {
  /// e to a power.
  static func exponential(_ value: Double) -> Double { exp(value) }

  /// The standard normal distribution function.
  static func normalProbability(below value: Double) -> Double {
    0.5 * erfc(-value / 2.0.squareRoot())
  }

  /// A number that tells texts apart, the same on every machine (FNV-1a).
  static func number(of text: String) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(truncatingIfNeeded: hash >> 8)
  }
}
