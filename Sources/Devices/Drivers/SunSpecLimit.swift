// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import TimeSeries

/// An inverter that speaks SunSpec: its production is limited by the immediate controls.
///
/// Source: SunSpec Alliance, Information Model Reference, model 123 (WMaxLimPct, WMaxLim_Ena).
public actor SunSpecLimit: DeviceDriver {
  /// Its description.
  public static let blueprint = DeviceBlueprint(
    name: "sunspec_limit", title: "PV inverter over Modbus TCP by SunSpec", transport: .modbus,
    capabilities: [.pvLimit],
    options: ModbusOptions.all + [
      .init(
        "lease_seconds", .number(20...3_600, unit: "s", default: 120),
        "How long the inverter obeys without being told again.")
    ],
    remarks: [
      "Any inverter with model 123: Fronius, SMA, SolarEdge, Kostal and others; its place is searched.",
      "A limit of the export becomes what house and battery take at the moment, so grid and PV have to "
        + "be measured by other devices.",
      "An inverter that does not take the time after which it falls back keeps its limit without pems.",
    ],
    withoutPems: "The limit ends by the inverter's own timer, where it has one.")

  /// The PV plant.
  public nonisolated let targets: [CommandTarget] = [.pv]
  /// How long the inverter obeys.
  public nonisolated let lease: Duration?
  private let context: DriverContext
  private let connection: ModbusConnection
  private let rated: Watts
  private var controls: Controls?

  /// Where the controls are, and how their per cents are counted.
  private struct Controls {
    let address: Int
    /// The power of ten of the limit.
    let scale: Int
  }

  /// Places inside model 123, counted from its number.
  private enum Place {
    static let limit = 5
    static let timer = 7
    static let isEnabled = 9
    static let scale = 23
  }

  /// A driver of a configured inverter.
  public init(_ context: DriverContext) throws(DeviceError) {
    self.context = context
    connection = ModbusOptions.connection(context.settings)
    lease = .seconds(context.settings.number("lease_seconds") ?? 120)
    guard let inverter = context.home.inverter else {
      throw .configuration(
        device: context.settings.name, "limits an inverter; add the section 'pv'")
    }
    rated = inverter.ratedPower
  }

  /// Not every inverter has the timer.
  public nonisolated func fallsBack(_ target: CommandTarget) -> Bool { false }

  /// Nothing is read before it is needed.
  public func start() {}

  /// Ends the connection.
  public func stop() async { await connection.close() }

  private static let begin: [UInt16] = [0x5375, 0x6E53]  // "SunS"
  private static let end: UInt16 = 0xFFFF

  /// Walks through the models: each is its number, its length, and so many registers.
  private func find() async throws(DeviceError) -> Controls {
    if let controls { return controls }
    for base in [40_000, 0, 50_000] {
      guard let mark = try? await connection.read(.holding, at: base, count: 2), mark == Self.begin
      else { continue }
      var address = base + 2
      while true {
        let head = try await connection.read(.holding, at: address, count: 2)
        guard head[0] != Self.end else { break }
        if head[0] == 123 {
          let found = try await controls(at: address)
          controls = found
          return found
        }
        address += 2 + Int(head[1])
      }
    }
    throw .refused(device: context.settings.name, "it has no SunSpec model 123")
  }

  private func controls(at address: Int) async throws(DeviceError) -> Controls {
    let scale = try await connection.read(.holding, at: address + Place.scale, count: 1)[0]
    let seconds = UInt16((lease?.seconds ?? 120).rounded())
    do { try await connection.write([seconds], at: address + Place.timer) } catch .refused {
      // It has no timer: the limit stays until it is lifted.
    }
    return Controls(address: address, scale: Int(Int16(bitPattern: scale)))
  }

  /// Sets the limit and reads it back.
  public func carryOut(_ action: Command.Action, until end: Date) async throws(DeviceError) {
    let watts = try ProductionLimit.watts(for: action, context)
    try await set(watts.map { min(1, max(0, $0 / rated)) })
  }

  /// - Parameter share: of the rated power; `nil` lifts the limit.
  private func set(_ share: Double?) async throws(DeviceError) {
    let controls = try await find()
    let count = ((share ?? 1) * 100 * pow(10, Double(-controls.scale)) + 1e-6).rounded(.down)
    let (limit, isEnabled): (UInt16, UInt16) = (UInt16(count), share == nil ? 0 : 1)
    let place = controls.address
    try await connection.write([limit], at: place + Place.limit)
    // Written anew each time: it starts the inverter's timer again.
    try await connection.write([isEnabled], at: place + Place.isEnabled)
    let shown = try await connection.read(.holding, at: place + Place.limit, count: 5)
    guard shown[0] == limit, shown[Place.isEnabled - Place.limit] == isEnabled else {
      throw .mismatch(
        device: context.settings.name, wanted: share.map { "\($0 * 100) %" } ?? "no limit",
        shown: "\(shown[0]) (enabled: \(shown[Place.isEnabled - Place.limit]))")
    }
  }

  /// Lifts the limit.
  public func handBack() async throws(DeviceError) { try await set(nil) }
}
