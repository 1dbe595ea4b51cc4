// SPDX-License-Identifier: MIT
import Household
import TimeSeries

extension GrowattOperation {
  /// What the plant may give when nothing limits it.
  struct Plant: Sendable {
    let rated: Watts
    /// The most that the connection lets in.
    let connection: Watts
    /// Per cent of the rated power.
    let activeRate: Int

    func limits(for action: Command.Action) -> GrowattLimits? {
      guard var limits = GrowattLimits(action, rated: rated, connection: connection) else {
        return nil
      }
      limits.activeRate = min(limits.activeRate, activeRate)
      return limits
    }
  }

  /// Holds production back, or lets it go, and returns when the inverter shows it.
  func limit(_ action: Command.Action) async throws(DeviceError) {
    guard let target = plant?.limits(for: action) else {
      throw .refused(device: device, "it has no \(action.target)")
    }
    await begin()
    defer { finish() }
    let writes = try await link.limits().writes(to: target)
    try spend(writes.count, isWayBack: action == .limitPV(nil))
    confirmedLimits = nil
    for write in writes { try await link.write(write) }
    if !writes.isEmpty {
      let shown = try await link.limits()
      guard shown.doesTheSame(as: target) else {
        throw .mismatch(
          device: device, wanted: "\(action)", shown: "limits without \(shown.writes(to: target))")
      }
    }
    confirmedLimits = target
    exceeded = 0
  }

  /// Compares the limits with what was confirmed, and what is fed in with what may be.
  func watchLimits() async throws(DeviceError) -> DeviceEvent? {
    guard !isBusy, let confirmed = confirmedLimits, let plant else { return nil }
    await begin()
    defer { finish() }
    let shown = try await link.limits()
    guard shown.doesTheSame(as: confirmed) else {
      confirmedLimits = nil
      return shown.doesTheSame(as: plant.limits(for: .limitPV(nil)) ?? shown)
        ? .lost(.pv, reason: "the inverter forgot its export limit; was it restarted?")
        : .changedByHand(.pv, shown: "an export limit that pems did not set")
    }
    guard exceeded >= Self.patience else { return nil }
    exceeded = 0
    return .alert(
      device: device,
      "it confirmed that it exports at most \(confirmed.export(of: plant.rated)), the meter shows more; "
        + "has it a meter at the connection?")
  }

  /// Takes a measured exchange with the grid: an inverter without a meter confirms limits in vain.
  func note(grid: Watts?) {
    guard let grid, let confirmedLimits, let plant else { return }
    let margin = max(Self.meterMargin, plant.rated * Self.meterShare)
    exceeded = -grid > confirmedLimits.export(of: plant.rated) + margin ? exceeded + 1 : 0
  }

  /// Telegrams in a row above the limit until a person is told; inverters need some seconds to regulate.
  private static let patience = 6
  private static let meterMargin = Watts(300)
  private static let meterShare = 0.05

  /// Lets production go, as if pems had never been there.
  func liftLimits() async throws(DeviceError) {
    guard plant != nil else { return }
    try await limit(.limitPV(nil))
    confirmedLimits = nil
  }
}
