// SPDX-License-Identifier: MIT
import Control
import Foundation
import Household

/// A change of the overrides.
enum OverrideChange: Sendable, CustomStringConvertible {
  case set(Override)
  case clear(CommandTarget)
  /// The whole house at once.
  case every([OverrideChange])

  func apply(to overrides: inout Overrides, at time: Date) {
    switch self {
    case .set(let override): overrides.set(override)
    case .clear(let target): overrides.clear(target)
    case .every(let changes): for change in changes { change.apply(to: &overrides, at: time) }
    }
  }

  var description: String {
    switch self {
    case .set(let override):
      switch override.wish {
      case .action(let action):
        "\(action.target) \(action) until \(override.until.formatted(.iso8601))"
      case .handsOff(let target):
        "hands off \(target) until \(override.until.formatted(.iso8601))"
      }
    case .clear(let target): "\(target) back to the plan"
    case .every(let changes): changes.map(\.description).joined(separator: ", ")
    }
  }
}
