// SPDX-License-Identifier: MIT

/// Where pems keeps what it has measured, and where older readings come from.
public struct HistorySettings: Sendable, Hashable {
  /// The file of the store, absolute or relative to the working directory of the program.
  public let storePath: String
  /// An InfluxDB that holds older readings; `nil` when there is none.
  public let influx: InfluxSettings?

  /// Settings of the store.
  public init(storePath: String, influx: InfluxSettings? = nil) {
    self.storePath = storePath
    self.influx = influx
  }
}
