// SPDX-License-Identifier: MIT

/// Where pems keeps what it has measured, and where older readings come from.
public struct HistorySettings: Sendable, Hashable {
  /// The file of the store, absolute or relative to the working directory of the program.
  public let storePath: String
  /// An InfluxDB that holds older readings; `nil` when there is none.
  public let influx: InfluxSettings?
  /// The file with the room models that `pems identify` wrote; `nil` while the configuration counts.
  public let roomModelsPath: String?

  /// Settings of the store.
  public init(storePath: String, influx: InfluxSettings? = nil, roomModelsPath: String? = nil) {
    self.storePath = storePath
    self.influx = influx
    self.roomModelsPath = roomModelsPath
  }
}
