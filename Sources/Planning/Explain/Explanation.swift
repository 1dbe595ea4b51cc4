// SPDX-License-Identifier: MIT

/// Why a device does what it does in one step of a plan, computed, not narrated.
public struct Explanation: Sendable, Equatable, Codable {
  /// Something else the device could do in the step.
  public struct Alternative: Sendable, Equatable, Codable {
    /// What it would do.
    public let action: String
    /// What the whole plan would cost more, currency, after planning anew; `nil` when it is impossible.
    public let extraCost: Double?
    /// What makes it impossible; `nil` when it is possible.
    public let obstacle: String?

    init(action: String, extraCost: Double?, obstacle: String? = nil) {
      self.action = action
      self.extraCost = obstacle == nil ? extraCost : nil
      self.obstacle = obstacle ?? (extraCost == nil ? "the device's own limits" : nil)
    }
  }

  /// The device's name in the problem.
  public let device: String
  /// The step.
  public let step: Int
  /// What it does.
  public let action: String
  /// The action and its reason in one sentence.
  public let sentence: String
  /// Marginal value of power in the step, currency/kWh.
  public let powerPrice: Double
  /// Value of one more kWh stored in the device at the end of the step; `nil` where it stores none.
  public let storedEnergyPrice: Double?
  /// Limits that bind in the step.
  public let bindingLimits: [String]
  /// What else could be done, and what it would cost.
  public let alternatives: [Alternative]
}
