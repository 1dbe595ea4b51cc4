// SPDX-License-Identifier: MIT
import Configuration
import Devices
import Foundation

/// The configuration in a file, with every problem told at once.
func configuration(at path: String) throws(CommandFailure) -> HomeConfiguration {
  do {
    return try HomeConfiguration(
      contentsOf: path, environment: ProcessInfo.processInfo.environment,
      drivers: DeviceHub.blueprints)
  } catch {
    throw .configuration("\(error)")
  }
}

/// Seconds of a clock that never jumps.
let monotonicSeconds: @Sendable () -> Double = {
  Double(DispatchTime.now().uptimeNanoseconds) / 1e9
}
