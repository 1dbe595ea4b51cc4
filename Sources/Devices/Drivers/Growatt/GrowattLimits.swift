// SPDX-License-Identifier: MIT
import Household
import TimeSeries

/// The settings of a Growatt SPH that hold its production back: holding registers 122 (whether the
/// export is limited), 123 (to how many thousandths of the rated power) and 3 (active power rate).
///
/// Source: Growatt protocol II v1.24.
struct GrowattLimits: Sendable, Hashable {
  /// One setting to write.
  enum Write: Sendable, Hashable {
    /// Thousandths of the rated power that may be fed in; the limit is switched on with it.
    case export(thousandths: Int)
    /// Per cent of the rated power that may be given at all.
    case activeRate(percent: Int)
  }

  /// Whether register 123 counts.
  var limitsExport = false
  /// Thousandths of the rated power.
  var exportThousandths = 1_000
  /// Per cent; more than 100 is no limit.
  var activeRate = 100

  /// What may be fed in, whichever way it is said.
  private var allowedExport: Int { limitsExport ? min(1_000, exportThousandths) : 1_000 }
  private var allowedRate: Int { min(100, activeRate) }

  /// The most that is fed in.
  func export(of rated: Watts) -> Watts { rated * (Double(allowedExport) / 1_000) }

  /// What leads from these settings to others.
  func writes(to target: GrowattLimits) -> [Write] {
    var writes: [Write] = []
    if allowedExport != target.allowedExport {
      writes.append(.export(thousandths: target.allowedExport))
    }
    if allowedRate != target.allowedRate {
      writes.append(.activeRate(percent: target.allowedRate))
    }
    return writes
  }

  /// Whether these settings do the same as others.
  func doesTheSame(as other: GrowattLimits) -> Bool { writes(to: other).isEmpty }

  /// The settings for an action on the PV plant; `nil` for one on something else.
  ///
  /// - Parameter connection: the most that the connection lets in at any time.
  init?(_ action: Command.Action, rated: Watts, connection: Watts) {
    let usual = Self.thousandths(connection, of: rated)
    limitsExport = true
    switch action {
    case .limitPV(nil): (exportThousandths, activeRate) = (usual, 100)
    case .limitPV(let limit?):
      (exportThousandths, activeRate) = (usual, Self.thousandths(limit, of: rated) / 10)
    case .limitExport(let limit):
      (exportThousandths, activeRate) = (min(usual, Self.thousandths(limit, of: rated)), 100)
    case .heat, .battery, .charge, .run: return nil
    }
  }

  /// The settings as the inverter has them.
  init(limitsExport: Bool, exportThousandths: Int, activeRate: Int) {
    self.limitsExport = limitsExport
    self.exportThousandths = exportThousandths
    self.activeRate = activeRate
  }

  /// Rounded down: a limit must not become more.
  private static func thousandths(_ power: Watts, of rated: Watts) -> Int {
    guard rated > .zero else { return 1_000 }
    return Int((min(1, max(0, power / rated)) * 1_000 + 1e-6).rounded(.down))
  }
}
