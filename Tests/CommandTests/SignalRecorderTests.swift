// SPDX-License-Identifier: MIT
import Configuration
import Foundation
import History
import Household
import TestSupport
import Testing
import TimeSeries

@testable import pems

@Suite("What a running pems keeps of its readings")
struct SignalRecorderTests {
  private let time = instant("2026-03-28T10:00:00Z")
  private let house = ReferenceMaterial.package
    .appending(path: "Examples/reference-house/pems.yaml").path

  private func snapshot(_ home: Home) -> Snapshot {
    var snapshot = Snapshot(time: time)
    snapshot.gridPower = Reading(Watts(-300), at: time)
    snapshot.pvPower = Reading(Watts(4_000), at: time.addingTimeInterval(-5))
    snapshot.batteryPower = Reading(Watts(-1_200), at: time)
    snapshot.batteryStateOfCharge = Reading(.percent(55), at: time)
    let rooms = home.heatedRooms
    snapshot.roomTemperatures[rooms[0].name] = Reading(Celsius(21.3), at: time)
    snapshot.relays[rooms[0].name] = Reading(RelayState(isOn: true, since: time), at: time)
    snapshot.relays[rooms[1].name] = Reading(RelayState(isOn: false, since: time), at: time)
    return snapshot
  }

  @Test("readings, heat of the relays, and the consumption that follows from the others")
  func samples() throws {
    let home = try HomeConfiguration(contentsOf: house, environment: [:]).home
    var snapshot = snapshot(home)
    func values() -> [SignalName: Double] {
      Dictionary(
        SignalRecorder.samples(snapshot, home).map { ($0.0, $0.1.value) },
        uniquingKeysWith: { first, _ in first })
    }
    let rooms = home.heatedRooms
    #expect(values()[.loadPower] == 2_500)  // 4000 − 1200 − 300
    #expect(abs((values()[.batteryStateOfCharge] ?? 0) - 55) < 1e-9)
    #expect(values()[.roomHeat(rooms[0].name)] == rooms[0].heater?.power.rawValue)
    #expect(values()[.roomHeat(rooms[1].name)] == 0)
    #expect(values()[.roomHeat(rooms[2].name)] == nil)
    snapshot.pvPower = Reading(Watts(4_000), at: time.addingTimeInterval(-121))
    #expect(values()[.loadPower] == nil)
    snapshot.pvPower = nil
    #expect(values()[.loadPower] == nil)
  }

  @Test("a plant that is held back is marked with what it may give, a free one is not")
  func heldBack() throws {
    let signal = try #require(SignalName.pvLimit)
    func values(_ limit: Command.Action?) -> [Double] {
      SignalRecorder.samples(limit, time).filter { $0.0 == signal }.map(\.1.value)
    }
    #expect(values(.limitExport(.zero)) == [0])
    #expect(values(.limitPV(Watts(2_500))) == [2_500])
    #expect(values(.limitPV(nil)).isEmpty && values(nil).isEmpty)
  }

  @Test("each reading once, and those that could not be stored when the store is there again")
  func stores() throws {
    let home = try HomeConfiguration(contentsOf: house, environment: [:]).home
    let folder = try TemporaryFolder()
    let path = folder.path("later/house.db")
    let now = time
    let recorder = SignalRecorder(home: home, storePath: path, log: RunLog { now })
    recorder.take(snapshot(home))
    recorder.close()
    #expect(!FileManager.default.fileExists(atPath: path))
    try FileManager.default.createDirectory(
      atPath: folder.path("later"), withIntermediateDirectories: true)
    recorder.take(snapshot(home).taken(at: time.addingTimeInterval(60)))
    recorder.close()
    let store = try SQLiteHistory(file: path, access: .reading)
    #expect(
      try store.samples(of: .gridPower, in: .distantPast..<Date.distantFuture)
        == [Sample(time: time, value: -300)])
  }
}
