// SPDX-License-Identifier: MIT
public import Physics

/// What a restart must not lose of the rooms: what was believed of them, walls and warm floors
/// included, and how their forecasts came out.
public struct RoomMemory: Sendable, Hashable, Codable {
  private let state: HomeState
  private let outlook: RoomOutlookRecord

  /// The rooms as a decision left them; `nil` before the first.
  public init?(_ memory: ControlCycle.Memory) {
    guard let state = memory.state else { return nil }
    self.state = state
    outlook = memory.roomOutlook
  }

  /// The temperatures of all nodes that were believed.
  public var belief: HouseBelief { state.belief }

  /// Puts the rooms where the first decision looks for them.
  public func restore(_ memory: inout ControlCycle.Memory) {
    memory.state = state
    memory.roomOutlook = outlook
  }
}
