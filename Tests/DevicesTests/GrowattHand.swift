// SPDX-License-Identifier: MIT
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Devices

/// The hand on a simulated Growatt inverter: gives orders to the simulator itself, beside what its stick
/// is told, and knows that they were taken. One hand a simulator.
///
/// The simulator tells its first readings before it hears anything. It subscribes to the stick's commands
/// and to orders at once, so that whoever was answered an `echo` is heard. From then on each order has one
/// answer, in the order in which they were given: answers can be counted, and that to an earlier order is
/// never taken for that to a later one.
final class GrowattHand: Sendable {
  private let spy: TopicSpy
  private let given = Mutex(0)

  /// Waits until the simulator listens.
  init(port: Int) async throws {
    spy = try await TopicSpy(port: port)
    let mark = UUID().uuidString
    func isHeard() -> Bool {
      spy.all.contains { $0.topic == "energy/solar/result" && $0.text.contains(mark) }
    }
    for _ in 0..<600 where !isHeard() {
      command("echo", #"{"text":"","correlationId":"\#(mark)"}"#)
      _ = await eventually(within: .milliseconds(200), isHeard)
    }
    try #require(isHeard(), "the simulator does not listen")
  }

  /// Gives an order, JSON as the head of the simulator explains it, and waits until it is taken.
  func order(_ order: String) async throws {
    let count = given.withLock { given in
      given += 1
      return given
    }
    spy.say("sim/growatt/ctl", order)
    let isTaken = await eventually { answers.count >= count }
    try #require(isTaken, "the simulator did not take \(order)")
  }

  /// What the simulator answered to each order: its state right after it.
  private var answers: [MQTTMessage] { spy.all.filter { $0.topic == "sim/growatt/state" } }

  /// The simulator's holding registers now.
  func registers() async throws -> [String: Int] {
    try await order("{}")
    return try #require(answers.last?.json?["hold"] as? [String: Int])
  }

  /// Tells the stick something, as another than pems would; its answer is nobody's.
  func command(_ name: String, _ fields: String) {
    spy.say("energy/solar/command/\(name)", fields)
  }

  /// What the stick was told under a name so far.
  func commands(_ name: String) -> [MQTTMessage] {
    spy.all.filter { $0.topic == "energy/solar/command/\(name)" }
  }

  /// Lets go of the inverter.
  func stop() { spy.stop() }
}
