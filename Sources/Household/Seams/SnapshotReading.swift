// SPDX-License-Identifier: MIT
public import Foundation

/// Somebody who can take a picture of all readings at once: the devices, or the simulated home.
public protocol SnapshotReading {
  /// The newest readings; what cannot be read is absent, never invented.
  func snapshot(at time: Date) -> Snapshot
}
