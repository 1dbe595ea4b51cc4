// SPDX-License-Identifier: MIT

/// The models that a home has learned; what is absent is forecast from physics and climatology.
public struct TrainedModels: Sendable {
  /// Of production.
  public var pv: PVForecaster?
  /// Of base load.
  public var load: LoadForecaster?

  /// Models, or none.
  public init(pv: PVForecaster? = nil, load: LoadForecaster? = nil) {
    self.pv = pv
    self.load = load
  }
}
