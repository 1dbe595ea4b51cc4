// SPDX-License-Identifier: MIT
import Foundation

/// One entity that Home Assistant makes by itself out of a retained message.
///
/// Source: home-assistant.io, MQTT discovery (component/node/object/config).
public struct DiscoveredEntity: Sendable, Hashable {
  /// The kinds pems uses.
  public enum Component: String, Sendable, Hashable {
    case sensor, select, number
    case toggle = "switch"
  }

  /// Its kind.
  public let component: Component
  /// Its name in topics and in the entity's identifier.
  public let object: String
  /// Its name for people.
  public let name: String
  /// Where its state is.
  public let stateTopic: String
  /// Where it is set; `nil` when it only shows.
  public var commandTopic: String?
  /// The key of a JSON state; `nil` when the message is the state.
  public var field: String?
  /// Home Assistant's class, `power`.
  public var deviceClass: String?
  /// The unit.
  public var unit: String?
  /// Whether statistics are kept.
  public var isMeasurement = false
  /// For a select.
  public var options: [String] = []
  /// For a number: smallest, largest, step.
  public var range: (minimum: Double, maximum: Double, step: Double)?
  /// Where further attributes are.
  public var attributesTopic: String?

  /// An entity that shows a state.
  public init(_ component: Component, _ object: String, name: String, stateTopic: String) {
    self.component = component
    self.object = object
    self.name = name
    self.stateTopic = stateTopic
  }

  /// Compares all but the range's labels.
  public static func == (left: Self, right: Self) -> Bool {
    left.component == right.component && left.object == right.object && left.name == right.name
      && left.stateTopic == right.stateTopic && left.commandTopic == right.commandTopic
      && left.field == right.field && left.unit == right.unit && left.options == right.options
  }

  /// Hashes what identifies it.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(component)
    hasher.combine(object)
  }

  /// The retained message that makes Home Assistant show it.
  ///
  /// - Parameters:
  ///   - prefix: Home Assistant's own, usually `homeassistant`.
  ///   - availability: the topic with `online` or `offline`.
  public func announcement(prefix: String, availability: String, version: String) -> MQTTMessage {
    var fields: [String: Any] = [
      "name": name, "unique_id": "pems_\(object)", "object_id": "pems_\(object)",
      "state_topic": stateTopic, "availability_topic": availability,
      "device": ["identifiers": ["pems"], "name": "pems", "sw_version": version],
      "origin": ["name": "pems", "sw_version": version],
    ]
    if let commandTopic { fields["command_topic"] = commandTopic }
    if let field { fields["value_template"] = "{{ value_json.\(field) }}" }
    if let deviceClass { fields["device_class"] = deviceClass }
    if let unit { fields["unit_of_measurement"] = unit }
    if isMeasurement { fields["state_class"] = "measurement" }
    if !options.isEmpty { fields["options"] = options }
    if let range {
      fields["min"] = range.minimum
      fields["max"] = range.maximum
      fields["step"] = range.step
    }
    if let attributesTopic { fields["json_attributes_topic"] = attributesTopic }
    let data = try? JSONSerialization.data(
      withJSONObject: fields, options: [.sortedKeys, .withoutEscapingSlashes])
    return MQTTMessage(
      "\(prefix)/\(component.rawValue)/pems/\(object)/config", Array(data ?? Data()), quality: 1,
      isRetained: true)
  }
}
