// SPDX-License-Identifier: MIT
import Foundation
public import Household
import TimeSeries

/// The weekly question whether rooms that were identified anew replace those in use.
///
/// The challenger was learned from all but the last week. Both sides then forecast that week from
/// the same filter, and the challenger has to win by ``ModelChallenge``. Only rooms that passed the
/// tests of acceptance take part; the others stay as they are.
public struct RoomRenewal: Sendable, Hashable {
  /// How many days at the end are held back for the judgement.
  public static let judgedDays = 7.0
  /// Days of measurements below which nobody asks: two weeks to learn, one to judge.
  public static let fewestDays = 21.0

  /// The new models, when they are to be used.
  public let adopted: RoomModels?
  /// Why, for the journal.
  public let reason: String
  /// The figures of the judgement; `nil` when it did not come to one.
  public let challenge: ModelChallenge?

  /// A decision without a judgement.
  public init(keepingBecause reason: String) {
    self.init(adopted: nil, reason: reason, challenge: nil)
  }

  private init(adopted: RoomModels?, reason: String, challenge: ModelChallenge?) {
    self.adopted = adopted
    self.reason = reason
    self.challenge = challenge
  }

  /// Judges models that were identified without the record's last week.
  ///
  /// - Parameters:
  ///   - house: learned from what lies before position `judgedFrom` of the record.
  ///   - record: heat in watts, sun on the level and perhaps on walls, the rooms of the home in their order.
  ///   - home: the rooms as configured.
  ///   - champion: the models in use; `nil` while the configuration counts.
  public init(
    _ house: IdentifiedHouse, record: HouseRecord, judgedFrom first: Int, home: [Room],
    champion: RoomModels?
  ) {
    do {
      let models = try house.models(learnedUntil: record.grid.date(at: first))
      let errors = try [champion, models].map { models throws(RoomModelsError) in
        try Self.evaluation(home, models, record, from: first)
      }
      guard let old = errors[0], let new = errors[1],
        let challenge = ModelChallenge(
          champion: old, challenger: new, stepsPerDay: 86_400 / record.grid.stepSeconds)
      else {
        self.init(keepingBecause: "the last week has no readings to judge by")
        return
      }
      self.init(
        adopted: challenge.isWon ? models : nil,
        reason: Self.reason(challenge, models: models, champion: champion), challenge: challenge)
    } catch {
      self.init(keepingBecause: "\(error)")
    }
  }

  private static func evaluation(
    _ home: [Room], _ models: RoomModels?, _ record: HouseRecord, from first: Int
  ) throws(RoomModelsError) -> RoomEvaluation? {
    let network = try ThermalNetwork(rooms: home, models: models)
    do {
      return try HouseTracker(
        network, noises: home.map { models?.noises?[$0.name] },
        stepSeconds: record.grid.stepSeconds
      ).evaluation(of: record, from: first)
    } catch {
      throw .impossible(error)
    }
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
}
