// SPDX-License-Identifier: MIT
import Foundation
import Household
import Physics
import TestSupport
import Testing
import TimeSeries

/// The formulas against the reference vectors; `pems physics` covers all of them, these the basis.
@Suite(
  "Sun against the reference vectors",
  .enabled(
    if: ReferenceMaterial.has("pvlib-vectors/dev"),
    Comment(rawValue: ReferenceMaterial.missing("pvlib-vectors/dev"))))
struct SunVectorTests {
  /// The columns of a vector file as numbers; an empty field is NaN.
  static func columns(_ name: String) throws -> [String: [Double]] {
    let text = try String(
      contentsOf: ReferenceMaterial.url("pvlib-vectors/dev/\(name).csv"), encoding: .utf8)
    let lines = text.split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let names = lines[0].map(String.init)
    return Dictionary(
      uniqueKeysWithValues: names.enumerated().map { place, name in
        (name, lines.dropFirst().map { Double($0[place]) ?? .nan })
      })
  }

  @Test("puts the sun within a millionth of a degree")
  func position() throws {
    let table = try Self.columns("solarposition")
    func value(_ name: String, _ row: Int) -> Double { table[name]?[row] ?? .nan }
    for row in 0..<(table["in_lat"]?.count ?? 0) {
      let position = SolarPosition(
        at: Date(timeIntervalSince1970: value("in_unix_s", row)),
        location: Location(
          latitude: Degrees(value("in_lat", row)), longitude: Degrees(value("in_lon", row)),
          altitude: Metres(value("in_alt_m", row))),
        air: RefractingAir(
          pressureHectopascals: value("in_pressure_pa", row) / 100,
          temperatureCelsius: value("in_temp_c", row)),
        deltaT: .seconds(value("in_delta_t", row)))
      #expect(abs(position.zenith.rawValue - value("out_zenith", row)) < 1e-6)
      #expect(abs(position.apparentZenith.rawValue - value("out_apparent_zenith", row)) < 1e-6)
      let turn = abs(position.azimuth.rawValue - value("out_azimuth", row))
      #expect(min(turn, 360 - turn) < 1e-6 / max(sin(position.zenith.radians), 1e-3))
    }
  }

  @Test("brings light onto a plane within 1e-7 W/m²", arguments: Transposition.Model.allCases)
  func transposition(model: Transposition.Model) throws {
    let names: [Transposition.Model: String] = [
      .isotropic: "isotropic", .hayDavies: "haydavies", .perez: "perez",
      .perezDriesse: "perez_driesse", .reindl: "reindl", .klucher: "klucher",
    ]
    let table = try Self.columns("transposition")
    let expected = try #require(table["out_sky_\(names[model] ?? "")"])
    func value(_ name: String, _ row: Int) -> Double { table["in_\(name)"]?[row] ?? .nan }
    for row in expected.indices where table["near_edge"]?[row] == 0 {
      let sky = Transposition.Sky(
        globalHorizontal: value("ghi", row), beamNormal: value("dni", row),
        diffuseHorizontal: value("dhi", row), extraterrestrial: value("dni_extra", row),
        airmass: value("airmass_rel", row),
        sun: SkyDirection(
          zenithDegrees: value("solar_zenith", row),
          azimuthDegrees: value("solar_azimuth", row)),
        zenithDegrees: value("solar_zenith", row))
      let plane = Plane(
        tiltDegrees: value("tilt", row), azimuthDegrees: value("surface_azimuth", row))
      let total = Transposition.diffuse(model, plane, sky).total
      #expect(total.isNaN == expected[row].isNaN)
      if !total.isNaN { #expect(abs(total - expected[row]) < 1e-7) }
    }
  }
}
