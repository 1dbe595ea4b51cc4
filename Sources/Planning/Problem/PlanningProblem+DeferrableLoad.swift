// SPDX-License-Identifier: MIT

extension PlanningProblem {
  /// An appliance that needs a number of steps within a window.
  public struct DeferrableLoad: Sendable, Equatable {
    /// Its name in plans and explanations.
    public var name: String
    /// Power while it runs, kW, ≥ 0.
    public var powerKilowatts: Double
    /// How many steps it still has to run.
    public var steps: Int
    /// First step in which it may run.
    public var windowStart: Int
    /// First step in which it may not run any more.
    public var windowEnd: Int
    /// Whether it may pause.
    public var isInterruptible: Bool
    /// Whether it runs already; one that may not pause then goes on at step 0.
    public var isRunning = false
    /// Cost of each step that it does not get.
    public var missedStepPenalty = 100.0

    /// An appliance with its run and its window.
    public init(
      name: String, powerKilowatts: Double, steps: Int, windowStart: Int, windowEnd: Int,
      isInterruptible: Bool
    ) {
      self.name = name
      self.powerKilowatts = powerKilowatts
      self.steps = steps
      self.windowStart = windowStart
      self.windowEnd = windowEnd
      self.isInterruptible = isInterruptible
    }
  }
}
