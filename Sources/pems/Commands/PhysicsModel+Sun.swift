// SPDX-License-Identifier: MIT
import Foundation
import Household
import Physics
import TimeSeries

extension PhysicsModel {
  /// Where the sun stands.
  static let positionModels: [PhysicsModel] = [
    PhysicsModel(
      "solarposition", ["unix_s", "lat", "lon", "alt_m", "pressure_pa", "temp_c", "delta_t"],
      [
        "apparent_zenith", "zenith", "apparent_elevation", "elevation", "azimuth",
        "equation_of_time_min",
      ]
    ) { row in
      let position = SolarPosition(
        at: Date(timeIntervalSince1970: row["unix_s"]), location: row.location,
        air: RefractingAir(
          pressureHectopascals: row["pressure_pa"] / 100, temperatureCelsius: row["temp_c"]),
        deltaT: .seconds(row["delta_t"]))
      return [
        position.apparentZenith.rawValue, position.zenith.rawValue,
        position.apparentElevation.rawValue, position.elevation.rawValue,
        position.azimuth.rawValue, position.equationOfTime.seconds / 60,
      ]
    },
    PhysicsModel(
      "sunrise_sunset", ["unix_s", "lat", "lon", "delta_t"],
      ["sunrise_unix", "transit_unix", "sunset_unix"]
    ) { row in
      let day = SolarDay(
        holding: Date(timeIntervalSince1970: row["unix_s"]), location: row.location,
        deltaT: .seconds(row["delta_t"]))
      return [
        day.sunrise?.timeIntervalSince1970 ?? .nan, day.transit.timeIntervalSince1970,
        day.sunset?.timeIntervalSince1970 ?? .nan,
      ]
    },
  ]

  /// What comes through the air.
  static let atmosphereModels: [PhysicsModel] = [
    PhysicsModel(
      "extraterrestrial", ["unix_s", "dayofyear"],
      ["dni_extra_spencer", "dni_extra_asce", "dni_extra_nrel"]
    ) { row in
      let sun = GeocentricSun(
        unixSeconds: row["unix_s"], deltaTSeconds: DeltaT.referenceSeconds)
      return [
        ExtraterrestrialIrradiance.spencer(dayOfYear: row["dayofyear"]),
        ExtraterrestrialIrradiance.asce(dayOfYear: row["dayofyear"]),
        ExtraterrestrialIrradiance.atDistance(astronomicalUnits: sun.distanceAstronomicalUnits),
      ]
    },
    PhysicsModel(
      "airmass", ["apparent_zenith", "alt_m"],
      [
        "pressure_pa", "am_rel_kastenyoung1989", "am_rel_kasten1966", "am_rel_simple",
        "am_rel_pickering2002", "am_abs_kastenyoung1989",
      ]
    ) { row in
      let zenith = row["apparent_zenith"]
      let pressure = AtmosphericPressure.pascals(altitudeMetres: row["alt_m"])
      let relative = Airmass.kastenYoung1989(apparentZenithDegrees: zenith)
      return [
        pressure, relative, Airmass.kasten1966(apparentZenithDegrees: zenith),
        Airmass.secant(apparentZenithDegrees: zenith),
        Airmass.pickering2002(apparentZenithDegrees: zenith),
        Airmass.absolute(relative: relative, pressurePascals: pressure),
      ]
    },
    PhysicsModel(
      "clearsky",
      ["apparent_zenith", "airmass_absolute", "linke_turbidity", "alt_m", "dni_extra"],
      [
        "ineichen_ghi", "ineichen_dni", "ineichen_dhi", "ineichen_enh_ghi", "ineichen_enh_dni",
        "ineichen_enh_dhi", "haurwitz_ghi",
      ]
    ) { row in
      let cosZenith = cos(row["apparent_zenith"] * .pi / 180)
      let skies = [false, true].map { isEnhanced in
        ClearSky.ineichen(
          cosZenith: cosZenith, absoluteAirmass: row["airmass_absolute"],
          linkeTurbidity: row["linke_turbidity"], altitudeMetres: row["alt_m"],
          extraterrestrial: row["dni_extra"], isEnhanced: isEnhanced)
      }
      return skies.flatMap { [$0.globalHorizontal, $0.beamNormal, $0.diffuseHorizontal] }
        + [ClearSky.haurwitz(cosZenith: cosZenith)]
    },
  ]

  /// What reaches a plane.
  static let irradianceModels: [PhysicsModel] = [decomposition, dirint, transposition]

  private static let decomposition: PhysicsModel = {
    let names = ["erbs", "boland", "orgill_hollands", "erbs_driesse"]
    let outputs = names.flatMap { ["\($0)_dni", "\($0)_dhi", "\($0)_kt"] }
    return PhysicsModel(
      "decomposition", ["ghi", "zenith", "dayofyear", "pressure_pa"],
      outputs + ["disc_dni", "disc_kt", "disc_airmass"]
    ) { row in
      let models: [Decomposition.Model] = [.erbs, .boland, .orgillHollands, .erbsDriesse]
      let parts = models.map {
        Decomposition.parts(
          $0, globalHorizontal: row["ghi"], cosZenith: cos(row["zenith"] * .pi / 180),
          extraterrestrial: ExtraterrestrialIrradiance.spencer(dayOfYear: row["dayofyear"]))
      }
      let disc = Disc.beam(
        globalHorizontal: row["ghi"], zenithDegrees: row["zenith"], dayOfYear: row["dayofyear"],
        pressurePascals: row["pressure_pa"])
      return parts.flatMap { [$0.beamNormal, $0.diffuseHorizontal, $0.clearnessIndex] }
        + [disc.beamNormal, disc.clearnessIndex, disc.airmass]
    }
  }()

  private static let dirint = PhysicsModel(
    series: "dirint_series",
    ["series_id", "ghi", "zenith", "dayofyear", "pressure_pa", "temp_dew"]
  ) { rows in
    var columns = Array(repeating: Array(repeating: Double.nan, count: rows.count), count: 4)
    for group in rows.groups(by: ["series_id"]) {
      let pressure = rows["pressure_pa"][group[0]]
      let dry = group.map { index in
        Dirint.Step(
          globalHorizontal: rows["ghi"][index], zenithDegrees: rows["zenith"][index],
          dayOfYear: rows["dayofyear"][index])
      }
      var wet = dry
      for (place, index) in group.enumerated() {
        wet[place].dewPointCelsius = rows["temp_dew"][index]
      }
      let plain = Dirint.beamNormal(dry, pressurePascals: pressure)
      let alone = Dirint.beamNormal(dry, pressurePascals: pressure, usesNeighbours: false)
      let humid = Dirint.beamNormal(wet, pressurePascals: pressure)
      for (place, index) in group.enumerated() {
        let disc = Disc.beam(
          globalHorizontal: dry[place].globalHorizontal, zenithDegrees: dry[place].zenithDegrees,
          dayOfYear: dry[place].dayOfYear, pressurePascals: pressure)
        columns[0][index] = plain[place]
        columns[1][index] = alone[place]
        columns[2][index] = humid[place]
        columns[3][index] = ClearnessIndex.ktPrime(
          kt: disc.clearnessIndex, airmass: disc.airmass)
      }
    }
    let names = ["dirint_dni", "dirint_dni_no_delta", "dirint_dni_dew", "kt_prime"]
    return Array(zip(names, columns))
  }

  private static let transposition = PhysicsModel(
    "transposition",
    [
      "tilt", "surface_azimuth", "solar_zenith", "solar_azimuth", "ghi", "dni", "dhi",
      "dni_extra", "airmass_rel", "albedo",
    ],
    [
      "aoi", "poa_direct", "poa_ground", "sky_isotropic", "sky_haydavies", "hd_isotropic",
      "hd_circumsolar", "sky_perez", "perez_isotropic", "perez_circumsolar", "perez_horizon",
      "sky_perez_driesse", "sky_reindl", "sky_klucher", "poa_global_isotropic",
      "poa_global_haydavies", "poa_global_perez",
    ]
  ) { row in
    let plane = Plane(tiltDegrees: row["tilt"], azimuthDegrees: row["surface_azimuth"])
    let sky = Transposition.Sky(
      globalHorizontal: row["ghi"], beamNormal: row["dni"], diffuseHorizontal: row["dhi"],
      extraterrestrial: row["dni_extra"], airmass: row["airmass_rel"],
      sun: SkyDirection(
        zenithDegrees: row["solar_zenith"], azimuthDegrees: row["solar_azimuth"]),
      zenithDegrees: row["solar_zenith"])
    let beam = Transposition.beam(plane, sky)
    let ground = Transposition.ground(
      plane, globalHorizontal: row["ghi"], albedo: row["albedo"])
    let isotropic = Transposition.diffuse(.isotropic, plane, sky).total
    let hayDavies = Transposition.diffuse(.hayDavies, plane, sky)
    let perez = Transposition.diffuse(.perez, plane, sky)
    return [
      plane.incidenceDegrees(sky.sun), beam, ground, isotropic, hayDavies.total,
      hayDavies.isotropic, hayDavies.circumsolar, perez.total, perez.isotropic,
      perez.circumsolar, perez.horizon,
      Transposition.diffuse(.perezDriesse, plane, sky).total,
      Transposition.diffuse(.reindl, plane, sky).total,
      Transposition.diffuse(.klucher, plane, sky).total, beam + isotropic + ground,
      beam + hayDavies.total + ground, beam + perez.total + ground,
    ]
  }
}
