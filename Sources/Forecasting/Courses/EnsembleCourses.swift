// SPDX-License-Identifier: MIT
import Foundation
import Household
import Physics
import TimeSeries

/// Courses of production that go together as the members of a weather ensemble do, each hour spread as
/// the forecast is.
///
/// An ensemble knows which hours are bright or dark together in this weather, but its width at one
/// place is no measure of the forecast's error. So the forecast's own quantiles are dealt out by the
/// members' ranks. Source: ensemble copula coupling; R. Schefzik, T. L. Thorarinsdottir, T. Gneiting,
/// Statistical Science 28 (2013) 616, doi:10.1214/13-STS443.
struct EnsembleCourses {
  /// The standard normal quantile of 0.9: places are counted in distances from P50 to P90 or P10.
  private static let normalQuantile90 = 1.281_551_565_544_6
  /// Members that differ by less say nothing.
  private static let leastShare = 1e-6

  /// One course of production for each member, watts on the steps of the forecast.
  let pool: [[Double]]
  /// The share of the forecast's variance that the members' own variance makes up, above 0…1.
  let share: Double
  private let forecast: QuantileForecast<Watts>
  private let limit: Double

  /// - Parameters:
  ///   - ensemble: whole members that cover the forecast's grid.
  ///   - forecast: calibrated.
  /// - Returns: `nil` where the members do not differ or are too few, or the forecast is certain.
  init?(_ ensemble: WeatherEnsemble, plant: PVPlant, forecast: QuantileForecast<Watts>) {
    let grid = forecast.grid
    let hours = grid.indices.compactMap { ensemble.grid.index(of: grid.date(at: $0)) }
    let powers = Self.powers(ensemble, plant)
    guard hours.count == grid.count, powers.count >= WeatherEnsemble.fewestMembers else {
      return nil
    }
    let places = Self.places(powers)
    let limit = min(plant.peakPower, plant.ratedPower).rawValue
    pool = places.map { places in
      grid.indices.map { step in
        let (middle, place) = (forecast.p50[step].rawValue, places[hours[step]])
        let edge = (place < 0 ? forecast.p10[step] : forecast.p90[step]).rawValue
        return min(limit, max(0, middle + abs(place) * (edge - middle)))
      }
    }
    let explained = Self.variance(powers.map { power in hours.map { power[$0] } })
    let whole = Self.variance(pool)
    guard whole > 0, explained >= Self.leastShare * whole else { return nil }
    share = min(1, explained / whole)
    self.forecast = forecast
    self.limit = limit
  }

  /// Three courses: those of the members as far as they explain the spread, the others for the rest.
  ///
  /// - Parameter others: a poor, a usual and a rich course that know nothing of this weather.
  func blended(with others: [[Double]]) -> [[Double]] {
    let own = ThreeCourses.reduced(pool, mean: forecast.mean.map(\.rawValue), limit: limit)
    return zip(others, own).map { other, own in
      zip(other, own).map { $0 + share * ($1 - $0) }
    }
  }

  /// What the plant gives in the weather of each member, hour by hour; an hour with implausible weather
  /// counts as dark.
  private static func powers(_ ensemble: WeatherEnsemble, _ plant: PVPlant) -> [[Double]] {
    let track = SunTrack(grid: ensemble.grid, location: plant.location)
    return ensemble.members.map { member in
      let weather = Weather(
        issuedAt: ensemble.issuedAt,
        globalHorizontalIrradiance: Series(
          grid: ensemble.grid, values: member.irradiance.map { $0.map { .init($0) } }),
        temperature: Series(
          grid: ensemble.grid, values: member.temperature.map { $0.map { .init($0) } }))
      let power = plant.power(in: PlantWeather(weather), track: track).total
      return power.values.map { $0?.rawValue ?? 0 }
    }
  }

  /// The place of each member in each hour. Who is equal there is told apart by the whole energy:
  /// then hours go together.
  private static func places(_ powers: [[Double]]) -> [[Double]] {
    let byRank = powers.indices.map { place(ofRank: $0, of: powers.count) }
    let energies = powers.map { $0.reduce(0, +) }
    var places = powers.map { [Double](repeating: 0, count: $0.count) }
    for hour in powers[0].indices {
      let order = powers.indices.sorted {
        (powers[$0][hour], energies[$0], $0) < (powers[$1][hour], energies[$1], $1)
      }
      for (rank, member) in order.enumerated() { places[member][hour] = byRank[rank] }
    }
    return places
  }

  /// The quantile of a normal distribution in whose middle of `count` equal parts a rank lies; −1 is
  /// P10, 1 is P90.
  private static func place(ofRank rank: Int, of count: Int) -> Double {
    let level = (Double(rank) + 0.5) / Double(count)
    var (low, high) = (-8.0, 8.0)
    while high - low > 1e-12 {
      let middle = (low + high) / 2
      if erfc(-middle / 2.0.squareRoot()) / 2 < level { low = middle } else { high = middle }
    }
    return (low + high) / 2 / normalQuantile90
  }

  /// The variance between courses, summed over the steps.
  private static func variance(_ courses: [[Double]]) -> Double {
    let count = Double(courses.count)
    return courses[0].indices.reduce(0) { sum, step in
      let mean = courses.reduce(0) { $0 + $1[step] } / count
      return sum + courses.reduce(0) { $0 + ($1[step] - mean) * ($1[step] - mean) } / count
    }
  }
}

extension HomeForecaster {
  /// The courses of production that scenarios take: those that are known without an ensemble, moved to
  /// what its members say.
  func courses(
    _ known: [PVCourse], of forecast: QuantileForecast<Watts>, _ inputs: ForecastInputs,
    _ diagnostics: inout [Diagnostic]
  ) -> [PVCourse] {
    guard let ensemble = inputs.ensemble, let plant,
      let own = EnsembleCourses(ensemble, plant: plant, forecast: forecast),
      let others = known.isEmpty
        ? forecast.threeCourses : known.map({ $0.power.map(\.rawValue) }),
      others.count == ThreeCourses.shares.count
    else { return known }
    diagnostics.append(
      Diagnostic(
        .note, subject: "pv",
        message: "scenarios follow \(ensemble.members.count) members of \(ensemble.source) for "
          + "\(Int((own.share * 100).rounded())) % of the spread"))
    return zip(ThreeCourses.shares, own.blended(with: others)).map { share, power in
      PVCourse(probability: Fraction(share), power: power.map { Watts($0) })
    }
  }
}
