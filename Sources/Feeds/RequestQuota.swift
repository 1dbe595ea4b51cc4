// SPDX-License-Identifier: MIT
public import Foundation

/// How many requests a service allows in a moving window, and when they were made.
public struct RequestQuota: Sendable, Hashable, Codable {
  /// The largest number in one window.
  public let limit: Int
  /// The length of the window in seconds.
  public let windowSeconds: Double
  private var taken: [Date]

  /// A quota of which nothing is used yet.
  public init(limit: Int, windowSeconds: Double) {
    self.limit = limit
    self.windowSeconds = windowSeconds
    taken = []
  }

  /// How many requests are left.
  public func remaining(at now: Date) -> Int {
    let used = used(at: now).count
    return used < limit ? limit - used : 0
  }

  /// Takes one request, or says when the next one is free.
  ///
  /// - Parameter spacingSeconds: how far apart two requests have to be.
  /// A request stamped in the future, after the clock was set back, counts as made now.
  public mutating func take(at now: Date, spacingSeconds: Double = 0) -> Date? {
    taken = used(at: now).map { min($0, now) }
    if let last = taken.max(), now.timeIntervalSince(last) < spacingSeconds {
      return last.addingTimeInterval(spacingSeconds)
    }
    guard taken.count < limit else {
      return (taken.min() ?? now).addingTimeInterval(windowSeconds)
    }
    taken.append(now)
    return nil
  }

  private func used(at now: Date) -> [Date] {
    taken.filter { now.timeIntervalSince($0) < windowSeconds }
  }
}

/// Quotas of services in a file, so that a restart does not forget what was used.
public actor QuotaLedger {
  private let file: URL
  private var quotas: [String: RequestQuota]
  private let isReadable: Bool

  /// The quotas in a file; none when it is not there. From a file that cannot be read no request
  /// is given, which is the safe side of a paid limit.
  public init(file: URL) {
    self.file = file
    let content = try? Data(contentsOf: file)
    let read = content.flatMap { try? JSONDecoder().decode([String: RequestQuota].self, from: $0) }
    quotas = read ?? [:]
    isReadable = content == nil || read != nil
  }

  /// Takes one request of a service and writes it down before it is made.
  ///
  /// - Throws: `quotaUsedUp` with the time of the next free one; `refused` when it cannot be
  ///   written down.
  public func take(
    _ service: String, limit: Int, windowSeconds: Double, spacingSeconds: Double = 0, at now: Date
  ) throws(FeedError) {
    guard isReadable else {
      throw .refused(
        service: service, reason: "the quota file \(file.path) is damaged: remove it to start anew")
    }
    var quota = quotas[service] ?? RequestQuota(limit: limit, windowSeconds: windowSeconds)
    if let free = quota.take(at: now, spacingSeconds: spacingSeconds) {
      throw .quotaUsedUp(service: service, until: free)
    }
    var changed = quotas
    changed[service] = quota
    do {
      try JSONEncoder().encode(changed).write(to: file, options: .atomic)
    } catch {
      throw .refused(service: service, reason: "cannot write the quota file \(file.path)")
    }
    quotas = changed
  }
}
