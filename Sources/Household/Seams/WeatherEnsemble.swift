// SPDX-License-Identifier: MIT
public import Foundation
public import TimeSeries

/// One weather forecast many times over: a model that was started from slightly different states of
/// the air. How its members differ says how sure the weather is.
public struct WeatherEnsemble: Sendable, Hashable, Codable {
  /// One of the runs, the mean over each step of the ensemble's grid; missing where it has no value.
  public struct Member: Sendable, Hashable, Codable {
    /// Global horizontal irradiance, W/m².
    public let irradiance: [Double?]
    /// Air temperature at two metres, °C.
    public let temperature: [Double?]

    /// A run.
    public init(irradiance: [Double?], temperature: [Double?]) {
      self.irradiance = irradiance
      self.temperature = temperature
    }
  }

  /// With fewer members there is less than one in a tenth: they say nothing of poor and rich days.
  public static let fewestMembers = 10

  /// Which service and model.
  public let source: String
  /// When it was fetched.
  public let issuedAt: Date
  /// The steps of all members.
  public let grid: TimeGrid
  /// The runs, in the order of the service.
  public let members: [Member]

  /// An ensemble.
  ///
  /// - Precondition: each member has a value for each step.
  public init(source: String, issuedAt: Date, grid: TimeGrid, members: [Member]) {
    precondition(members.allSatisfy { $0.fits(grid) }, "each member has a value for each step")
    self.source = source
    self.issuedAt = issuedAt
    self.grid = grid
    self.members = members
  }

  /// Lines of a log that somebody has changed may have too few values.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    source = try values.decode(String.self, forKey: .source)
    issuedAt = try values.decode(Date.self, forKey: .issuedAt)
    grid = try values.decode(TimeGrid.self, forKey: .grid)
    members = try values.decode([Member].self, forKey: .members)
    let steps = grid
    guard members.allSatisfy({ $0.fits(steps) }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .members, in: values, debugDescription: "a member has not a value for each step")
    }
  }

  /// The steps from an instant on.
  public func from(_ start: Date) -> WeatherEnsemble {
    let steps = start.timeIntervalSince(grid.start) / Double(grid.stepSeconds)
    guard steps > 0 else { return self }
    return sliced(Int(min(steps, Double(grid.count)))..<grid.count)
  }

  /// The steps that a range of time touches, of the members that know all of them; `nil` when they
  /// are fewer than `fewestMembers`.
  public func complete(over range: Range<Date>) -> WeatherEnsemble? {
    guard grid.start <= range.lowerBound, range.upperBound <= grid.end else { return nil }
    let touched = TimeGrid(covering: range, stepSeconds: grid.stepSeconds)
    guard let first = grid.index(of: touched.start), first + touched.count <= grid.count else {
      return nil
    }
    let part = sliced(first..<first + touched.count)
    let whole = part.members.filter { member in
      !member.irradiance.contains(nil) && !member.temperature.contains(nil)
    }
    guard whole.count >= Self.fewestMembers else { return nil }
    return WeatherEnsemble(source: source, issuedAt: issuedAt, grid: part.grid, members: whole)
  }

  private func sliced(_ steps: Range<Int>) -> WeatherEnsemble {
    WeatherEnsemble(
      source: source, issuedAt: issuedAt,
      grid: TimeGrid(
        start: grid.date(at: steps.lowerBound), stepSeconds: grid.stepSeconds, count: steps.count),
      members: members.map { member in
        Member(
          irradiance: Array(member.irradiance[steps]),
          temperature: Array(member.temperature[steps]))
      })
  }
}

extension WeatherEnsemble.Member {
  fileprivate func fits(_ grid: TimeGrid) -> Bool {
    irradiance.count == grid.count && temperature.count == grid.count
  }
}
