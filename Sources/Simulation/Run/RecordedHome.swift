// SPDX-License-Identifier: MIT
public import Forecasting
public import Foundation
public import Household
public import TimeSeries

/// A real home played back: load, PV and prices as they were measured, with the configured battery
/// simulated on top. Rooms and cars are part of the load.
public struct RecordedHome: HomeTwin, Sendable {
  /// What was measured, all on one grid that covers the run and at best the weeks before it.
  public struct Recording: Sendable, Hashable {
    /// Consumption.
    public let load: Series<Watts>
    /// Production; `nil` for a home without PV.
    public let pv: Series<Watts>?
    /// Day-ahead prices.
    public let spotPrices: Series<PricePerKilowattHour>

    /// A recording.
    public init(
      load: Series<Watts>, pv: Series<Watts>?, spotPrices: Series<PricePerKilowattHour>
    ) {
      self.load = load
      self.pv = pv
      self.spotPrices = spotPrices
    }

    /// The first step of a period in which something was not measured, and what.
    public func firstGap(in period: Range<Date>) -> (signal: String, at: Date)? {
      var signals: [(String, (Date) -> Bool)] = [
        (SignalName.loadPower.text, { load.value(at: $0) != nil }),
        ("the day-ahead price", { spotPrices.value(at: $0) != nil }),
      ]
      if let pv { signals.append((SignalName.pvPower.text, { pv.value(at: $0) != nil })) }
      let grid = TimeGrid(covering: period, stepSeconds: RecordedHome.stepSeconds)
      for date in grid.dates {
        if let gap = signals.first(where: { !$0.1(date) }) { return (gap.0, date) }
      }
      return nil
    }
  }

  /// Within this time all flows are constant.
  static let stepSeconds = 300

  /// The twin's present.
  public private(set) var time: Date
  /// What has happened since the start.
  public private(set) var ledger: EnergyLedger
  private let home: Home
  private let recording: Recording
  private let inverter: HybridInverter
  private var battery: SimulatedBattery?
  private var plantLimit = PlantLimit()
  private var flows = PowerFlows()

  /// A home at the start of a period.
  ///
  /// - Throws: ``HouseRunError/notMeasured(signal:at:)`` when the period has a gap.
  public init(home: Home, recording: Recording, period: Range<Date>) throws(HouseRunError) {
    if let gap = recording.firstGap(in: period) {
      throw .notMeasured(signal: gap.signal, at: gap.at)
    }
    self.home = home
    self.recording = recording
    time = period.lowerBound
    ledger = EnergyLedger(roomNames: [])
    inverter = HybridInverter(home: home)
    battery = home.battery.map(SimulatedBattery.init)
  }

  /// There are no rooms in a recording.
  public var trueRoomTemperatures: [Celsius] { [] }
  /// The battery's charge.
  public var trueStateOfCharge: Fraction? { battery?.stateOfCharge }
  /// The weather is not part of the recording.
  public var outdoorTemperature: Celsius? { nil }

  /// The prices of a grid.
  public func truePrices(
    on grid: TimeGrid
  ) -> (import: Series<PricePerKilowattHour>, export: Series<PricePerKilowattHour>) {
    let spot = Series(grid: grid, values: grid.dates.map { recording.spotPrices.value(at: $0) })
    return home.tariff.prices(spot: spot, calendar: home.site.calendar)
  }

  /// Lets time pass in steps of five minutes.
  public mutating func advance(to end: Date) {
    while time.addingTimeInterval(Double(Self.stepSeconds)) <= end {
      passStep()
      time = time.addingTimeInterval(Double(Self.stepSeconds))
    }
  }

  private mutating func passStep() {
    let hours = Double(Self.stepSeconds) / 3_600
    let load = recording.load.value(at: time)?.rawValue ?? 0
    flows = inverter.flows(
      load: load, available: recording.pv?.value(at: time)?.rawValue ?? 0,
      limit: plantLimit.pvWatts(at: time), exportLimit: plantLimit.exportWatts(at: time),
      mode: battery?.mode(at: time) ?? .selfConsumption, stored: battery?.stored ?? 0,
      stepHours: hours)
    func energy(_ watts: Double) -> KilowattHours { KilowattHours(watts / 1_000 * hours) }
    ledger.imported += energy(flows.gridImport)
    ledger.exported += energy(flows.gridExport)
    ledger.pvUsed += energy(flows.pv)
    ledger.pvCurtailed += energy(flows.curtailed)
    ledger.baseLoad += energy(load)
    ledger.batteryCharged += energy(flows.charge)
    ledger.batteryDischarged += energy(flows.discharge)
    if let lost = battery?.pass(charge: flows.charge, discharge: flows.discharge, hours: hours) {
      ledger.batteryLosses += KilowattHours(lost)
    }
  }
}

extension RecordedHome: SnapshotReading {
  /// The readings of the step that begins now; the battery's power is that of the step before.
  public func snapshot(at time: Date) -> Snapshot {
    var snapshot = Snapshot(time: time)
    let load = recording.load.value(at: time) ?? .zero
    snapshot.baseLoadPower = Reading(load, at: time)
    snapshot.pvPower = recording.pv?.value(at: time).map { Reading($0, at: time) }
    snapshot.gridPower = Reading(Watts(flows.gridImport - flows.gridExport), at: time)
    if let battery {
      snapshot.batteryPower = Reading(Watts(flows.discharge - flows.charge), at: time)
      snapshot.batteryStateOfCharge = Reading(battery.stateOfCharge, at: time)
    }
    return snapshot
  }
}

extension RecordedHome: CommandApplying {
  /// Takes commands for battery and PV; everything else is part of the past.
  public mutating func apply(_ commands: [Command], at time: Date) -> [CommandOutcome] {
    commands.map { command in
      if case .pv = command.action.target, recording.pv != nil {
        plantLimit.take(command.action, until: command.expiresAt)
        return .accepted
      }
      guard case .battery(let name, let mode) = command.action, battery?.battery.name == name
      else { return .refused("only battery and PV of a recorded home can be controlled") }
      battery?.take(mode, until: command.expiresAt)
      return .accepted
    }
  }
}

/// The outlook of a recorded home: published prices, and the past of load and PV.
public struct RecordedOutlook: Outlook {
  private let recording: RecordedHome.Recording
  private let calendar: SiteCalendar
  /// Day-ahead prices of the next day come out at this minute of the local day.
  private static let publicationMinute = 12 * 60 + 45

  /// The outlook of a recording.
  public init(recording: RecordedHome.Recording, calendar: SiteCalendar) {
    self.recording = recording
    self.calendar = calendar
  }

  /// What was known at an instant.
  public func known(at time: Date, on grid: TimeGrid, snapshot: Snapshot) -> ForecastInputs {
    let isOut = calendar.wallTime(at: time).minuteOfDay >= Self.publicationMinute
    let known = calendar.day(holding: time, offset: isOut ? 1 : 0).upperBound
    let published = grid.dates.map { $0 < known ? recording.spotPrices.value(at: $0) : nil }
    return ForecastInputs(
      issuedAt: time, grid: grid, weather: nil, outdoorTemperature: nil,
      publishedSpotPrice: Series(grid: grid, values: published),
      pastSpotPrice: recording.spotPrices.slice(
        time.addingTimeInterval(-14 * 86_400)..<grid.start),
      baseLoadHistory: recording.load.slice(
        time.addingTimeInterval(-LoadClimatology.window.seconds)..<time),
      pvHistory: recording.pv?.slice(
        time.addingTimeInterval(-PVClimatology.window.seconds)..<time),
      vehicles: [:])
  }
}
