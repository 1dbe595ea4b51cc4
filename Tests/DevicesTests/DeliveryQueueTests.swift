// SPDX-License-Identifier: MIT
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@testable import Devices

@Suite("Delivery queue")
struct DeliveryQueueTests {
  private let noon = instant("2026-01-12T12:00:00Z")
  private let kitchen = CommandTarget.room("kitchen")

  private func heat(_ isOn: Bool, minutes: Double = 15) -> Command {
    Command(
      .heat(room: "kitchen", isOn: isOn), expiresAt: noon.addingTimeInterval(minutes * 60),
      reason: "test")
  }

  private func queue(lease: Duration? = .seconds(60)) -> DeliveryQueue {
    DeliveryQueue(leases: [kitchen: lease])
  }

  @Test("sends a wish once and not again while it is in flight")
  func sendsOnce() {
    var queue = queue()
    queue.want([heat(true)], wall: noon, clock: 0)
    #expect(queue.takeDue(clock: 0).count == 1)
    queue.want([heat(true)], wall: noon, clock: 1)
    #expect(queue.takeDue(clock: 1).isEmpty)
  }

  @Test("sends a confirmed wish again only to renew the lease, at its half")
  func renews() throws {
    var queue = queue()
    queue.want([heat(true)], wall: noon, clock: 0)
    let order = try #require(queue.takeDue(clock: 0).first)
    #expect(order.hold == .seconds(60))
    queue.confirm(order, clock: 1)
    #expect(queue.takeDue(clock: 30.9).isEmpty)
    #expect(queue.takeDue(clock: 31).count == 1)
    #expect(queue.status[kitchen]?.changes == 1)
  }

  @Test("never sends a wish that has expired")
  func expires() {
    var queue = queue()
    queue.want([heat(true, minutes: 1)], wall: noon, clock: 0)
    #expect(queue.takeDue(clock: 60).isEmpty)
    queue.want([heat(true, minutes: -1)], wall: noon, clock: 61)
    #expect(queue.takeDue(clock: 61).isEmpty)
  }

  @Test("a wish that changed in flight is sent after the answer, never beside it")
  func newWishWaits() throws {
    var queue = queue()
    queue.want([heat(true)], wall: noon, clock: 0)
    let order = try #require(queue.takeDue(clock: 0).first)
    queue.want([heat(false)], wall: noon, clock: 1)
    #expect(queue.takeDue(clock: 1).isEmpty)
    queue.confirm(order, clock: 2)
    #expect(queue.takeDue(clock: 2).map(\.command.action) == [.heat(room: "kitchen", isOn: false)])
  }

  @Test("backs off twice as long after each failure and tells once that it is degraded")
  func backsOff() {
    var queue = queue()
    queue.want([heat(true, minutes: 600)], wall: noon, clock: 0)
    var clock = 0.0
    var told = 0
    var waits: [Double] = []
    for _ in 0..<8 {
      var sentAt: Double?
      while sentAt == nil {
        if let order = queue.takeDue(clock: clock).first {
          sentAt = clock
          if queue.fail(order, because: "silence", clock: clock) { told += 1 }
        }
        clock += 0.25
      }
      waits.append(sentAt ?? 0)
    }
    let gaps = zip(waits.dropFirst(), waits).map { $0 - $1 }
    #expect(gaps == [0.5, 1, 2, 4, 8, 16, 30])
    #expect(told == 1)
    #expect(queue.status[kitchen]?.isDegraded == true)
  }

  @Test("what is lost is told again at once; what is lost again and again ever more rarely")
  func losesAgainAndAgain() throws {
    var queue = queue()
    queue.want([heat(true, minutes: 600)], wall: noon, clock: 0)
    var sent: [Double] = []
    for tick in 0..<4_000 {
      let clock = Double(tick) / 4
      // The room confirms and falls back within a quarter of a second, as with an end that is over.
      if let order = queue.takeDue(clock: clock).first {
        sent.append(clock)
        queue.confirm(order, clock: clock)
        queue.lose(kitchen, clock: clock)
      }
    }
    #expect(sent.prefix(9) == [0, 0.25, 5.25, 15.25, 35.25, 75.25, 155.25, 315.25, 615.25])
    #expect(sent.count == 10)
  }

  @Test(
    "a step of the wall clock by two hours neither expires nor repeats a command",
    arguments: [-7_200.0, 7_200])
  func clockSteps(step: Double) throws {
    var queue = queue()
    queue.want([heat(true)], wall: noon, clock: 0)
    let order = try #require(queue.takeDue(clock: 0).first)
    queue.confirm(order, clock: 1)
    let later = noon.addingTimeInterval(5 + step)
    let renewed = Command(
      .heat(room: "kitchen", isOn: true), expiresAt: later.addingTimeInterval(900), reason: "")
    queue.want([renewed], wall: later, clock: 5)
    #expect(queue.takeDue(clock: 5).isEmpty)
    #expect(queue.takeDue(clock: 31).count == 1)
  }

  @Test(
    "whatever happens, a target has at most one order in flight and the last wish wins",
    arguments: 1...20)
  func property(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var queue = queue()
    var inFlight: DeliveryQueue.Order?
    var clock = 0.0
    var wish = false
    for _ in 0..<2_000 {
      clock += Double.random(in: 0...20, using: &random)
      let wall = noon.addingTimeInterval(clock)
      switch Int.random(in: 0..<4, using: &random) {
      case 0:
        wish = Bool.random(using: &random)
        queue.want(
          [
            Command(
              .heat(room: "kitchen", isOn: wish), expiresAt: wall.addingTimeInterval(900),
              reason: "")
          ], wall: wall, clock: clock)
      case 1:
        let due = queue.takeDue(clock: clock)
        #expect(due.count <= (inFlight == nil ? 1 : 0))
        if let order = due.first {
          #expect(order.command.action == .heat(room: "kitchen", isOn: wish))
          inFlight = order
        }
      case 2:
        if let order = inFlight { queue.confirm(order, clock: clock) }
        inFlight = nil
      default:
        if let order = inFlight { _ = queue.fail(order, because: "", clock: clock) }
        inFlight = nil
      }
    }
    #expect(queue.status[kitchen]?.sent ?? 0 > 0)
  }
}
