// SPDX-License-Identifier: MIT
public import Foundation
public import HTTP
import TimeSeries

/// Asks services over the network: the one place of this module that waits.
public actor FeedFetcher {
  private let client: HTTPClient
  private let policy: RetryPolicy
  private let pause: @Sendable (Double) async throws -> Void
  private var generator: SplitMix64

  /// A fetcher; `pause` waits a number of seconds.
  public init(
    client: HTTPClient, policy: RetryPolicy, seed: UInt64,
    pause: @escaping @Sendable (Double) async throws -> Void
  ) {
    self.client = client
    self.policy = policy
    self.pause = pause
    generator = SplitMix64(seed: seed)
  }

  /// Sends a request and reads the answer; both are tried again while that can help.
  public func fetch<Content: Sendable>(
    _ request: HTTPRequest, service: String,
    read: @Sendable (HTTPResponse) throws(FeedError) -> Content
  ) async throws(FeedError) -> Content {
    var attempt = 1
    while true {
      let failure: FeedError
      do throws(FeedError) {
        return try read(try await send(request, service: service))
      } catch { failure = error }
      guard failure.deservesRetry,
        let seconds = policy.pause(
          afterAttempt: attempt, retryAfterSeconds: failure.retryAfterSeconds, using: &generator)
      else { throw failure }
      do { try await pause(seconds) } catch { throw failure }
      attempt += 1
    }
  }

  /// The prices of a time, as far as the service has them, in the service's own money.
  ///
  /// - Throws: `notPublished` only when no part of the time is out.
  public func prices(
    of service: any PriceService, for range: Range<Date>, at now: Date
  ) async throws(FeedError) -> PublishedPrices {
    var prices = PublishedPrices(currency: service.currency)
    var missing: FeedError?
    for question in service.questions(for: range) {
      do throws(FeedError) {
        prices.merge(
          try await fetch(question.request, service: service.name) { response throws(FeedError) in
            try service.prices(in: response, to: question, at: now)
          })
      } catch {
        guard case .notPublished = error else { throw error }
        missing = error
      }
    }
    if prices.entries.isEmpty { throw missing ?? .notPublished(service: service.name, range) }
    return prices
  }

  private func send(
    _ request: HTTPRequest, service: String
  ) async throws(FeedError) -> HTTPResponse {
    do throws(HTTPError) {
      return try await client.send(request)
    } catch {
      throw .transport(service: service, error)
    }
  }
}

extension FeedError {
  /// Whether to ask again within seconds: not for what is published hours later.
  var deservesRetry: Bool {
    switch self {
    case .notPublished, .quotaUsedUp: false
    default: isTransient
    }
  }

  /// When the server wants to be asked again.
  var retryAfterSeconds: Double? {
    if case .transport(_, .status(_, _, _, let seconds)) = self { return seconds }
    return nil
  }
}
