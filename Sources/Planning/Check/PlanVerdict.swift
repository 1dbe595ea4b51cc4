// SPDX-License-Identifier: MIT

/// What an independent check of a plan found.
public struct PlanVerdict: Sendable, Equatable {
  /// A limit that the plan breaks.
  public struct Violation: Sendable, Equatable, CustomStringConvertible {
    /// Which limit.
    public enum Limit: String, Sendable {
      /// Arrays of the plan do not fit the problem, or values are not numbers.
      case shape
      /// A relay switched before its minimum time was over.
      case minimumTime = "minimum on/off time"
      /// A relay differs from the state it is fixed to.
      case fixedRelay = "fixed relay"
      /// A battery's power is outside its range.
      case batteryPower = "battery power"
      /// A battery or vehicle charges and discharges at once.
      case simultaneous = "charging while discharging"
      /// A battery's energy is outside its band.
      case batteryEnergy = "battery energy"
      /// A battery charges from the grid or discharges into it where it may not.
      case batteryGrid = "battery and grid"
      /// A charge point's power is outside its range.
      case chargerPower = "charging power"
      /// A vehicle's energy is outside its range.
      case vehicleEnergy = "vehicle energy"
      /// PV power is above what is available, or negative.
      case pvPower = "PV power"
      /// The main fuse.
      case importLimit = "import limit"
      /// The fuse of a phase.
      case phaseLimit = "phase limit"
      /// The limit of all heaters together.
      case heatingLimit = "heating limit"
      /// The export limit.
      case exportLimit = "export limit"
      /// A deferrable load runs outside its window, too long or in pieces.
      case deferrableRun = "deferrable run"
    }

    /// Which limit.
    public let limit: Limit
    /// Whose limit.
    public let device: String
    /// The step with the largest violation; `nil` when it is not about a step.
    public let step: Int?
    /// How far the plan is outside, in the limit's unit.
    public let amount: Double

    /// `import limit of grid exceeded by 1.2 at step 7`.
    public var description: String {
      let place = step.map { " at step \($0)" } ?? ""
      return "\(limit.rawValue) of \(device) off by \(amount)\(place)"
    }
  }

  /// Every limit that is broken.
  public let violations: [Violation]
  /// The objective, recomputed from the decisions alone; `nil` when the shapes are off.
  public let objective: Double?
  /// The parts of the objective by their names in the plan format.
  public let parts: [String: Double]

  /// Whether every limit holds.
  public var isFeasible: Bool { violations.isEmpty }
}
