// SPDX-License-Identifier: MIT
import Control
import Foundation
import History
import Household
import Planning
import Reports
import Simulation
import TimeSeries

extension SimulationRequest {
  /// Plays a real home back: its bill without a battery, with the battery by rules, and by pems.
  func playBack(store path: String) throws -> Int32 {
    let recording = try readRecording(path)
    let bare = Home(
      site: home.site, tariff: home.tariff, grid: home.grid, pvArrays: home.pvArrays,
      inverter: home.inverter, battery: nil, rooms: [], chargePoints: [], vehicles: [],
      preferences: home.preferences, safety: home.safety)
    let withBattery = Home(
      site: home.site, tariff: home.tariff, grid: home.grid, pvArrays: home.pvArrays,
      inverter: home.inverter, battery: home.battery, rooms: [], chargePoints: [], vehicles: [],
      preferences: home.preferences, safety: home.safety)
    let controllers = [
      Controller(name: "no battery", strategy: .rules, home: bare),
      Controller(name: "rules", strategy: .rules, home: withBattery),
      Controller(name: "pems", strategy: .planned(.quick), home: withBattery),
    ]
    let outlook = RecordedOutlook(recording: recording, calendar: home.site.calendar)
    let records = try runAll(controllers) { controller in
      let twin: RecordedHome
      do {
        twin = try RecordedHome(home: controller.home, recording: recording, period: period)
      } catch {
        throw CommandFailure.failed("\(path): \(error)")
      }
      return try record(controller, twin: twin, outlook: outlook)
    }
    return try show(records, title: "\(home.site.name), played back from \(path)")
  }

  /// Load, PV and prices from eight weeks before the period to its end, hour by hour or finer.
  private func readRecording(_ path: String) throws -> RecordedHome.Recording {
    do {
      let history = try SQLiteHistory(file: path, access: .reading)
      let grid = TimeGrid(
        covering: period.lowerBound.addingTimeInterval(-56 * 86_400)..<period.upperBound,
        stepSeconds: Self.cycleSeconds)
      func series<Value: Quantity>(_ signal: SignalName) throws -> Series<Value>? {
        let samples = try history.samples(
          of: signal, in: grid.start.addingTimeInterval(-3_600)..<grid.end)
        guard !samples.isEmpty else { return nil }
        // Series are stamped with the start of their step and hold until the next one.
        let values = Resampling.hold(maximumAge: 3_600).apply(samples, to: grid)
        return Series(grid: grid, values: values.map { $0.map { Value(rawValue: $0) } })
      }
      let priceSignal = SignalName.spotPrice(currency: home.site.currency)
      guard let load: Series<Watts> = try series(.loadPower) else {
        throw missing(.loadPower, in: path)
      }
      guard let prices: Series<PricePerKilowattHour> = try series(priceSignal) else {
        throw missing(priceSignal, in: path)
      }
      return RecordedHome.Recording(
        load: load, pv: home.inverter == nil ? nil : try series(.pvPower), spotPrices: prices)
    } catch let error as HistoryError {
      throw CommandFailure.unreachable("\(error)")
    }
  }

  private func missing(_ signal: SignalName, in path: String) -> CommandFailure {
    .failed("\(path) has no \(signal) in the period and the weeks before; import it first")
  }
}
