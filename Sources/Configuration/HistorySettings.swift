// SPDX-License-Identifier: MIT

/// Where pems keeps what it has measured.
public struct HistorySettings: Sendable, Hashable {
  /// The file of the store, absolute or relative to the working directory of the program.
  public let storePath: String

  /// Settings of the store.
  public init(storePath: String) { self.storePath = storePath }
}
