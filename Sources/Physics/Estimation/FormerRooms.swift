// SPDX-License-Identifier: MIT

/// What described the rooms before the models in use did.
public struct FormerRooms: Sendable, Hashable, Codable {
  /// The models; `nil` where the configuration counted.
  public let models: RoomModels?

  /// What was in use.
  public init(models: RoomModels?) { self.models = models }
}
