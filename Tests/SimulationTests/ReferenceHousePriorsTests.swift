// SPDX-License-Identifier: MIT
import Configuration
import Foundation
import Household
import TestSupport
import Testing
import TimeSeries

@Suite("Priors of the reference house")
struct ReferenceHousePriorsTests {
  /// What two months of one room came to.
  struct Winter {
    /// Power of the heater times its share of time on.
    let heat: Watts
    let mean: Celsius
    let aboveOutdoors: Kelvins
  }

  @Test(
    "the example's losses, walls and gains need the heat that was recorded, within a quarter",
    .enabled(
      if: ReferenceMaterial.has("data/loxone_house/rooms.csv"),
      Comment(rawValue: ReferenceMaterial.missing("data/loxone_house"))))
  func balance() throws {
    let home = try ReferenceHouse.home()
    let winter = try Self.winter()
    #expect(home.rooms.count == 17)
    for room in home.rooms {
      let recorded = try #require(winter[room.name])
      // The example counts with 30 W/m² of mean sun in December and January.
      var needed =
        room.thermal.heatLoss.rawValue * recorded.aboveOutdoors.rawValue
        - room.thermal.internalGain.rawValue - 30 * room.thermal.solarAperture.rawValue
      for other in home.rooms {
        let walls = room.thermal.adjacencies.filter { $0.room == other.name }
        // A wall is written at one room and holds for both.
        let back = other.thermal.adjacencies.filter { $0.room == room.name }
        let conductance = (walls.isEmpty ? back : walls).reduce(0) {
          $0 + $1.conductance.rawValue
        }
        let neighbour = try #require(winter[other.name])
        needed -= conductance * (neighbour.mean - recorded.mean).rawValue
      }
      let allowed = max(0.25 * recorded.heat.rawValue, 5)
      #expect(abs(needed - recorded.heat.rawValue) <= allowed, "\(room.name): \(needed) W")
    }
  }

  private static func winter() throws -> [String: Winter] {
    let url = ReferenceMaterial.url("data/loxone_house/rooms.csv")
    let lines = try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline)
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    let header = try #require(lines.first)
    var rooms: [String: Winter] = [:]
    for line in lines.dropFirst() {
      func number(_ column: String) throws -> Double {
        let position = try #require(header.firstIndex(of: column))
        return try #require(Double(line[position]))
      }
      rooms[line[0]] = Winter(
        heat: Watts(try number("power_kw") * 1_000 * number("heating_pct") / 100),
        mean: Celsius(try number("mean_c")),
        aboveOutdoors: Kelvins(try number("mean_minus_outdoor_k")))
    }
    return rooms
  }
}
