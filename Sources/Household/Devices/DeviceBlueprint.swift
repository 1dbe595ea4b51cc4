// SPDX-License-Identifier: MIT

/// What a driver is, for the configuration that chooses it and the page that describes it.
public struct DeviceBlueprint: Sendable, Hashable {
  /// What a driver can read or do.
  public enum Capability: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Switches heaters of rooms.
    case heating
    /// Sets what the battery does.
    case battery
    /// Lets cars charge.
    case charging
    /// Limits what the PV plant produces or feeds in.
    case pvLimit
    /// Switches an appliance that is run when it suits.
    case appliance
    /// Measures the exchange with the grid.
    case gridMeter
    /// Measures PV production.
    case pvMeter
    /// Measures the consumption of the house.
    case loadMeter
    /// Measures temperatures of rooms.
    case roomTemperatures
    /// Measures the outdoor temperature.
    case outdoorTemperature

    /// Orders by the word.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  /// What a device talks over.
  public enum Transport: String, Sendable, Hashable {
    /// The broker of section `mqtt`.
    case mqtt
    /// Modbus over TCP.
    case modbus
    /// Datagrams.
    case udp
  }

  /// The kind of an option's value.
  public enum Kind: Sendable, Hashable {
    /// Text; `nil` for one that is needed.
    case text(default: String?)
    /// A number in a range; `nil` for one that is needed.
    case number(ClosedRange<Double>, unit: String, default: Double?)
    /// One of a few words; the first is the default.
    case choice([String])
    /// A map from rooms with a heater to the device's own names.
    case rooms
  }

  /// One key of a device in the configuration.
  public struct Option: Sendable, Hashable {
    /// The key.
    public let key: String
    /// What may stand there.
    public let kind: Kind
    /// What it means, one sentence.
    public let meaning: String

    /// A key with its meaning.
    public init(_ key: String, _ kind: Kind, _ meaning: String) {
      self.key = key
      self.kind = kind
      self.meaning = meaning
    }
  }

  /// The word in the configuration: `growatt_sph_mqtt`.
  public let name: String
  /// What it is, for people.
  public let title: String
  /// What it talks over.
  public let transport: Transport
  /// What it can do.
  public let capabilities: Set<Capability>
  /// Its keys.
  public let options: [Option]
  /// What an owner must know, in sentences.
  public let remarks: [String]
  /// What the device does when pems is gone, one sentence.
  public let withoutPems: String

  /// A driver's description.
  public init(
    name: String, title: String, transport: Transport, capabilities: Set<Capability>,
    options: [Option], remarks: [String], withoutPems: String
  ) {
    self.name = name
    self.title = title
    self.transport = transport
    self.capabilities = capabilities
    self.options = options
    self.remarks = remarks
    self.withoutPems = withoutPems
  }
}
