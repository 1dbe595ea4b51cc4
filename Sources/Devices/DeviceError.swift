// SPDX-License-Identifier: MIT

/// Why a device could not be asked or told something.
public enum DeviceError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The configuration names a driver that does not exist or lacks something it needs.
  case configuration(device: String, String)
  /// There is no connection to the device or its broker now.
  case notConnected(device: String)
  /// The device did not answer or did not do it in time.
  case timeout(device: String, waitedFor: String)
  /// The device answered that it will not.
  case refused(device: String, String)
  /// The device says it did, and shows something else.
  case mismatch(device: String, wanted: String, shown: String)
  /// The answer cannot be understood.
  case unreadable(device: String, String)
  /// The device has taken as many settings as its memory shall bear today.
  case writeBudget(device: String, writes: Int)

  /// Whether trying again can help.
  public var isTransient: Bool {
    switch self {
    case .configuration, .writeBudget: false
    default: true
    }
  }

  /// What happened and what to do.
  public var description: String {
    switch self {
    case .configuration(let device, let problem): "\(device): \(problem)"
    case .notConnected(let device): "\(device) is not connected; is it on and on the network?"
    case .timeout(let device, let awaited): "\(device) did not answer: waited for \(awaited)"
    case .refused(let device, let message): "\(device) refused: \(message)"
    case .mismatch(let device, let wanted, let shown):
      "\(device) shows \(shown) instead of \(wanted); is somebody else controlling it?"
    case .unreadable(let device, let text): "\(device) answered something strange: \(text)"
    case .writeBudget(let device, let writes):
      "\(device) has been written \(writes) times today; its memory is spared until tomorrow"
    }
  }
}
