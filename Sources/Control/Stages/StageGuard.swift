// SPDX-License-Identifier: MIT
public import Foundation
public import Household
import TimeSeries

/// Takes trust away by itself: a target that pems commands in vain, or whose room leaves the safety
/// limits while pems commands it, is commanded no more until a person looks. Pure; counts seconds of
/// a clock that never jumps.
public struct StageGuard: Sendable, Hashable {
  /// Trust that was taken away.
  public struct Demotion: Sendable, Hashable, Codable {
    /// Of what.
    public let target: CommandTarget
    /// Why.
    public let reason: String
    /// When.
    public let since: Date

    /// Trust taken away at a time.
    public init(target: CommandTarget, reason: String, since: Date) {
      self.target = target
      self.reason = reason
      self.since = since
    }
  }

  /// A device may be silent this long, seconds: a broker's or a stick's restart is shorter.
  static let longestSilence = 3_600.0
  /// A room may be outside the limits this long, seconds: floors are slow.
  static let longestExcess = 2 * 3_600.0

  private var silence: [CommandTarget: Double] = [:]
  private var excess: [CommandTarget: Double] = [:]
  /// What is not commanded any more, by target.
  public private(set) var demotions: [CommandTarget: Demotion]

  /// A guard with the demotions of before.
  public init(demotions: [Demotion] = []) {
    self.demotions = Dictionary(
      demotions.map { ($0.target, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Looks at one pass of the safety loop.
  ///
  /// - Parameters:
  ///   - seconds: since the pass before, by a clock that never jumps.
  ///   - commanded: targets that pems commands now.
  ///   - degraded: those of them that do not confirm, or do not do what they confirmed.
  /// - Returns: what is taken away by this pass.
  public mutating func watch(
    seconds: Double, snapshot: Snapshot, commanded: [Command], degraded: Set<CommandTarget>,
    home: Home
  ) -> [Demotion] {
    var new: [Demotion] = []
    for command in commanded where demotions[command.action.target] == nil {
      let target = command.action.target
      silence[target] = degraded.contains(target) ? (silence[target] ?? 0) + seconds : 0
      excess[target] =
        isOutside(command.action, snapshot, home) ? (excess[target] ?? 0) + seconds : 0
      let reason: String? =
        if silence[target] ?? 0 >= Self.longestSilence {
          "it has not done what it was told for \(Int(Self.longestSilence / 60)) minutes"
        } else if excess[target] ?? 0 >= Self.longestExcess {
          "its room was outside the safety limits for \(Int(Self.longestExcess / 60)) minutes"
        } else {
          nil
        }
      guard let reason else { continue }
      let demotion = Demotion(target: target, reason: reason, since: snapshot.time)
      demotions[target] = demotion
      new.append(demotion)
    }
    return new
  }

  /// Half a kelvin beyond a limit although pems commands the opposite.
  private func isOutside(_ action: Command.Action, _ snapshot: Snapshot, _ home: Home) -> Bool {
    guard case .heat(let room, let isOn) = action,
      let reading = snapshot.roomTemperatures[room],
      reading.isFresh(at: snapshot.time, maximumAge: home.safety.maximumReadingAge)
    else { return false }
    return isOn
      ? reading.value < home.safety.minimumRoomTemperature - Kelvins(0.5)
      : reading.value > home.safety.maximumRoomTemperature + Kelvins(0.5)
        && snapshot.relays[room]?.value.isOn == true
  }
}
