// SPDX-License-Identifier: MIT

/// One device of the home as configured: its driver, its options, how far it is trusted to act.
public struct DeviceSettings: Sendable, Hashable {
  /// The value of an option.
  public enum Value: Sendable, Hashable {
    /// Text or one of a few words.
    case text(String)
    /// A number in the option's unit.
    case number(Double)
    /// The device's own name of each room.
    case rooms([String: String])
  }

  /// The name in findings and commands.
  public let name: String
  /// The name of its blueprint.
  public let driver: String
  /// Its stage; `nil` for that of the home.
  public let stage: RolloutStage?
  /// Every option of the blueprint that is given or has a default.
  public let values: [String: Value]

  /// A device.
  public init(name: String, driver: String, stage: RolloutStage? = nil, values: [String: Value]) {
    self.name = name
    self.driver = driver
    self.stage = stage
    self.values = values
  }

  /// The text of an option; empty when it has none.
  public func text(_ key: String) -> String {
    guard case .text(let text)? = values[key] else { return "" }
    return text
  }

  /// The number of an option; `nil` when it has none.
  public func number(_ key: String) -> Double? {
    guard case .number(let number)? = values[key] else { return nil }
    return number
  }

  /// The whole number of an option.
  public func integer(_ key: String) -> Int? { number(key).map { Int($0.rounded()) } }

  /// The device's own names of rooms.
  public func rooms(_ key: String) -> [String: String] {
    guard case .rooms(let rooms)? = values[key] else { return [:] }
    return rooms
  }
}

/// How far pems is trusted with a device.
public enum RolloutStage: String, Sendable, Hashable, CaseIterable, Codable, Comparable {
  /// Reads and decides; nothing is shown as advice, nothing is commanded.
  case simulation
  /// Shows what it would do; commands nothing.
  case advisory
  /// Commands the battery only.
  case partial
  /// Commands everything.
  case full

  /// Orders from the least trust to the most.
  public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// Whether an action may go to a device of this stage.
  public func allows(_ action: Command.Action) -> Bool { allows(action.target) }

  /// Whether a target may be commanded in this stage.
  public func allows(_ target: CommandTarget) -> Bool {
    switch self {
    case .simulation, .advisory: return false
    case .partial:
      if case .battery = target { return true }
      return false
    case .full: return true
    }
  }
}

/// How to reach the MQTT broker.
public struct BrokerSettings: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
  /// Its name or address.
  public var host: String
  /// Its port.
  public var port: Int
  /// How pems names itself; the broker drops an older client of the same name.
  public var clientName: String
  /// For brokers that ask who it is.
  public var user: String?
  /// Never shown.
  public var password: String?
  /// Certificates that may sign the broker's; TLS is used when it is given.
  public var authorityFile: String?
  /// The client's own certificate, where the broker asks for one.
  public var certificateFile: String?
  /// The key of the client's certificate.
  public var keyFile: String?
  /// Seconds between signs of life, 5…300.
  public var keepAliveSeconds: Int

  /// A broker without password and TLS.
  public init(host: String, port: Int = 1_883, clientName: String = "pems") {
    self.host = host
    self.port = port
    self.clientName = clientName
    keepAliveSeconds = 15
  }

  /// The broker without its password.
  public var description: String {
    (user.map { $0 + "@" } ?? "") + "\(host):\(port) as \(clientName)"
  }
  /// A mirror without the password.
  public var customMirror: Mirror {
    Mirror(self, children: ["host": host, "port": port, "clientName": clientName])
  }
}

/// How decisions are made.
public enum ControlMode: String, Sendable, Hashable, CaseIterable, Codable {
  /// By plans over two days.
  case optimised
  /// By fixed rules at each cycle: thermostats, self-consumption, cars in cheap hours.
  case rules
  /// By people alone: plans are made and shown, commanded is what somebody wishes.
  case manual
  /// By nobody: heaters and cars off, the battery in self-consumption.
  case safety
}

/// A part of a running pems that can be switched off by its name.
public enum Feature: String, Sendable, Hashable, CaseIterable, Codable {
  /// One line a cycle with what was planned, wanted, commanded and measured.
  case outcomes
  /// Complete decisions on disk, which can be made again.
  case replay
  /// Trust is taken away from targets that are commanded in vain.
  case automaticDemotion = "automatic_demotion"
  /// Sensors that stand still count as dead.
  case frozenSensors = "frozen_sensors"
  /// Wishes of people are remembered, so that comfort bands can be proposed.
  case wishMemory = "wish_memory"
  /// Readings go into the store.
  case recording
}

/// How pems runs this home.
public struct ServiceSettings: Sendable, Hashable {
  /// The stage of devices that name none.
  public var stage: RolloutStage
  /// How decisions are made.
  public var mode = ControlMode.optimised
  /// Minutes between two decisions, 1…60.
  public var cycleMinutes: Int
  /// Seconds between two passes of the safety loop, 1…5.
  public var fastSeconds: Double
  /// Where state and journal are kept.
  public var stateFolder: String
  /// Days a journal is kept.
  public var journalDays: Int
  /// The broker; `nil` without section `mqtt`.
  public var broker: BrokerSettings?
  /// The prefix of discovery topics of Home Assistant; `nil` when it is not wanted.
  public var discoveryPrefix: String?
  /// The devices.
  public var devices: [DeviceSettings]
  /// The HTTP server; `nil` when it is off.
  public var web: WebSettings? = WebSettings()
  /// What is switched on; everything that is not switched off.
  public var features = Set(Feature.allCases)

  /// A home without devices.
  public init(stateFolder: String) {
    stage = .simulation
    cycleMinutes = 5
    fastSeconds = 5
    self.stateFolder = stateFolder
    journalDays = 30
    devices = []
  }
}
