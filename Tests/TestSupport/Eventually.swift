// SPDX-License-Identifier: MIT

/// Looks again and again until something is so, and leaves its thread to others meanwhile.
///
/// - Parameter patience: generous, because who passes does not wait for its end: beside suites that take
///   every core, and on a slow machine, everything takes longer.
/// - Returns: whether it became so.
public func eventually(
  within patience: Duration = .seconds(300), _ condition: () throws -> Bool
) async rethrows -> Bool {
  let end = ContinuousClock.now + patience
  while ContinuousClock.now < end {
    if try condition() { return true }
    try? await Task.sleep(for: .milliseconds(20))  // a cancelled wait looks once more and ends
    if Task.isCancelled { break }
  }
  return try condition()
}
