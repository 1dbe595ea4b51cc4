// SPDX-License-Identifier: MIT
public import Foundation
public import Household
public import TimeSeries

/// A wish of a person as it is remembered: how warm the room was, and what its band said.
public struct WishRecord: Sendable, Hashable, Codable {
  /// When.
  public let time: Date
  /// The room.
  public let room: String
  /// Warmer (on) or colder (off).
  public let wantsHeat: Bool
  /// The room then.
  public let celsius: Double
  /// The lower end of its band then.
  public let lowerCelsius: Double
  /// The upper end of its band then.
  public let upperCelsius: Double

  /// A wish for a room.
  ///
  /// - Returns: `nil` where it is no wish for heat or the room's temperature is not known.
  public init?(_ override: Override, snapshot: Snapshot, home: Home) {
    guard case .action(.heat(let name, let isOn)) = override.wish,
      let room = home.rooms.first(where: { $0.name == name }),
      let reading = snapshot.roomTemperatures[name],
      reading.isFresh(at: snapshot.time, maximumAge: home.safety.maximumReadingAge)
    else { return nil }
    let band = room.comfort.band(at: home.site.calendar.wallTime(at: snapshot.time))
    time = snapshot.time
    self.room = name
    wantsHeat = isOn
    celsius = reading.value.rawValue
    lowerCelsius = band.lower.rawValue
    upperCelsius = band.upper.rawValue
  }

  init(
    time: Date, room: String, wantsHeat: Bool, celsius: Double, lowerCelsius: Double,
    upperCelsius: Double
  ) {
    self.time = time
    self.room = room
    self.wantsHeat = wantsHeat
    self.celsius = celsius
    self.lowerCelsius = lowerCelsius
    self.upperCelsius = upperCelsius
  }
}

/// A change of a comfort band that repeated wishes speak for. It is told, and never applied.
public struct ComfortProposal: Sendable, Hashable, Codable {
  /// A part of the local day.
  public enum DayPart: String, Sendable, Hashable, Codable, CaseIterable {
    /// 0 to 6.
    case night
    /// 6 to 12.
    case morning
    /// 12 to 18.
    case afternoon
    /// 18 to 24.
    case evening
  }

  /// The room.
  public let room: String
  /// When in the day.
  public let part: DayPart
  /// The end of the band: lower when it was too cold, upper when it was too warm.
  public let isLower: Bool
  /// What the band says.
  public let present: Double
  /// What the wishes say.
  public let proposed: Double
  /// The days on which it was wished.
  public let days: Int

  /// Days on which the same was wished before it is proposed, within ``memoryDays``.
  static let neededDays = 3
  /// Wishes older than this are forgotten.
  static let memoryDays = 28.0
  /// Bands are proposed in steps of this, kelvins; a smaller change is none.
  static let step = 0.5

  /// What repeated wishes speak for.
  ///
  /// - Parameters:
  ///   - wishes: in any order.
  ///   - now: wishes of the four weeks before it count.
  public static func proposals(
    from wishes: [WishRecord], calendar: SiteCalendar, now: Date
  ) -> [ComfortProposal] {
    struct Key: Hashable {
      let room: String
      let part: DayPart
      let wantsHeat: Bool
    }
    let recent = wishes.filter {
      (0...memoryDays * 86_400).contains(now.timeIntervalSince($0.time))
    }
    let groups = Dictionary(grouping: recent) {
      Key(room: $0.room, part: part(of: $0.time, calendar), wantsHeat: $0.wantsHeat)
    }
    return groups.compactMap { key, wishes -> ComfortProposal? in
      let days = Set(wishes.map { calendar.day(holding: $0.time, offset: 0).lowerBound }).count
      guard days >= neededDays else { return nil }
      let present = median(wishes.map { key.wantsHeat ? $0.lowerCelsius : $0.upperCelsius })
      let felt = median(wishes.map(\.celsius))
      // Too cold at 20.3 °C: at least the next half degree above; too warm the other way.
      let proposed =
        key.wantsHeat
        ? (floor(felt / step) + 1) * step : (ceil(felt / step) - 1) * step
      guard key.wantsHeat ? proposed > present : proposed < present else { return nil }
      return ComfortProposal(
        room: key.room, part: key.part, isLower: key.wantsHeat, present: present,
        proposed: proposed, days: days)
    }.sorted { ($0.room, $0.part.rawValue) < ($1.room, $1.part.rawValue) }
  }

  private static func part(of time: Date, _ calendar: SiteCalendar) -> DayPart {
    DayPart.allCases[min(3, calendar.wallTime(at: time).minuteOfDay / 360)]
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 0 }
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2)
      ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }
}

extension ComfortProposal: CustomStringConvertible {
  /// One sentence for people.
  public var description: String {
    String(
      format: "%@ in the %@: %@ %.1f °C instead of %.1f °C, wished on %d days", room,
      part.rawValue, isLower ? "lower_c" : "upper_c", proposed, present, days)
  }
}
