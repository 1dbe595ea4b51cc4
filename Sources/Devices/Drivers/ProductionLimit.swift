// SPDX-License-Identifier: MIT
import Foundation
import Household
import TimeSeries

/// How much an inverter that knows no meter may produce so that what is wanted of the plant comes true.
enum ProductionLimit {
  /// A reading that is older says nothing about the next seconds.
  private static let readingAge = Duration.seconds(60)

  /// The most it may produce now, W; `nil` without a limit.
  ///
  /// A limit of the export becomes what house and battery take at this moment, so it has to be renewed.
  ///
  /// - Throws: ``DeviceError/timeout(device:waitedFor:)`` while nobody measures grid and PV.
  static func watts(
    for action: Command.Action, _ context: DriverContext
  ) throws(DeviceError) -> Watts? {
    switch action {
    case .limitPV(let limit): return limit
    case .limitExport(let limit): return try taken(context) + limit
    case .heat, .battery, .charge, .run:
      throw .refused(device: context.settings.name, "it has no \(action.target)")
    }
  }

  /// What house and battery take, or would if PV gave it: `grid + pv + battery = load`, and a battery that
  /// is not full stores the rest.
  private static func taken(_ context: DriverContext) throws(DeviceError) -> Watts {
    let time = context.now()
    let snapshot = context.board.snapshot(at: time)
    func fresh<Value>(_ reading: Reading<Value>?) -> Value? {
      reading.flatMap { $0.isFresh(at: time, maximumAge: readingAge) ? $0.value : nil }
    }
    guard let grid = fresh(snapshot.gridPower), let pv = fresh(snapshot.pvPower) else {
      throw .timeout(
        device: context.settings.name,
        waitedFor: "readings of grid and PV, which an export limit needs")
    }
    let battery = fresh(snapshot.batteryPower) ?? .zero
    var taken = grid + pv + max(.zero, battery)
    if let settings = context.home.battery, let charge = fresh(snapshot.batteryStateOfCharge),
      charge < settings.stateOfChargeBand.upperBound
    {
      taken += max(.zero, settings.maximumCharge - max(.zero, -battery))
    }
    return max(.zero, taken)
  }
}
