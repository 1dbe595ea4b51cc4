// SPDX-License-Identifier: MIT
import Foundation
import Testing
import TimeSeries

@testable import Physics

@Suite("Identification with something wrong")
struct EstimationFaultTests {
  /// A house of four rooms, 21 days at half an hour, with a fault in room 1.
  static func identified(
    _ fault: SyntheticHouse.Fault?, days: Int = 21
  ) throws -> (IdentifiedHouse, HouseIdentification) {
    let house = try SyntheticHouse(
      seed: 41, rooms: 4, days: days, stepSeconds: 1_800, faults: fault.map { [1: $0] } ?? [:])
    let identification = try HouseIdentification(record: house.record)
    return (identification.house((0..<4).map(identification.room)), identification)
  }

  @Test("a dead sensor: the room runs on the other rooms' median, the others keep their own model")
  func dead() throws {
    let (house, _) = try Self.identified(.dead)
    #expect(house.rooms[1].doubt == .deadSensor)
    #expect(house.rooms[1].findings == nil)
    #expect(house.rooms[0].doubt == nil && house.rooms[2].doubt == nil)
    _ = try house.network()
  }

  @Test("a frozen sensor is found, said and not fitted to")
  func frozen() throws {
    let (house, identification) = try Self.identified(.frozen)
    #expect(house.rooms[1].doubt == .deadSensor || house.rooms[1].doubt == .frozenSensor)
    #expect(identification.diagnostics.contains { $0.message.contains("repeats one number") })
  }

  @Test("a room that was never heated has a model of its cooling, not of its heater")
  func neverHeated() throws {
    let (house, _) = try Self.identified(.neverHeated)
    #expect(house.rooms[1].remarks.contains(.neverHeated))
    #expect(house.rooms[1].findings?.heatLoss == nil)
    #expect(house.rooms[1].findings?.steadyWarming == nil)
  }

  @Test("a room that was always heated says that loss and heating cannot be told apart")
  func alwaysHeated() throws {
    let (house, _) = try Self.identified(.alwaysHeated)
    #expect(house.rooms[1].remarks.contains(.alwaysHeated))
  }

  @Test("exchanged sensors are named in both rooms")
  func swapped() throws {
    let (house, _) = try Self.identified(.swappedSensors(0))
    #expect(house.rooms[0].remarks.contains(.swapped(with: "room1")))
    #expect(house.rooms[1].remarks.contains(.swapped(with: "room0")))
    let (healthy, _) = try Self.identified(nil)
    #expect(
      !healthy.rooms.flatMap(\.remarks).contains {
        if case .swapped = $0 { true } else { false }
      })
  }

  @Test("a window open all day is masked and said, or the room is not trusted")
  func windowOpen() throws {
    let (house, _) = try Self.identified(.windowOpenAllDay)
    let remarked = house.rooms[1].remarks.contains {
      if case .windowOpen = $0 { true } else { false }
    }
    #expect(remarked || house.rooms[1].doubt != nil)
    #expect(house.rooms[3].doubt == nil)
  }

  @Test("two weeks of data give a model with wider intervals and say so")
  func twoWeeks() throws {
    let (short, _) = try Self.identified(nil, days: 14)
    #expect(short.rooms.allSatisfy { $0.remarks.contains(.shortRecord(days: 14)) })
    #expect(short.rooms.contains { $0.doubt == nil })
    #expect(throws: IdentificationError.tooFewDays(found: 2, needed: 3)) {
      let house = try SyntheticHouse(seed: 1, rooms: 2, days: 2, stepSeconds: 1_800)
      _ = try HouseIdentification(record: house.record)
    }
  }
}

@Suite("Excitation and cycles of a record")
struct EstimationExcitationTests {
  @Test("an excitation plan stays in comfort, raises a third at most and moves every room")
  func excitation() {
    let rooms = (0..<9).map {
      ExcitationPlan.Room(
        name: "r\($0)", setpoint: Celsius(21), comfort: Celsius(19.5)...Celsius(22))
    }
    let midnight = TimeGrid(start: Date(timeIntervalSince1970: 0), stepSeconds: 900, count: 0)
    let plan = ExcitationPlan(
      rooms: rooms, consent: .init(days: 4), midnight: midnight, seed: 3)
    #expect(plan.grid.count == 4 * 96)
    for setpoints in plan.setpoints {
      #expect(setpoints.allSatisfy { (Celsius(19.5)...Celsius(22)).contains($0) })
      #expect(Set(setpoints).count >= 2)
      #expect(setpoints.contains(Celsius(19.5)))
    }
    for step in plan.grid.indices {
      #expect(plan.setpoints.count { $0[step] > Celsius(21) } <= 3)
    }
  }

  @Test("cycles found in a simulated series give the loss that made it")
  func cycles() throws {
    let house = try SyntheticHouse(seed: 5, rooms: 3, days: 30)
    let room = house.record.rooms[1]
    guard case .power(let heat) = room.heating else { return }
    let statistics = try #require(
      HeatingStatistics(
        room: "a", temperature: room.temperature, heat: heat, outdoor: house.record.outdoor))
    #expect(statistics.cycles.count > 20)
    #expect((0.02...0.9).contains(statistics.duty.rawValue))
    let estimate = try #require(CycleEstimate.estimates(for: [statistics]).first)
    // Sun, people and neighbours count as heating, so the figure is only near the walls' own.
    let ratio = estimate.heatLoss.value / house.heatLoss(1)
    #expect((0.4...1.6).contains(ratio))
  }
}
