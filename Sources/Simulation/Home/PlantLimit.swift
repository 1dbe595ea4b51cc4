// SPDX-License-Identifier: MIT
import Foundation
import Household
import TimeSeries

/// What an inverter was told about its production, until it falls back by itself.
struct PlantLimit: Sendable {
  private var pv: Watts?
  private var export: Watts?
  private var expiresAt = Date.distantPast

  /// Takes an order for the PV plant; others say nothing to it.
  mutating func take(_ action: Command.Action, until end: Date) {
    switch action {
    case .limitPV(let limit): (pv, export, expiresAt) = (limit, nil, end)
    case .limitExport(let limit): (pv, export, expiresAt) = (nil, limit, end)
    case .heat, .battery, .charge, .run: break
    }
  }

  /// The most PV may give at a time, W; `nil` without a limit.
  func pvWatts(at time: Date) -> Double? {
    time < expiresAt ? pv.map { max(0, $0.rawValue) } : nil
  }

  /// The most that may be fed in at a time, W; `nil` without a limit.
  func exportWatts(at time: Date) -> Double? {
    time < expiresAt ? export.map { max(0, $0.rawValue) } : nil
  }
}
