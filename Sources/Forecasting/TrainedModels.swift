// SPDX-License-Identifier: MIT

/// The models that a home has learned; what is absent is forecast from physics and climatology.
public struct TrainedModels: Sendable {
  /// Of production.
  public var pv: PVForecaster?
  /// Of base load.
  public var load: LoadForecaster?
  /// Of prices that are not published yet.
  public var price: PriceForecaster?
  /// Of cars.
  public var vehicles: VehicleForecaster?
  /// Of appliances that are run when it suits.
  public var appliances: ApplianceForecaster?

  /// Models, or none.
  public init(
    pv: PVForecaster? = nil, load: LoadForecaster? = nil, price: PriceForecaster? = nil,
    vehicles: VehicleForecaster? = nil, appliances: ApplianceForecaster? = nil
  ) {
    self.pv = pv
    self.load = load
    self.price = price
    self.vehicles = vehicles
    self.appliances = appliances
  }

  /// Whether there is none.
  public var isEmpty: Bool {
    pv == nil && load == nil && price == nil && vehicles == nil && appliances == nil
  }
}
