// SPDX-License-Identifier: MIT
import Synchronization

/// The messages of some topics in the order in which they came, for one driver.
struct MQTTInbox: Sendable {
  private let messages: AsyncStream<MQTTMessage>
  private let feed: AsyncStream<MQTTMessage>.Continuation
  private let client: MQTTClient

  init(_ client: MQTTClient) {
    self.client = client
    // A driver that falls behind wants the newest state, not an old story.
    (messages, feed) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1_000))
  }

  /// Asks for topics and hands every message on, until the inbox is closed.
  func open(
    _ filters: [String], _ receive: @escaping @Sendable (MQTTMessage) async -> Void
  ) {
    let messages = messages
    Task { for await message in messages { await receive(message) } }
    for filter in filters { client.subscribe(filter) { [feed] in feed.yield($0) } }
  }

  /// Hands nothing on any more.
  func close() { feed.finish() }
}
