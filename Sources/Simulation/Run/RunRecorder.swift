// SPDX-License-Identifier: MIT
import Control
import Household
import Planning
import TimeSeries

/// Turns a twin's ledger into the record of a run, step by step.
struct RunRecorder {
  private(set) var record: RunRecord
  private let home: Home
  private var before: EnergyLedger

  /// - Throws: when a step has no price, because then it has no bill.
  init(
    controller: String, grid: TimeGrid, home: Home, twin: some HomeTwin
  ) throws(HouseRunError) {
    record = RunRecord(controller: controller, grid: grid)
    self.home = home
    before = twin.ledger
    let prices = twin.truePrices(on: grid)
    for step in grid.indices {
      guard let buying = prices.import[step], let selling = prices.export[step] else {
        throw .priceMissing(grid.date(at: step))
      }
      record.importPrice.append(buying)
      record.exportPrice.append(selling)
    }
    record.rooms = home.rooms.map { RoomRecord(name: $0.name) }
  }

  /// Counts the plans and their times.
  mutating func note(_ result: ControlCycle.Result, seconds: Double) {
    guard let verdict = result.verdict else { return }
    record.planningSeconds.append(seconds)
    if verdict.isFeasible { record.acceptedPlans += 1 } else { record.refusedPlans += 1 }
  }

  /// Adds what happened since the last step.
  mutating func close(step: Int, twin: some HomeTwin) {
    let change = twin.ledger.since(before)
    before = twin.ledger
    let duration = record.grid.step
    record.imported.append(change.imported)
    record.exported.append(change.exported)
    record.pvPower.append(change.pvUsed / duration)
    record.baseLoadPower.append(change.baseLoad / duration)
    record.heatingPower.append(change.heating / duration)
    record.vehiclePower.append(change.vehicles / duration)
    record.charged.append(change.batteryCharged)
    record.discharged.append(change.batteryDischarged)
    if let stateOfCharge = twin.trueStateOfCharge { record.stateOfCharge.append(stateOfCharge) }
    if let outdoor = twin.outdoorTemperature { record.outdoorTemperature.append(outdoor) }
    record.vehicleShortfall += change.vehicleShortfall
    closeRooms(step: step, change: change, temperatures: twin.trueRoomTemperatures)
  }

  private mutating func closeRooms(
    step: Int, change: EnergyLedger, temperatures: [Celsius]
  ) {
    let wall = home.site.calendar.wallTime(at: record.grid.date(at: step))
    for (index, room) in home.rooms.enumerated() {
      record.rooms[index].temperature.append(temperatures[index])
      record.rooms[index].band.append(room.comfort.band(at: wall))
      record.rooms[index].switchings += change.rooms[index].switchings
      if room.heater != nil {
        record.rooms[index].heating.append(
          Fraction(change.rooms[index].heatingHours / record.grid.stepHours))
      }
    }
  }
}
