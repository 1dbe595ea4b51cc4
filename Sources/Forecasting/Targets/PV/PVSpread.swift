// SPDX-License-Identifier: MIT
import Learning

/// How production spreads around unbiased physics: at first as elsewhere, by the height of the expected
/// power, then as this plant and its weather source have shown. Where irradiance is known the own
/// classes are those of the sky: a low sun in a clear sky gives little and is certain all the same.
struct PVSpread: Sendable, Codable {
  /// The classes end at these shares of the capacity.
  static let classEnds = [0.1, 0.35]

  /// Quantiles of production over expectation, weighted by energy.
  ///
  /// Source: Utrecht plant January 2014 to June 2015, reanalysis weather.
  private static let elsewhere: [[Double]] = [
    [0.33, 0.91, 1.93], [0.35, 0.92, 1.78], [0.56, 1.05, 1.32],
  ]
  /// Hours of a class after which the plant's own spread counts as much as the one elsewhere.
  static let priorHours = 40.0
  /// Hours of a class that are remembered.
  static let memory = 400
  /// Ratios beyond this come from hours in which hardly anything was expected.
  static let largestRatio = 5.0

  private struct Hour: Sendable, Codable {
    let ratio: Double
    let expected: Double
  }

  /// By height, and by the sky; `nil` in files of plants without irradiance.
  private var hours: [[Hour]] = [[], [], []]
  private var hoursBySky: [[Hour]]?

  /// The class of an expected share of the capacity.
  static func classOf(_ height: Double) -> Int { classEnds.count { height >= $0 } }

  /// Takes an hour that is over; powers as shares of the capacity.
  ///
  /// - Parameter sky: the class of the sky, where irradiance is known.
  mutating func observe(expected: Double, actual: Double, sky: Int?) {
    guard expected > 0.005 else { return }
    let hour = Hour(ratio: min(Self.largestRatio, actual / expected), expected: expected)
    Self.remember(hour, in: &hours[Self.classOf(expected)])
    guard let sky else { return }
    var bySky = hoursBySky ?? SkyClass.allCases.map { _ in [] }
    Self.remember(hour, in: &bySky[sky])
    hoursBySky = bySky
  }

  private static func remember(_ hour: Hour, in hours: inout [Hour]) {
    hours.append(hour)
    if hours.count > memory { hours.removeFirst() }
  }

  /// The 10, 50 and 90 % quantiles of production over expectation at an expected share.
  func quantiles(at height: Double, sky: Int?) -> [Double] {
    let elsewhere = Self.elsewhere[Self.classOf(height)]
    let own = sky.flatMap { hoursBySky?[$0] } ?? hours[Self.classOf(height)]
    guard own.count >= 10 else { return elsewhere }
    let trust = Double(own.count) / (Double(own.count) + Self.priorHours)
    let quantiles = EmpiricalQuantile.weighted(
      own.map { ($0.ratio, $0.expected) }, [0.1, 0.5, 0.9])
    return zip(quantiles, elsewhere).map { trust * $0 + (1 - trust) * $1 }
  }
}

/// The classes of the sky by irradiance over that of a clear one.
enum SkyClass: Int, CaseIterable {
  case overcast, broken, clear

  /// The usual bounds of the clear-sky index: below the first the sun is never seen, above the second
  /// it always is.
  private static let ends = [0.4, 0.9]

  init?(index: Double) { self.init(rawValue: Self.ends.count { index >= $0 }) }
}

extension PVHistory {
  /// The class of the sky at an hour; `nil` where irradiance or the sun's place is not known.
  func skyClass(_ index: Int) -> Int? {
    guard let irradiance = weather.globalHorizontal?[index], let elevation = sun.elevation else {
      return nil
    }
    let clear = max(20, PVDay.clearSky(elevation[index]))
    return SkyClass(index: irradiance / clear)?.rawValue
  }
}
