// SPDX-License-Identifier: MIT
public import Foundation
public import HTTP

/// Why a service gave nothing that can be used.
public enum FeedError: Error, Sendable, Hashable, CustomStringConvertible {
  /// No answer, or a refusal.
  case transport(service: String, HTTPError)
  /// The answer is of another kind than the service's own, for example a page of a proxy.
  case unexpectedContent(service: String, mediaType: String)
  /// The answer is broken or lacks what it must have.
  case unreadable(service: String, reason: String)
  /// The answer is whole but says that something went wrong.
  case refused(service: String, reason: String)
  /// A number that cannot be true, for example a price of 1000 a kilowatt-hour.
  case implausible(service: String, what: String)
  /// The service does not have these hours yet, or has nothing for them.
  case notPublished(service: String, Range<Date>)
  /// The number of requests the service allows is used up until a time.
  case quotaUsedUp(service: String, until: Date)

  /// Whether the same request may succeed later without anybody doing anything.
  public var isTransient: Bool {
    switch self {
    case .transport(_, let error): error.isTransient
    case .unexpectedContent, .unreadable, .notPublished, .quotaUsedUp: true
    case .refused, .implausible: false
    }
  }

  /// What happened and what comes next.
  public var description: String {
    switch self {
    case .transport(let service, let error): "\(service): \(error)"
    case .unexpectedContent(let service, let mediaType):
      "\(service): answered with \(mediaType), not with its own format: "
        + "is the address right, is a proxy or a login page in the way?"
    case .unreadable(let service, let reason): "\(service): the answer cannot be read: \(reason)"
    case .refused(let service, let reason): "\(service): refused: \(reason)"
    case .implausible(let service, let what): "\(service): implausible: \(what)"
    case .notPublished(let service, let range):
      "\(service): nothing is published for \(range.lowerBound.formatted(.iso8601)) to "
        + "\(range.upperBound.formatted(.iso8601)) yet; it will be asked again"
    case .quotaUsedUp(let service, let until):
      "\(service): the allowed requests are used up until \(until.formatted(.iso8601))"
    }
  }
}
