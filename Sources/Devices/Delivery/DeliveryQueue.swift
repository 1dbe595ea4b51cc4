// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import TimeSeries

/// What is wanted of each target, what it confirmed, and what is to be sent next.
///
/// Pure: times are handed in. Waiting is by a monotonic clock in seconds, so a step of the wall
/// clock neither expires nor repeats anything. A target has one wish, the newest; a wish that is
/// confirmed is sent again only to renew the device's lease.
public struct DeliveryQueue: Sendable {
  /// One thing to carry out now.
  public struct Order: Sendable, Hashable {
    /// What.
    public let command: Command
    /// How long the device shall hold it.
    public let hold: Duration
  }

  /// How a target stands.
  public struct Status: Sendable, Hashable, Codable {
    /// What is wanted; absent once it has expired.
    public internal(set) var wanted: Command?
    /// What the device confirmed last, while it holds.
    public internal(set) var confirmed: Command.Action?
    /// Attempts in a row that failed.
    public internal(set) var failures = 0
    /// The last failure.
    public internal(set) var problem: String?
    /// Whether the last failure was pems' own restraint, as a limit of writes, and not the device's.
    public internal(set) var isWithheld = false
    /// What is measured instead of what the device confirmed; absent while nothing speaks against it.
    public internal(set) var contradiction: String?
    /// Orders sent since the start.
    public internal(set) var sent = 0
    /// Orders confirmed since the start.
    public internal(set) var confirmations = 0
    /// Orders that changed the state of the device, without renewals.
    public internal(set) var changes = 0

    /// Whether people must look: it failed too often in a row, or does not do what it confirmed.
    public var isDegraded: Bool {
      failures >= DeliveryQueue.failuresUntilDegraded || contradiction != nil
    }
  }

  private struct Entry {
    var status = Status()
    /// What was confirmed last, also after the lease was over.
    var last: Command.Action?
    /// Monotonic seconds.
    var wantedUntil = 0.0
    var confirmedUntil = 0.0
    var renewAt = 0.0
    var notBefore = 0.0
    var isInFlight = false
    /// Times in a row that it was lost soon after it was confirmed, and when the last time was.
    var losses = 0
    var lostAt = -Double.greatestFiniteMagnitude
  }

  /// A target that failed as often as this in a row is degraded.
  public static let failuresUntilDegraded = 3
  private static let firstDelay = 0.5
  private static let longestDelay = 30.0
  /// A device that loses what it confirmed is told again at once; one that does so again within this
  /// is told ever more rarely, so that its relay does not chatter. Seconds.
  private static let shortLife = 600.0
  private static let firstDelayAfterLoss = 5.0
  private static let longestDelayAfterLoss = 300.0
  /// For devices that hold an order for ever.
  private static let endless = Double.greatestFiniteMagnitude

  private var entries: [CommandTarget: Entry] = [:]
  private let leases: [CommandTarget: Duration?]

  /// A queue for targets with the lease of their devices.
  public init(leases: [CommandTarget: Duration?]) { self.leases = leases }

  /// All targets that were ever wanted, and how they stand.
  public var status: [CommandTarget: Status] { entries.mapValues(\.status) }

  /// How one target stands; `nil` when it was never wanted.
  public func status(of target: CommandTarget) -> Status? { entries[target]?.status }

  /// Takes wishes. Targets that nobody serves are ignored; wishes that have ended already too.
  ///
  /// - Parameters:
  ///   - wall: now, in which the commands' ends are written.
  ///   - clock: monotonic seconds.
  public mutating func want(_ commands: [Command], wall: Date, clock: Double) {
    for command in commands {
      let target = command.action.target
      guard leases[target] != nil else { continue }
      let rest = command.expiresAt.timeIntervalSince(wall)
      guard rest > 0 else { continue }
      var entry = entries[target, default: Entry()]
      if entry.status.wanted?.action != command.action {
        // A new wish does not wait for the back-off of the old one.
        entry.notBefore = min(entry.notBefore, clock)
        let isLost = entry.status.failures >= Self.failuresUntilDegraded
        entry.status.failures = isLost ? entry.status.failures : 0
      }
      entry.status.wanted = command
      entry.wantedUntil = clock + rest
      entries[target] = entry
    }
  }

  /// Wants nothing more of targets: their devices fall back when their leases end.
  public mutating func release(_ targets: some Sequence<CommandTarget>) {
    for target in targets {
      entries[target]?.status.wanted = nil
      entries[target]?.status.confirmed = nil
    }
  }

  /// Whether every wish is confirmed, none is due for renewal, and nothing is in flight.
  public func isSettled(clock: Double) -> Bool {
    entries.values.allSatisfy { entry in
      guard !entry.isInFlight else { return false }
      guard let wanted = entry.status.wanted, clock < entry.wantedUntil else { return true }
      return entry.status.confirmed == wanted.action && clock < entry.renewAt
    }
  }

  /// What to carry out now; each is in flight until ``confirm(_:clock:)`` or ``fail(_:because:clock:)``.
  public mutating func takeDue(clock: Double) -> [Order] {
    var orders: [Order] = []
    for (target, var entry) in entries {
      if clock >= entry.wantedUntil { entry.status.wanted = nil }
      if clock >= entry.confirmedUntil { entry.status.confirmed = nil }
      if let wanted = entry.status.wanted, !entry.isInFlight, clock >= entry.notBefore,
        entry.status.confirmed != wanted.action || clock >= entry.renewAt
      {
        entry.isInFlight = true
        entry.status.sent += 1
        let lease = leases[target] ?? nil
        orders.append(
          Order(command: wanted, hold: lease ?? .seconds(entry.wantedUntil - clock)))
      }
      entries[target] = entry
    }
    return orders.sorted { $0.command.action.target < $1.command.action.target }
  }

  /// The device showed that it does what was ordered.
  public mutating func confirm(_ order: Order, clock: Double) {
    let target = order.command.action.target
    guard var entry = entries[target] else { return }
    if entry.last != order.command.action { entry.status.changes += 1 }
    entry.last = order.command.action
    entry.isInFlight = false
    entry.notBefore = clock
    entry.status.confirmed = order.command.action
    entry.status.confirmations += 1
    entry.status.failures = 0
    entry.status.problem = nil
    entry.status.isWithheld = false
    if let lease = (leases[target] ?? nil)?.seconds {
      entry.confirmedUntil = clock + lease
      // Half of the lease is left for a broker or a stick that is away for a moment.
      entry.renewAt = clock + lease / 2
    } else {
      entry.confirmedUntil = Self.endless
      entry.renewAt = Self.endless
    }
    entries[target] = entry
  }

  /// The device did not do it: it is tried again after a while that doubles.
  ///
  /// - Parameter isWithheld: whether it is pems' own restraint and not the device's failure.
  /// - Returns: whether the target has become degraded by this.
  public mutating func fail(
    _ order: Order, because problem: String, isWithheld: Bool = false, clock: Double
  ) -> Bool {
    let target = order.command.action.target
    guard var entry = entries[target] else { return false }
    entry.isInFlight = false
    entry.status.failures += 1
    entry.status.problem = problem
    entry.status.isWithheld = isWithheld
    let delay = min(
      Self.longestDelay, Self.firstDelay * pow(2, Double(min(10, entry.status.failures - 1))))
    entry.notBefore = clock + delay
    entries[target] = entry
    return entry.status.failures == Self.failuresUntilDegraded
  }

  /// What was confirmed counts no more: it is told again at once.
  public mutating func forget(_ target: CommandTarget) {
    entries[target]?.status.confirmed = nil
  }

  /// The device no longer does what it confirmed: it is told again, at once for the first time.
  public mutating func lose(_ target: CommandTarget, clock: Double) {
    guard var entry = entries[target] else { return }
    entry.status.confirmed = nil
    entry.losses = clock - entry.lostAt > Self.shortLife ? 1 : entry.losses + 1
    entry.lostAt = clock
    if entry.losses > 1 {
      let delay = Self.firstDelayAfterLoss * pow(2, Double(min(10, entry.losses - 2)))
      entry.notBefore = clock + min(Self.longestDelayAfterLoss, delay)
    }
    entries[target] = entry
  }

  /// Notes what is measured instead of what a device confirmed.
  ///
  /// - Parameter contradiction: `nil` when nothing speaks against it any more.
  /// - Returns: whether the target has become degraded by this.
  public mutating func note(_ contradiction: String?, of target: CommandTarget) -> Bool {
    let wasDegraded = entries[target]?.status.isDegraded ?? true
    entries[target]?.status.contradiction = contradiction
    return !wasDegraded && contradiction != nil
  }

  /// The connection is back: nobody waits out a back-off any more.
  public mutating func retryNow(clock: Double) {
    for target in entries.keys { entries[target]?.notBefore = clock }
  }
}
