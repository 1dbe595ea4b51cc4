// SPDX-License-Identifier: MIT
public import Foundation
public import TimeSeries

/// Everything that is expected to come to a home from outside the plan, on one grid, of one issue.
public struct HomeForecast: Sendable, Hashable, Codable {
  /// When it was made.
  public let issuedAt: Date
  /// The steps of every part.
  public let grid: TimeGrid
  /// PV production that could be used, alternating current.
  public let pvPower: QuantileForecast<Watts>
  /// Courses of production that go together, where a trained model or a weather
  /// ensemble knows them; else empty.
  public let pvCourses: [PVCourse]?
  /// Consumption without heaters, cars and appliances that are planned.
  public let baseLoadPower: QuantileForecast<Watts>
  /// Air temperature outdoors.
  public let outdoorTemperature: Series<Celsius>
  /// Irradiance that warms the rooms, horizontal.
  public let irradiance: Series<WattsPerSquareMetre>
  /// Day-ahead price, published or expected.
  public let spotPrice: QuantileForecast<PricePerKilowattHour>
  /// The end of the last step whose price is published; `nil` when none is.
  public let pricesPublishedUntil: Date?
  /// What importing costs, all layers and tax.
  public let importPrice: [PricePerKilowattHour]
  /// What exporting earns.
  public let exportPrice: [PricePerKilowattHour]
  /// When each car is plugged in and what it will need.
  public let vehicleSessions: [VehicleSession]
  /// What each appliance whose demand was seen is expected to take, window by window.
  public let applianceNeeds: [String: [ApplianceNeed]]?
  /// What was missing and what stands in its place.
  public let diagnostics: [Diagnostic]
}

/// A time a car is expected at its charge point.
public struct VehicleSession: Sendable, Hashable, Codable {
  /// The car.
  public let vehicle: String
  /// The steps of the forecast's grid in which it can charge.
  public let steps: Range<Int>
  /// Stored energy at the start.
  public let energyAtStart: KilowattHours
  /// Stored energy wished at the end; less than the car's own target when the session goes on
  /// after the horizon.
  public let energyWanted: KilowattHours
}
