// SPDX-License-Identifier: MIT
public import Foundation

/// An instant from ISO 8601 text such as `2026-03-29T01:00:00Z`; for tests, where a mistake may trap.
public func instant(_ text: String) -> Date {
  guard let date = try? Date(text, strategy: .iso8601) else {
    preconditionFailure("'\(text)' is not an ISO 8601 instant")
  }
  return date
}
