// SPDX-License-Identifier: MIT
import Foundation

/// One message of a topic.
public struct MQTTMessage: Sendable, Hashable {
  /// The topic.
  public let topic: String
  /// The content.
  public let payload: [UInt8]
  /// 0 at most once, 1 at least once, 2 exactly once.
  public let quality: Int
  /// Sent: whether the broker keeps it. Received: whether it comes out of the broker's memory, so
  /// that nobody knows how old it is.
  public let isRetained: Bool

  /// A message of text.
  public init(_ topic: String, _ text: String, quality: Int = 0, isRetained: Bool = false) {
    self.init(topic, Array(text.utf8), quality: quality, isRetained: isRetained)
  }

  /// A message of bytes.
  public init(_ topic: String, _ payload: [UInt8], quality: Int = 0, isRetained: Bool = false) {
    self.topic = topic
    self.payload = payload
    self.quality = quality
    self.isRetained = isRetained
  }

  /// The content as text; what is no UTF-8 is replaced.
  public var text: String { String(decoding: payload, as: UTF8.self) }

  /// The content as a JSON object; `nil` when it is none.
  var json: [String: Any]? {
    try? JSONSerialization.jsonObject(with: Data(payload)) as? [String: Any]
  }

  /// The number at a key, `a.b` for b inside a; the message itself where there is none. `nil` when it is
  /// no finite number.
  func number(at field: String) -> Double? {
    let keys = field.split(separator: ".").map(String.init)
    guard let last = keys.last else {
      return DeviceNumber.real(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }
    let inner = keys.dropLast().reduce(json) { $0?[$1] as? [String: Any] }
    return DeviceNumber.real(json: inner?[last])
  }
}
