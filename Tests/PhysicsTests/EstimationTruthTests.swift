// SPDX-License-Identifier: MIT
import Foundation
import Testing
import TimeSeries

@testable import Physics

@Suite("Identification against known truth")
struct EstimationTruthTests {
  /// What came out of one house.
  struct Outcome: Sendable {
    var rooms = 0
    var lossInside = 0
    var constantInside = 0
    var responses: [Double] = []
    var error = 0.0
    var coverage = 0.0
  }

  /// All ten houses take a minute or two; three of them are enough for every day.
  static let isLong = ProcessInfo.processInfo.environment["PEMS_LONG_TESTS"] != nil

  @Test("seeded houses: loss and time constant in their intervals, 24-h error, response")
  func seededHouses() async throws {
    let sizes = Self.isLong ? [3, 4, 5, 6, 7, 8, 9, 11, 13, 17] : [3, 4, 5]
    let outcomes = try await withThrowingTaskGroup(of: Outcome.self) { group in
      for (seed, size) in sizes.enumerated() {
        group.addTask { try Self.outcome(seed: UInt64(seed + 1), size: size) }
      }
      return try await group.reduce(into: [Outcome]()) { $0.append($1) }
    }
    let rooms = outcomes.reduce(0) { $0 + $1.rooms }
    let loss = Double(outcomes.reduce(0) { $0 + $1.lossInside }) / Double(rooms)
    let constant = Double(outcomes.reduce(0) { $0 + $1.constantInside }) / Double(rooms)
    let responses = outcomes.flatMap(\.responses)
    let within = Double(responses.count { abs($0 - 1) <= 0.1 }) / Double(responses.count)
    let middle = try #require(median(responses.map { abs($0 - 1) }))
    print(
      "rooms \(rooms): UA in interval \(loss), time constant \(constant), steady response: median "
        + "deviation \(middle), within 10 % \(within); 24-h errors "
        + "\(outcomes.map { String(format: "%.3f", $0.error) }), coverage "
        + "\(outcomes.map { String(format: "%.3f", $0.coverage) })")
    #expect(loss >= 0.85)
    #expect(constant >= 0.85)
    #expect(middle <= 0.1)
    #expect(within >= 0.9)
    #expect(outcomes.allSatisfy { (0.77...0.83).contains($0.coverage) })
    #expect(outcomes.allSatisfy { $0.error <= 0.25 })
  }

  /// The seventh house has nine rooms. Of those that were taken for misled although they move, two
  /// lost walls of 47 and 56 W/K, and their time constants came out a third too long.
  @Test("rooms with set-backs keep the walls between them, and their time constants are told")
  func walls() throws {
    let house = try SyntheticHouse(seed: 7, rooms: 9, days: 42)
    let rooms = try Self.identified(house).house.rooms
    for (index, room) in rooms.enumerated() {
      let truth = house.network.links.filter { [$0.first, $0.second].contains(index) }
        .reduce(0) { $0 + $1.conductance.rawValue }
      let found = room.findings?.coupling?.value.rawValue ?? 0
      #expect(found >= 0.5 * truth, "room \(index): \(found) of \(truth) W/K")
    }
    let told = try rooms.enumerated().count { index, room in
      room.findings?.timeConstant.contains(
        try house.network.slowestTimeConstant(ofRoom: index)) ?? false
    }
    #expect(Double(told) >= 0.85 * Double(rooms.count), "\(told) of \(rooms.count)")
  }

  /// Where the days that are learned from end.
  private static let until = 28 * 96

  private static func identified(
    _ house: SyntheticHouse
  ) throws -> (identification: HouseIdentification, house: IdentifiedHouse) {
    let identification = try HouseIdentification(record: house.record, until: until)
    let rooms = (0..<identification.roomCount).map(identification.room)
    return (identification, identification.house(rooms))
  }

  static func outcome(seed: UInt64, size: Int) throws -> Outcome {
    let house = try SyntheticHouse(seed: seed, rooms: size, days: 42)
    let (identification, identified) = try identified(house)
    let evaluation = try #require(identification.evaluate(identified, from: until))
    var outcome = Outcome(
      rooms: size, error: evaluation.error.rawValue, coverage: evaluation.coverage.rawValue)
    for (index, room) in identified.rooms.enumerated() {
      guard let findings = room.findings, let loss = findings.heatLoss else {
        print("house \(seed) room \(index): no model, \(String(describing: room.doubt))")
        continue
      }
      let truth = house.heatLoss(index)
      let constant = try house.network.slowestTimeConstant(ofRoom: index)
      outcome.lossInside += loss.contains(truth) ? 1 : 0
      outcome.constantInside += findings.timeConstant.contains(constant) ? 1 : 0
      outcome.responses.append(truth.rawValue / loss.value.rawValue)
      if ProcessInfo.processInfo.environment["PEMS_TRUTH"] != nil {
        print(
          String(
            format: "%2d.%02d UA %5.1f in %5.1f [%5.1f %5.1f] tau %5.0f in %5.0f [%5.0f %5.0f]",
            Int(seed), index, truth.rawValue, loss.value.rawValue, loss.low.rawValue,
            loss.high.rawValue, constant.rawValue, findings.timeConstant.value.rawValue,
            findings.timeConstant.low.rawValue, findings.timeConstant.high.rawValue),
          room.nodeCount, room.hasSlab, room.fit.structure.neighbours)
      }
    }
    return outcome
  }
}
