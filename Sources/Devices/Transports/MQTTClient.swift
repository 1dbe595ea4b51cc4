// SPDX-License-Identifier: MIT
internal import CMosquitto
import Dispatch
import Foundation
public import Household
import Synchronization

/// A connection to a broker with a thread of its own. It reconnects by itself, with back-off, and
/// subscribes anew each time.
///
/// Messages are never queued for a broker that is away: a command that comes late is worse than one
/// that does not come. `mosquitto_loop_start` is not used: its thread ends for good when a broker
/// with TLS dies without saying so.
///
/// `@unchecked Sendable`: the C handle may be used from all threads (`mosquitto_threaded_set`);
/// everything else is `let` or behind the mutex.
public final class MQTTClient: @unchecked Sendable {
  private let handle: OpaquePointer
  private let settings: BrokerSettings
  private let state = Mutex(State())
  private let ended = DispatchGroup()

  private struct State {
    var subscriptions: [(filter: String, receive: @Sendable (MQTTMessage) -> Void)] = []
    var observers: [@Sendable (Bool) -> Void] = []
    /// Whether the broker took the client in; what is subscribed to from now on is asked for at once.
    var isAccepted = false
    /// The subscriptions of the connection that the broker has not acknowledged yet, by their numbers.
    var unacknowledged: Set<Int32> = []
    var isConnected = false
    var isStarted = false
    var isStopping = false
  }

  private static let library: Int32 = mosquitto_lib_init()

  /// A client that is not connected yet.
  ///
  /// - Parameter will: what the broker publishes when the client dies.
  public init(_ settings: BrokerSettings, will: MQTTMessage? = nil) throws(DeviceError) {
    _ = Self.library
    guard let handle = mosquitto_new(settings.clientName, true, nil) else {
      throw .configuration(device: "mqtt", "no client can be made")
    }
    self.handle = handle
    self.settings = settings
    mosquitto_threaded_set(handle, true)
    try Self.check(mosquitto_username_pw_set(handle, settings.user, settings.password), settings)
    if let authority = settings.authorityFile {
      try Self.check(
        mosquitto_tls_set(
          handle, authority, nil, settings.certificateFile, settings.keyFile, nil), settings)
      try Self.check(mosquitto_tls_opts_set(handle, 1, "tlsv1.2", nil), settings)
    }
    if let will {
      try Self.check(
        mosquitto_will_set(
          handle, will.topic, Int32(will.payload.count), will.payload, Int32(will.quality),
          will.isRetained), settings)
    }
    setCallbacks()
  }

  deinit { mosquitto_destroy(handle) }

  private static func check(_ code: Int32, _ settings: BrokerSettings) throws(DeviceError) {
    guard code != 0 else { return }
    throw .configuration(
      device: "mqtt \(settings.host):\(settings.port)", String(cString: mosquitto_strerror(code)))
  }

  private func setCallbacks() {
    mosquitto_user_data_set(handle, Unmanaged.passUnretained(self).toOpaque())
    mosquitto_connect_callback_set(handle) { _, user, code in
      guard code == 0, let client = MQTTClient.from(user) else { return }
      client.didConnect()
    }
    mosquitto_subscribe_callback_set(handle) { _, user, number, _, _ in
      MQTTClient.from(user)?.didSubscribe(number)
    }
    mosquitto_disconnect_callback_set(handle) { _, user, _ in
      MQTTClient.from(user)?.setConnected(false)
    }
    mosquitto_message_callback_set(handle) { _, user, message in
      guard let client = MQTTClient.from(user), let message = message?.pointee else { return }
      let bytes = UnsafeRawBufferPointer(start: message.payload, count: Int(message.payloadlen))
      client.route(
        MQTTMessage(
          String(cString: message.topic), Array(bytes), quality: Int(message.qos),
          isRetained: message.retain))
    }
  }

  private static func from(_ user: UnsafeMutableRawPointer?) -> MQTTClient? {
    user.map { Unmanaged<MQTTClient>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Whether the broker accepted the connection with all its subscriptions and it has not been lost: from
  /// then on nothing that others publish is missed.
  public var isConnected: Bool { state.withLock { $0.isConnected } }

  /// Calls back, on the client's thread, for every message that matches a filter.
  public func subscribe(
    _ filter: String, receive: @escaping @Sendable (MQTTMessage) -> Void
  ) {
    let isAccepted = state.withLock {
      $0.subscriptions.append((filter, receive))
      return $0.isAccepted
    }
    if isAccepted { mosquitto_subscribe(handle, nil, filter, 1) }
  }

  /// Calls back, on the client's thread, whenever the connection comes or goes.
  public func observeConnection(_ observer: @escaping @Sendable (Bool) -> Void) {
    state.withLock { $0.observers.append(observer) }
  }

  /// Hands a message to the broker if it is there.
  ///
  /// - Throws: ``DeviceError/notConnected(device:)`` when it is not; the message is then gone.
  public func publish(_ message: MQTTMessage) throws(DeviceError) {
    guard isConnected else { throw .notConnected(device: name) }
    let code = mosquitto_publish(
      handle, nil, message.topic, Int32(message.payload.count), message.payload,
      Int32(message.quality), message.isRetained)
    guard code == 0 else { throw .notConnected(device: name) }
  }

  private var name: String { "mqtt \(settings.host):\(settings.port)" }

  /// Connects, now and after every loss, until ``stop()``.
  public func start() {
    let isFirst = state.withLock { state in
      defer { state.isStarted = true }
      return !state.isStarted
    }
    guard isFirst else { return }
    ended.enter()
    let thread = Thread { [self] in
      serve()
      ended.leave()
    }
    thread.name = "pems.mqtt"
    thread.start()
  }

  /// Seconds before a second, third … attempt to connect.
  private static let firstDelay = 0.25
  private static let longestDelay = 10.0

  private func serve() {
    var delay = Self.firstDelay
    var code = mosquitto_connect(
      handle, settings.host, Int32(settings.port), Int32(settings.keepAliveSeconds))
    while !state.withLock({ $0.isStopping }) {
      if code == 0 { code = mosquitto_loop(handle, 200, 1) }
      if code == 0 {
        if isConnected { delay = Self.firstDelay }
        continue
      }
      setConnected(false)
      sleep(delay)
      delay = min(Self.longestDelay, delay * 2)
      if state.withLock({ $0.isStopping }) { return }
      code = mosquitto_reconnect(handle)
    }
  }

  private func sleep(_ seconds: Double) {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end, !state.withLock({ $0.isStopping }) {
      Thread.sleep(forTimeInterval: 0.05)
    }
  }

  private func didConnect() {
    let filters = state.withLock { state in
      state.isAccepted = true
      return Set(state.subscriptions.map(\.filter))
    }
    let numbers = filters.compactMap { filter -> Int32? in
      var number: Int32 = 0
      return mosquitto_subscribe(handle, &number, filter, 1) == 0 ? number : nil
    }
    // Acknowledgements come on this thread, so none is here yet.
    state.withLock { $0.unacknowledged = Set(numbers) }
    if numbers.isEmpty { setConnected(true) }
  }

  private func didSubscribe(_ number: Int32) {
    let isLast = state.withLock {
      $0.unacknowledged.remove(number) != nil && $0.unacknowledged.isEmpty
    }
    if isLast { setConnected(true) }
  }

  private func setConnected(_ isConnected: Bool) {
    let observers = state.withLock { state -> [@Sendable (Bool) -> Void] in
      defer { state.isConnected = isConnected }
      if !isConnected {
        state.isAccepted = false
        state.unacknowledged = []
      }
      return state.isConnected == isConnected ? [] : state.observers
    }
    for observer in observers { observer(isConnected) }
  }

  private func route(_ message: MQTTMessage) {
    let receivers = state.withLock { state in
      state.subscriptions.filter { Self.matches(message.topic, $0.filter) }.map(\.receive)
    }
    for receive in receivers { receive(message) }
  }

  /// Whether a topic is one of those a filter asks for.
  static func matches(_ topic: String, _ filter: String) -> Bool {
    var result = false
    return mosquitto_topic_matches_sub(filter, topic, &result) == 0 && result
  }

  /// Waits until the connection stands.
  ///
  /// - Returns: whether it does.
  public func waitForConnection(_ patience: Duration) async -> Bool {
    let end = ContinuousClock.now + patience
    while !isConnected, ContinuousClock.now < end {
      try? await Task.sleep(for: .milliseconds(20))  // a cancelled wait asks once more and ends
      if Task.isCancelled { break }
    }
    return isConnected
  }

  /// Says goodbye, so that the will is not published, and ends the thread.
  public func stop() {
    let isRunning = state.withLock { state in
      defer { state.isStopping = true }
      return state.isStarted && !state.isStopping
    }
    guard isRunning else { return }
    mosquitto_disconnect(handle)
    ended.wait()
    setConnected(false)
  }
}
