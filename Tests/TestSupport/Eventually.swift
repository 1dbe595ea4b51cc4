// SPDX-License-Identifier: MIT

/// Looks again and again until something is so, and leaves its thread to others meanwhile.
///
/// - Parameter patience: generous, because who passes does not wait for its end: on a slow machine
///   everything takes longer. Beside tests that hold every thread the time may be over before there was a
///   chance: a number of looks counts too.
/// - Returns: whether it became so.
public func eventually(
  within patience: Duration = .seconds(300), _ condition: () throws -> Bool
) async rethrows -> Bool {
  let end = ContinuousClock.now + patience
  var looks = Int(patience / .milliseconds(100))
  while looks > 0 || ContinuousClock.now < end {
    if try condition() { return true }
    looks -= 1
    try? await Task.sleep(for: .milliseconds(20))  // a cancelled wait looks once more and ends
    if Task.isCancelled { break }
  }
  return try condition()
}
