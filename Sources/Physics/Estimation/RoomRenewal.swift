// SPDX-License-Identifier: MIT
import Foundation
public import Household
import TimeSeries

/// The weekly question whether rooms that were identified anew replace those in use, or whether those
/// in use were a mistake.
///
/// The challenger was learned from all but the last week. All sides then forecast that week from
/// the same filter, and the challenger has to win by ``ModelChallenge``. What was in use before the
/// present models takes part too: when it wins, the house goes back to it. Only rooms that passed
/// the tests of acceptance take part; the others stay as they are.
public struct RoomRenewal: Sendable, Hashable {
  /// What is to be done.
  public enum Verdict: Sendable, Hashable {
    /// The present models stay.
    case keep
    /// The new models are to be used.
    case adopt(RoomModels)
    /// What was in use before is better after all.
    case goBack(FormerRooms)
  }

  /// How many days at the end are held back for the judgement.
  public static let judgedDays = 7.0
  /// Days of measurements below which nobody asks: two weeks to learn, one to judge.
  public static let fewestDays = 21.0

  /// What is to be done.
  public let verdict: Verdict
  /// Why, for the journal.
  public let reason: String
  /// The figures of the judgement that decided; `nil` when it did not come to one.
  public let challenge: ModelChallenge?
  /// What the present models, or those that it went back to, are called in the next judgement.
  public let former: FormerRooms?

  /// The new models, when they are to be used.
  public var adopted: RoomModels? {
    if case .adopt(let models) = verdict { models } else { nil }
  }

  /// A decision without a judgement.
  public init(keepingBecause reason: String) {
    self.init(.keep, reason: reason, challenge: nil, former: nil)
  }

  private init(
    _ verdict: Verdict, reason: String, challenge: ModelChallenge?, former: FormerRooms?
  ) {
    self.verdict = verdict
    self.reason = reason
    self.challenge = challenge
    self.former = former
  }

  /// Judges models that were identified without the record's last week.
  ///
  /// - Parameters:
  ///   - house: learned from what lies before position `judgedFrom` of the record.
  ///   - record: heat in watts, sun on the level and perhaps on planes of windows, the rooms of the
  ///     home in their order.
  ///   - home: the rooms as configured.
  ///   - champion: the models in use; `nil` while the configuration counts.
  ///   - former: what was in use before them, if they replaced something.
  public init(
    _ house: IdentifiedHouse, record: HouseRecord, judgedFrom first: Int, home: [Room],
    champion: RoomModels?, former: FormerRooms? = nil
  ) {
    let judge = Judge(home: home, record: record, first: first)
    do {
      let back = try former.flatMap { former throws(RoomModelsError) in
        try judge.challenge(former.models, against: champion)
      }
      let goesBack = back?.isWon == true
      let inUse = goesBack ? former?.models : champion
      let models = try? house.models(learnedUntil: record.grid.date(at: first))
      if let models, let challenge = try judge.challenge(models, against: inUse), challenge.isWon {
        self.init(
          .adopt(models), reason: Self.reason(challenge, models: models, champion: inUse),
          challenge: challenge, former: FormerRooms(models: inUse))
        return
      }
      if let former, let back, goesBack {
        self.init(
          .goBack(former), reason: Self.reason(goingBack: back), challenge: back, former: nil)
        return
      }
      try self.init(keeping: house, judge, champion: champion)
    } catch {
      self.init(keepingBecause: "\(error)")
    }
  }

  private init(
    keeping house: IdentifiedHouse, _ judge: Judge, champion: RoomModels?
  ) throws(RoomModelsError) {
    let models = try house.models(learnedUntil: judge.record.grid.date(at: judge.first))
    guard let challenge = try judge.challenge(models, against: champion) else {
      self.init(keepingBecause: "the last week has no readings to judge by")
      return
    }
    self.init(
      .keep, reason: Self.reason(challenge, models: models, champion: champion),
      challenge: challenge, former: nil)
  }

  private static func reason(
    _ challenge: ModelChallenge, models: RoomModels, champion: RoomModels?
  ) -> String {
    func kelvins(_ value: Kelvins) -> String { String(format: "%.3f K", value.rawValue) }
    let before = champion == nil ? "the configured values" : "the models in use"
    let figures =
      "24-h error of the last week \(kelvins(challenge.challenger)) with \(models.rooms.count) "
      + "identified rooms, \(kelvins(challenge.champion)) with \(before)"
    let sure = String(format: "better in %.0f %% of resampled weeks", challenge.confidence.percent)
    return challenge.isWon
      ? "\(figures), \(sure): the new models are in use"
      : "\(figures), \(sure), which is not enough: \(before) stay"
  }

  private static func reason(goingBack challenge: ModelChallenge) -> String {
    String(
      format: "24-h error of the last week %.3f K with the models in use, %.3f K with those before "
        + "them, which are better in %.0f %% of resampled weeks: back to those",
      challenge.champion.rawValue, challenge.challenger.rawValue, challenge.confidence.percent)
  }
}

/// Forecasts the last week of a record with one description of the rooms after another.
private struct Judge {
  let home: [Room]
  let record: HouseRecord
  let first: Int

  /// The judgement between two descriptions; `nil` where there is nothing to judge by.
  func challenge(
    _ challenger: RoomModels?, against champion: RoomModels?
  ) throws(RoomModelsError) -> ModelChallenge? {
    guard let old = try evaluation(champion), let new = try evaluation(challenger) else {
      return nil
    }
    return ModelChallenge(
      champion: old, challenger: new, stepsPerDay: 86_400 / record.grid.stepSeconds)
  }

  private func evaluation(_ models: RoomModels?) throws(RoomModelsError) -> RoomEvaluation? {
    let network = try ThermalNetwork(rooms: home, models: models)
    do {
      return try HouseTracker(
        network, noises: home.map { models?.noises?[$0.name] },
        stepSeconds: record.grid.stepSeconds
      ).evaluation(
        of: record.arranged(for: ThermalNetwork.facades(of: home, models: models)), from: first)
    } catch {
      throw .impossible(error)
    }
  }
}
